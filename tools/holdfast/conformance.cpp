// holdfast conformance broker|feed|strategy --config FILE | list-tests
#include "conformance.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <holdfast/journal/signing_key.hpp>
#include <regex>

#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

using testkit::Outcome;

std::string now_text() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Time{std::chrono::duration_cast<Duration>(since).count()}.str();
}

int list_tests(bool json) {
  Json all = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const RanCase& c : cases_of("")) {
    all.push_back({{"suite", c.suite},
                   {"id", c.id},
                   {"group", c.group},
                   {"group_name", c.group_name},
                   {"level", c.level},
                   {"needs", c.needs},
                   {"title", c.title},
                   {"does", c.does}});
    rows.push_back({c.id, c.level, c.suite + ": " + c.group_name, c.title});
  }
  if (json)
    print(dump({{"schema", "holdfast.conformance_cases/1"}, {"suite_version", testkit::kSuiteVersion}, {"cases", all}}));
  else print(table({"case", "level", "group", "what holds"}, rows));
  return kOk;
}

void write_text(const std::string& file, const std::string& text) {
  if (file.empty()) return;
  const std::string temporary = file + ".new";
  std::ofstream out{temporary, std::ios::binary | std::ios::trunc};
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(temporary, file, error);
  if (!out || error) throw OutputError{"cannot write " + file + ": check that its folder exists"};
}

/// Where the results of this configuration are kept for --only-failed; empty: nowhere.
std::string results_file(const ConformanceOptions& options) {
  if (!options.results.empty()) return options.results;
  std::string cache = process_environment("XDG_CACHE_HOME").value_or("");
  if (cache.empty()) {
    const auto home = process_environment("HOME").value_or("");
    if (home.empty()) return "";
    cache = home + "/.cache";
  }
  std::string name = std::filesystem::absolute(options.config).lexically_normal().string();
  for (char& c : name)
    if (c == '/') c = '%';
  return cache + "/holdfast/conformance/" + name + ".json";
}

/// The cases that did not pass the last time.
std::set<std::string> failed_before(const std::string& file) {
  std::ifstream in{file};
  const Json last = in ? Json::parse(in, nullptr, false) : Json();
  if (!last.is_object() || !last.contains("cases"))
    throw std::invalid_argument{"there is no result of an earlier run" + (file.empty() ? "" : " in " + file) +
                                ": leave out --only-failed"};
  std::set<std::string> failed;
  for (const auto& one : last["cases"])
    if (one.value("outcome", "") == "failed" || one.value("outcome", "") == "inconclusive")
      failed.insert(one.value("id", ""));
  return failed;
}

/// A whole run is kept; of a part, those cases are renewed.
void keep_results(const std::string& file, const SuiteReport& report) {
  if (file.empty()) return;
  Json kept = certificate_json(report);
  if (!report.whole) {
    std::ifstream in{file};
    const Json last = in ? Json::parse(in, nullptr, false) : Json();
    if (last.is_object() && last.contains("cases"))
      for (const auto& one : last["cases"]) {
        const auto renewed =
            std::ranges::any_of(report.cases, [&](const RanCase& c) { return c.id == one.value("id", ""); });
        if (!renewed) kept["cases"].push_back(one);
      }
  }
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path{file}.parent_path(), ignored);
  std::ofstream{file, std::ios::trunc} << dump(kept) << "\n";
}

std::string line_of(const RanCase& one) {
  std::string word{to_string(one.outcome)};
  word.resize(13, ' ');
  char time[32];
  std::snprintf(time, sizeof time, "%8.0f ms", one.seconds * 1e3);
  std::string id = one.id;
  id.resize(8, ' ');
  return word + id + time + "  " + one.title +
         (one.why.empty() ? "" : "\n" + std::string(13, ' ') + printable(one.why));
}

