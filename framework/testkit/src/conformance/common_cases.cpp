// 001 to 012 of every suite: what the library says of itself, what it does before it is opened, and what is left of it.
#include <regex>

#include "plugin_rig.hpp"

namespace holdfast::testkit {

namespace {

constexpr int kCycles = 50;
constexpr Duration kStopWithin = std::chrono::seconds{2};
/// What an allocator and a library may keep for themselves over all cycles.
constexpr std::size_t kHeapSlack = 64 << 10;

void manifest(PluginRig& rig) {
  const PluginManifest& m = rig.tested().manifest;
  const std::string kind{rig.kind()};
  PluginRig::expect(m.kind == kind, std::string{"it is a "} + m.kind + ", not a " + kind);
  static const std::regex number{R"(\d+\.\d+\.\d+([-+].+)?)"};
  PluginRig::expect(std::regex_match(m.version, number),
                    std::string{"its version is '"} + m.version + "': write three numbers, such as 1.0.0");
  PluginRig::expect(std::string_view{m.summary}.size() > 10,
                    std::string{"its summary is '"} + m.summary + "': say in a sentence what it is");
}

void settings(PluginRig& rig) {
  const auto findings = check_settings(rig.tested());
  PluginRig::expect(findings.empty(), text_of(findings));
}

/// Everything stands somewhere, so that what is wrong with it does.
void place(Setting& setting, int& line) {
  setting.where = {"plugin.yaml", ++line, 7};
  for (auto& key : setting.keys) key = {"plugin.yaml", ++line, 3};
  for (auto& item : setting.items) place(item, line);
  for (auto& [name, field] : setting.fields) place(field, line);
}

void refusals_have_a_place(PluginRig& rig) {
  Setting wrong = with(rig.tested().settings, {{"no_such_setting", "1"}});
  int line = 0;
  place(wrong, line);
  const Problems problems = rig.tested().problems(wrong);
  PluginRig::expect(!problems.empty(), "a setting that is not declared is accepted: no_such_setting");
  for (const Problem& problem : problems)
    PluginRig::expect(problem.where.line != 0,
                      "'" + problem.what + "' names no line: read settings with their Schema");
}

void nothing_before_open(PluginRig& rig) {
  rig.prepare();
  const Held before = held();
  const auto plugin = rig.made();
  const Held after = held();
  PluginRig::expect(after.threads <= before.threads, "it starts a thread when it is made: wait for open()");
  PluginRig::expect(after.files <= before.files, "it opens a file or socket when it is made: wait for open()");
}

void made_again(PluginRig& rig) {
  const auto first = rig.made(), second = rig.made();
  PluginRig::expect(first != second, "it cannot be made twice in one process");
}

/// A plugin's whole life: made, opened, asked, thrown away.
void live(PluginRig& rig) {
  const auto plugin = rig.made();
  rig.open(plugin);
  rig.ask(plugin);
}

void no_growth(PluginRig& rig) {
  for (int i = 0; i < 5; ++i) live(rig);  // What is made once and kept is no growth.
  const Held before = held();
  for (int i = 0; i < kCycles; ++i) live(rig);
  const Held after = held();
  const auto grown = [&](std::size_t now, std::size_t then, std::size_t slack, const std::string& what) {
    PluginRig::expect(now <= then + slack, std::to_string(kCycles) + " lives leave " + std::to_string(now - then) + " " + what + " behind");
  };
  grown(after.files, before.files, 0, "open files");
  grown(after.threads, before.threads, 0, "threads");
  grown(after.heap, before.heap, kHeapSlack, "bytes");
}

void stops_soon(PluginRig& rig) {
  auto plugin = rig.made();
  rig.open(plugin);
  expect_to_stop(plugin, "its destructor takes ");
}

}  // namespace

void expect_to_stop(std::shared_ptr<void>& plugin, const std::string& otherwise) {
  const Duration before = real_time();
  plugin.reset();
  const Duration taken = real_time() - before;
  PluginRig::expect(taken <= kStopWithin, otherwise + std::to_string(taken / std::chrono::milliseconds{1}) +
                                              " ms: whoever stops a system waits for it");
}

const std::vector<CommonCase>& common_cases() {
  static const std::vector<CommonCase> all{
      {"001", "The manifest says what the library is", "reads kind, version and summary", manifest},
      {"002", "Every setting is declared, documented and checked",
       "reads the schema, leaves settings out, adds and misshapes some", settings},
      {"003", "A setting that is wrong is refused at its line", "adds a setting nobody declared",
       refusals_have_a_place},
      {"004", "Nothing is started or opened before open()", "counts threads and files around the constructor",
       nothing_before_open},
      {"010", "Two of it live in one process", "makes two", made_again},
      {"011", "Fifty lives leave no files, threads or memory behind", "makes, opens and throws it away fifty times",
       no_growth},
      {"012", "It stops within two seconds", "opens it and throws it away", stops_soon},
  };
  return all;
}

}  // namespace holdfast::testkit
