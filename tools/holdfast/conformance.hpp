#pragma once

#include <functional>
#include <holdfast/config/load.hpp>
#include <holdfast/plugin_host/plugin_host.hpp>
#include <holdfast/testkit/conformance.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "embed/json.hpp"

/// `holdfast conformance`: a plugin and the suite of its kind, a process per case, and what is written about it.
namespace holdfast::cli {

struct ConformanceOptions {
  std::string config, include, junit, html, certificate, sign, results;
  std::uint64_t seed = 1;
  int limit_s = 120;  ///< Of one case.
  bool only_failed = false, json = false;
  // Of the process of one case.
  std::string one_case, case_dir;
  int case_fd = -1;
};

/// One case of any suite, and how it ended.
struct RanCase {
  std::string suite, id, title, does, group, group_name, level;
  std::vector<std::string> needs;
  testkit::Outcome outcome = testkit::Outcome::inconclusive;
  std::string why, evidence;
  double seconds = 0;
};

/// A configuration file of one suite, "broker", "feed" or "strategy", and what it names.
class SuiteFile {
 public:
  /// Reads, checks and loads. Where problems() is not empty, nothing else may be asked.
  SuiteFile(const std::string& suite, const ConformanceOptions& options);
  ~SuiteFile();
  const Problems& problems() const { return problems_; }
  const std::string& source() const { return loaded_.source; }
  const LoadedPlugin& plugin() const { return *plugin_; }
  /// The value of the secrets that its settings name.
  const std::string& canary() const { return canary_; }
  /// Nothing outside of it is tested: it has no venue.
  bool alone() const;
  /// Claims, by an instance that is thrown away. Fails: what the plugin throws.
  std::vector<std::pair<std::string, std::string>> capabilities() const;
  /// Runs one case here. Fails: std::invalid_argument, when there is none of this id.
  testkit::CaseResult run(const std::string& id) const;

 private:
  struct Section;
  void read(const ConformanceOptions& options);
  void read_plugin(const Section& section);
  void read_market(const Section& section);
  void read_venue(const Section& section, const std::string& case_dir);
  bool has(const char* setting) const { return loaded_.root.find(setting) != nullptr; }

  std::string suite_, file_;
  std::string folder_;  ///< Where relative names start.
  std::uint64_t seed_;
  LoadedSettings loaded_;
  Problems problems_;
  std::unique_ptr<PluginHost> host_;
  const LoadedPlugin* plugin_ = nullptr;
  std::string canary_;
  std::optional<testkit::VenueSubject> tested_;
  std::optional<Rate> maker_fee_, taker_fee_;
  std::size_t records_ = 0;
  int ticks_ = 0;
};

/// All cases of a suite, none of them run; of all suites when it is empty.
std::vector<RanCase> cases_of(const std::string& suite);

/// Everything there is to say about one plugin.
struct SuiteReport {
  std::string suite, name, version, path, sha256, config, date, level;  ///< `level`: empty when none was reached.
  std::uint64_t seed = 0;
  bool whole = true;  ///< Every case was asked, not a choice of them.
  std::vector<std::pair<std::string, std::string>> capabilities;
  std::vector<RanCase> cases;

  std::size_t count(testkit::Outcome outcome) const;
  /// The exit code.
  int verdict() const;
  /// "paper 1.0.0 conforms at level paper: 51 passed, 20 skipped"
  std::string sentence() const;
};

/// Runs `one` in a process of its own, of this program with these arguments and what tells it where to write.
/// Sets how it ended. False: somebody asked this process to stop.
bool run_in_child(RanCase& one, const std::vector<std::string>& arguments, int limit_s);
/// The child's side: never returns.
[[noreturn]] void answer(int fd, const testkit::CaseResult& result);

Json certificate_json(const SuiteReport& report);
std::string junit_xml(const SuiteReport& report);
std::string suite_page(const SuiteReport& report);

}  // namespace holdfast::cli
