// A line on the control socket.
#include <stdexcept>

#include "embed/command.hpp"
#include "input.hpp"

using namespace holdfast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input{data, size};
  try {
    const auto command = read_command(Json::parse(input.rest()));
    if (command.verb == Command::Verb::status || command.verb == Command::Verb::crash) return 0;
    const auto& latch = command.latch;
    fuzz::require(!latch.who.empty() && latch.who.size() < LatchFile::kNameBytes, "the operator's name fits");
    fuzz::require(!latch.why.empty() && latch.why.size() < LatchFile::kWhyBytes, "the reason fits");
    fuzz::require(latch.target.size() < LatchFile::kNameBytes, "the target fits");
    fuzz::require(latch.target.empty() == (latch.scope == LatchScope::system), "only the system has no name");
    fuzz::require(to_string(latch.scope) != "unknown" && to_string(latch.level) != "unknown", "known values only");
    if (command.verb == Command::Verb::halt)
      fuzz::require(latch.level != LatchLevel::active, "a halt brakes");
  } catch (const Json::exception&) {
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