std::vector<RanCase> chosen(const std::string& suite, const ConformanceOptions& options) {
  const std::set<std::string> before =
      options.only_failed ? failed_before(results_file(options)) : std::set<std::string>{};
  std::regex include;
  try {
    include = std::regex{options.include};
  } catch (const std::regex_error&) {
    throw std::invalid_argument{"--include: '" + printable(options.include) + "' is no regular expression"};
  }
  std::vector<RanCase> cases;
  for (const RanCase& one : cases_of(suite)) {
    if (options.only_failed && !before.contains(one.id)) continue;
    if (!options.include.empty() && !std::regex_search(one.id + " " + one.group_name + ": " + one.title, include)) continue;
    cases.push_back(one);
  }
  if (cases.empty() && !options.only_failed)
    throw std::invalid_argument{"no case is called so: `holdfast conformance list-tests` shows all"};
  return cases;
}

std::string level_text(const SuiteReport& report, bool alone) {
  testkit::Ends ends;
  for (const RanCase& one : cases_of(report.suite)) {
    const auto ran = std::ranges::find(report.cases, one.id, &RanCase::id);
    const auto level = one.level == "sim" ? testkit::Level::sim : one.level == "paper" ? testkit::Level::paper : testkit::Level::live;
    ends.emplace_back(level, ran == report.cases.end() ? std::nullopt : std::optional{ran->outcome});
  }
  const auto level = testkit::level_reached(ends, alone);
  return level ? std::string{testkit::to_string(*level)} : "";
}

std::string as_path(const std::vector<std::string>& folders) {
  std::string path;
  for (const auto& folder : folders)
    if (!folder.empty()) path += (path.empty() ? "" : ":") + folder;
  return path;
}

/// What is said of a plugin is read by others than those who have its keys.
void hide(std::string& text, const std::string& secret) {
  for (std::size_t at = 0; !secret.empty() && (at = text.find(secret, at)) != std::string::npos;)
    text.replace(at, secret.size(), "***");
}

/// Where something must come out the same in two processes, twice. False: somebody asked this process to stop.
bool run_one(RanCase& one, const std::vector<std::string>& arguments, int limit_s) {
  if (!run_in_child(one, arguments, limit_s)) return false;
  if (one.evidence.empty()) return true;
  RanCase again = one;
  if (!run_in_child(again, arguments, limit_s)) return false;
  if (again.outcome != one.outcome) one = again;
  if (again.evidence == one.evidence) return true;
  one.outcome = Outcome::failed;
  one.why = "two processes come to different results: something other than what they are told decides";
  return true;
}

void run_cases(const ConformanceOptions& options, const std::string& secret, SuiteReport& report) {
  std::size_t done = 0;
  for (RanCase& one : report.cases) one.why = "not run: interrupted before";
  for (RanCase& one : report.cases) {
    console().progress(static_cast<double>(done++) / static_cast<double>(report.cases.size()),
                       one.id + " " + one.title);
    const bool go_on = run_one(one,
                               {"holdfast", "--plugin-path", as_path(plugin_folders(nullptr)), "conformance", report.suite,
                                "--config", options.config, "--seed", std::to_string(options.seed), "--case", one.id},
                               options.limit_s);
    console().clear();
    hide(one.why, secret);
    if (!options.json) print(line_of(one));
    if (!go_on) break;
  }
}

/// Whoever relies on a certificate needs to know who says so.
class CertificateWriter {
 public:
  /// Opens the key, so that a wrong one is known before the cases have run. Fails: std::invalid_argument.
  explicit CertificateWriter(const ConformanceOptions& options) : file_{options.certificate} {
    try {
      if (!options.sign.empty()) key_.emplace(options.sign);
    } catch (const std::runtime_error& error) {
      throw std::invalid_argument{"--sign: " + std::string{error.what()}};
    }
  }
  /// Beside the file: the bytes of the signature, and the key to check it with. An unsigned one leaves no signature of an earlier one.
  void write(const std::string& text) const {
    if (file_.empty()) return;
    std::error_code none;
    std::filesystem::remove(file_ + ".sig", none);
    write_text(file_, text);
    if (!key_) return;
    const Signature signature = key_->sign(text);
    write_text(file_ + ".pub", to_pem(key_->public_key()));
    write_text(file_ + ".sig", {signature.begin(), signature.end()});
  }

