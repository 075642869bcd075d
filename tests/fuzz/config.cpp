// A configuration, then what --set says over it, apart by zero bytes.
#include <holdfast/config/load.hpp>

#include "input.hpp"

using namespace holdfast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  const std::string text{input.up_to('\0')};
  std::vector<std::string> overrides;
  while (!input.empty()) overrides.emplace_back(input.up_to('\0'));
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "EMPTY") return "";
    if (name == "FULL") return "${FULL} $$ a: [b, c]";
    return std::nullopt;
  };
  const auto loaded = load_plan_text(text, "fuzz.yaml", ".", overrides, environment);
  fuzz::require(loaded.plan.has_value() == loaded.problems.empty(), "either a plan or problems");
  const auto again = load_plan_text(text, "fuzz.yaml", ".", overrides, environment);
  fuzz::require(render(loaded, true) == render(again, true), "the same text has the same problems");
  if (loaded.plan) fuzz::require(loaded.plan->canonical == again.plan->canonical, "the same text is the same plan");
  for (const auto& problem : loaded.problems)
    fuzz::require(!problem.what.empty() && problem.where.line >= 0, "a problem says what is wrong");
  return 0;
}
