// Formats of rows and fields. A line of settings comes first: format, record behind which the feed
// is interrupted, and per format the book (LOBSTER), the scale of prices or the unit of time.
#include <array>

#include "replay.hpp"

using namespace holdfast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const std::uint8_t format = input.byte();
  const std::uint64_t pause = input.byte() % 16;
  const std::string option{input.up_to('\n')};
  fuzz::Settings settings{{"instrument", "X"}};
  const auto set = [&](const char* name, const std::string& value) { settings.emplace_back(name, value); };
  if (format == 'c') {
    constexpr std::array kUnits{"ns", "us", "ms", "s", "rfc3339"};
    set("format", "csv");
    set("time_unit", kUnits[option.size() % kUnits.size()]);
  } else {
    set("format", format == 'l' ? "lean" : "lobster");
    set("date", option.size() % 2 == 0 ? "2013-10-08" : "2261-12-31");
    set("utc_offset", option.size() % 3 == 0 ? "-4h" : "0h");
    set("price_scale", option.size() % 5 == 4 ? "1" : "10000");
  }
  const fuzz::MemoryFile book{option};
  if (format == 'o' && option.find(',') != std::string::npos) set("book", book.path());
  const fuzz::MemoryFile file{input.rest()};
  set("file", file.path());
  fuzz::replay(settings, pause);
  return 0;
}
