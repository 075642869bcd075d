// What is the same for plugins of every kind: how they are made, and what they owe their settings.
#include <holdfast/testkit/contract.hpp>
#include <stdexcept>

namespace holdfast::testkit {

PluginContext Subject::context(bool checking) const {
  auto known = std::make_shared<Instruments>();
  std::uint32_t id = 0;
  for (const auto& symbol : symbols)
    known->add({{++id}, 1, symbol, Price::from_raw(1'000'000), Quantity::from_raw(1'000), "USD", "24x7"});
  PluginContext context;
  context.actor = "test";
  context.id = ActorId{1};
  context.seed = 1;
  context.base_dir = base_dir;
  context.keep_dir = keep_dir;
  context.secrets = secrets;
  context.instruments = instruments != nullptr ? instruments : std::move(known);
  context.checking = checking;
  return context;
}

Problems Subject::problems(const Setting& wanted) const {
  Problems problems;
  const auto made = manifest.make(wanted, context(true), problems);
  if (made == nullptr && problems.empty()) problems.push_back({{}, "nothing was made, and nothing was said against it", ""});
  return problems;
}

std::shared_ptr<void> Subject::make(PluginSource* plugins) const {
  Problems problems;
  auto where = context();
  where.plugins = plugins;
  auto made = manifest.make(settings, where, problems);
  std::string text;
  for (const auto& problem : problems) text += problem.str() + "\n";
  if (made == nullptr || !text.empty()) throw std::runtime_error{text.empty() ? "nothing was made" : text};
  return made;
}

std::string text_of(const Findings& findings) {
  std::string text;
  for (const auto& finding : findings) text += finding.check + ": " + finding.what + "\n";
  return text;
}

namespace {

std::string first(const Problems& problems) { return problems.front().str(); }

void check_declared(const Subject& subject, const std::vector<FieldDoc>& fields, Findings& found) {
  for (const auto& field : fields) {
    if (field.name.empty() || field.type.empty() || field.text.empty())
      found.push_back({"settings", "the setting '" + field.name + "' has no name, no type or no text"});
    if (field.required) {
      const auto rest = without(subject.settings, field.name);
      if (subject.problems(rest).empty()) found.push_back({"settings", field.name + " is required and can be left out"});
    } else if (const auto* written = subject.settings.find(field.name);
               written == nullptr && !field.default_text.empty() && field.default_text[0] != '[') {
      const auto same = with(subject.settings, {{field.name, field.default_text}});
      if (const auto problems = subject.problems(same); !problems.empty())
        found.push_back({"settings", "the default of " + field.name + " is refused when it is written out: " + first(problems)});
    }
    if (subject.problems(with(subject.settings, {{field.name, map({{"no", map({})}})}})).empty())
      found.push_back({"settings", field.name + " accepts a map of maps"});
  }
}

}  // namespace

Findings check_settings(const Subject& subject) {
  Findings found;
  try {
    const auto fields = subject.manifest.describe();
    if (const auto problems = subject.problems(subject.settings); !problems.empty())
      return {{"settings", "those of this test are refused: " + first(problems)}};
    if (subject.problems(with(subject.settings, {{"no_such_setting", "1"}})).empty())
      found.push_back({"settings", "one that is not declared is accepted: no_such_setting"});
    check_declared(subject, fields, found);
  } catch (const std::exception& error) {
    found.push_back({"settings", std::string{"reading them throws: "} + error.what()});
  }
  return found;
}

}  // namespace holdfast::testkit
