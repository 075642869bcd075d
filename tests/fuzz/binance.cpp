// A capture; the first byte says behind which record the feed is interrupted.
#include "replay.hpp"

using namespace holdfast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const std::uint64_t pause = input.byte() % 16;
  const fuzz::MemoryFile file{input.rest()};
  fuzz::replay({{"format", "binance"}, {"instrument", "X"}, {"file", file.path()}}, pause);
  return 0;
}