 private:
  std::string file_;
  std::optional<SigningKey> key_;
};

int run_suite(const std::string& suite, const ConformanceOptions& options) {
  const SuiteFile file{suite, options};
  if (!file.problems().empty()) {
    console().message(render(file.problems(), options.config, file.source(), console().colour()));
    return kConfiguration;
  }
  if (!options.one_case.empty()) answer(options.case_fd, file.run(options.one_case));
  const CertificateWriter certificate{options};
  SuiteReport report;
  report.suite = suite;
  report.name = file.plugin().manifest->name;
  report.version = file.plugin().manifest->version;
  report.path = file.plugin().path;
  report.sha256 = file.plugin().sha256;
  report.config = options.config;
  report.date = now_text();
  report.seed = options.seed;
  report.cases = chosen(suite, options);
  report.whole = report.cases.size() == cases_of(suite).size();
  report.capabilities = file.capabilities();
  run_cases(options, file.canary(), report);
  report.level = level_text(report, file.alone());
  keep_results(results_file(options), report);
  write_text(options.junit, junit_xml(report));
  write_text(options.html, suite_page(report));
  certificate.write(certificate_json(report).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  print(options.json ? dump(certificate_json(report)) : report.sentence());
  return report.verdict();
}

void add_suite(CLI::App& verb, const std::string& suite, const std::string& text,
               const std::shared_ptr<ConformanceOptions>& options, Action& action) {
  auto* own = verb.add_subcommand(suite, text);
  own->add_option("--config", options->config, "The plugin, its settings and its venue, in YAML")->required()->type_name("FILE");
  own->add_option("--include", options->include, "Only cases whose id or title this regular expression finds")
      ->type_name("REGEX");
  own->add_flag("--only-failed", options->only_failed, "Only cases that did not pass the last time");
  own->add_option("--seed", options->seed, "What decides every choice; printed with the result")->type_name("N");
  own->add_option("--limit", options->limit_s, "Seconds one case may take")->type_name("SECONDS")->check(CLI::Range(1, 3600));
  own->add_option("--junit", options->junit, "Write JUnit XML")->type_name("FILE");
  own->add_option("--html", options->html, "Write a page for people")->type_name("FILE");
  auto* certificate = own->add_option("--certificate", options->certificate, "Write what was found out, as JSON")->type_name("FILE");
  own->add_option("--sign", options->sign, "Sign the certificate with this Ed25519 key, which is made when there is none")
      ->type_name("KEY")
      ->needs(certificate);
  own->add_option("--results", options->results, "Where results are kept for --only-failed; the user's cache unless said")
      ->type_name("FILE");
  own->add_flag("--json", options->json, "Result as JSON");
  own->add_option("--case", options->one_case, "")->group("");
  own->add_option("--case-fd", options->case_fd, "")->group("");
  own->add_option("--case-dir", options->case_dir, "")->group("");
  own->callback([suite, options, &action] { action = [suite, options] { return run_suite(suite, *options); }; });
}

}  // namespace

void add_conformance(CLI::App& app, Action& action) {
  auto options = std::make_shared<ConformanceOptions>();
  auto* verb = app.add_subcommand("conformance", "Find out whether a plugin keeps what its kind promises");
  verb->require_subcommand(1);
  add_suite(*verb, "broker", "A broker, case by case", options, action);
  add_suite(*verb, "feed", "A feed, case by case", options, action);
  add_suite(*verb, "strategy", "A strategy, case by case", options, action);
  auto* list = verb->add_subcommand("list-tests", "Every case there is");
  list->add_flag("--json", options->json, "Result as JSON");
  list->callback([options, &action] { action = [options] { return list_tests(options->json); }; });
}

}  // namespace holdfast::cli
