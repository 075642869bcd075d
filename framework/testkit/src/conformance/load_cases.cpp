// BC-000: what the library says of itself, and what it does before it is opened.
#include <regex>

#include "rig.hpp"

namespace holdfast::testkit {

namespace {

void manifest(Rig& rig) {
  const PluginManifest& m = rig.subject().plugin.manifest;
  Rig::expect(std::string_view{m.kind} == Broker::kKind, std::string{"it is a "} + m.kind + ", not a broker");
  static const std::regex number{R"(\d+\.\d+\.\d+([-+].+)?)"};
  Rig::expect(std::regex_match(m.version, number),
              std::string{"its version is '"} + m.version + "': write three numbers, such as 1.0.0");
  Rig::expect(std::string_view{m.summary}.size() > 10,
              std::string{"its summary is '"} + m.summary + "': say in a sentence what it is");
}

void purity(Rig& rig) {
  const bool says = std::string_view{rig.subject().plugin.manifest.purity} == "pure";
  Rig::expect(says == rig.pure(), std::string{"the manifest says "} + (says ? "pure" : "edge") + ", and pure() is " +
                                      (rig.pure() ? "true" : "false") + ": set kPurity");
}

void settings(Rig& rig) {
  const auto findings = check_settings(rig.subject().plugin);
  Rig::expect(findings.empty(), text_of(findings));
}

/// Everything stands somewhere, so that what is wrong with it does.
void place(Setting& setting, int& line) {
  setting.where = {"broker.yaml", ++line, 7};
  for (auto& key : setting.keys) key = {"broker.yaml", ++line, 3};
  for (auto& item : setting.items) place(item, line);
  for (auto& [name, field] : setting.fields) place(field, line);
}

void refusals_have_a_place(Rig& rig) {
  const Subject& plugin = rig.subject().plugin;
  Setting wrong = with(plugin.settings, {{"no_such_setting", "1"}});
  int line = 0;
  place(wrong, line);
  const Problems problems = plugin.problems(wrong);
  Rig::expect(!problems.empty(), "a setting that is not declared is accepted: no_such_setting");
  for (const Problem& problem : problems)
    Rig::expect(problem.where.line != 0, "'" + problem.what + "' names no line: read settings with their Schema");
}

void nothing_before_open(Rig& rig) {
  rig.venue();
  const Held before = held();
  const auto plugin = rig.plugin();
  const Held after = held();
  Rig::expect(after.threads <= before.threads, "it starts a thread when it is made: wait for open()");
  Rig::expect(after.files <= before.files, "it opens a file or socket when it is made: wait for open()");
}

}  // namespace

std::vector<BrokerCase> load_cases() {
  return {
      {"BC-001", "The manifest says what the library is", "reads kind, version and summary", Level::sim, {}, manifest},
      {"BC-002",
       "Every setting is declared, documented and checked",
       "reads the schema, leaves settings out, adds and misshapes some",
       Level::sim,
       {},
       settings},
      {"BC-003",
       "A setting that is wrong is refused at its line",
       "adds a setting nobody declared",
       Level::sim,
       {},
       refusals_have_a_place},
      {"BC-004",
       "Nothing is started or opened before open()",
       "counts threads and files around the constructor",
       Level::sim,
       {},
       nothing_before_open},
      {"BC-005", "The manifest and pure() say the same", "compares kPurity with pure()", Level::sim, {}, purity},
  };
}

}  // namespace holdfast::testkit
