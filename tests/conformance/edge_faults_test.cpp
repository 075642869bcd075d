// As faults_test.cpp, of plugins with a venue: each case has a venue of its own, so the program is run.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <holdfast/testkit/conformance.hpp>
#include <memory>
#include <optional>

#include "faults.hpp"
#include "tools/program.hpp"

using namespace holdfast::test;
using namespace holdfast::testkit;

namespace {

constexpr std::size_t kAtOnce = 8;

std::string shipped(const std::string& file) { return text_of_file(std::string{std::getenv("HOLDFAST_SOURCE")} + "/configs/conformance/" + file); }

/// Those cases only that others are not asked.
template <class C>
std::string cases_with(const std::vector<C>& cases, Need need, const std::string& more) {
  std::string regex = "^(" + more;
  for (const CaseText& one : cases)
    if (std::ranges::find(one.needs, need) != one.needs.end()) regex += "|" + one.id;
  return regex + ") ";
}

/// The suite of one fault, in a process.
class Suite {
 public:
  Suite(const std::string& suite, const std::string& config, const std::string& include, std::string fault, std::string found_by)
      : fault_{suite + " " + fault}, found_by_{std::move(found_by)} {
    std::string text = shipped(config);
    const auto put = [&](const std::string& before, const std::string& what) { text.insert(text.find(before), what); };
    put("  host:", "  fault: '" + fault + "'\n");
    put("instruments:", "plugin_path: [" + std::string{std::getenv("HOLDFAST_BUILD")} + "/tests_broken/edge]\npatience: 5s\n");
    std::ofstream{scratch_ / "suite.yaml"} << text;
    // And somebody who may log on without a password.
    std::ofstream{scratch_ / "fix_venue.yaml"} << shipped("fix_venue.yaml") << "  - { name: GUEST, sessions: [GUEST] }\n";
    program_.emplace(scratch_, std::vector<std::string>{"conformance", suite, "--config", scratch_ / "suite.yaml", "--include", include,
                                                        "--results", scratch_ / "r.json", "--json"});
  }
  void judge() {
    const Ended ended = program_->wait();
    BOOST_TEST_REQUIRE((ended.code == 0 || ended.code == 1), fault_ << ": " << ended.out << ended.err);
    const auto report = ended.json();
    std::string found, why;
    for (const auto& one : report["cases"]) {
      if (one["outcome"] == "passed") continue;
      if (one["outcome"] == "failed") found += (found.empty() ? "" : " ") + one["id"].get<std::string>();
      why += one.dump() + "\n";
    }
    BOOST_TEST(found == found_by_, fault_ << ": " << found << "\n" << why);
  }

 private:
  const ScratchDir scratch_;
  std::string fault_, found_by_;
  std::optional<Program> program_;
};

/// Several at a time: most of what they do is to wait.
void judge(const std::string& suite, const std::string& config, const std::string& include, const std::string& plugin) {
  auto faults = faults_of(plugin);
  BOOST_TEST(faults.size() > 5u);
  faults[""] = "";
  std::deque<std::unique_ptr<Suite>> running;
  const auto judge_first = [&] {
    running.front()->judge();
    running.pop_front();
  };
  for (const auto& [name, found_by] : faults) {
    if (running.size() == kAtOnce) judge_first();
    running.push_back(std::make_unique<Suite>(suite, config, include, name, found_by));
  }
  while (!running.empty()) judge_first();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(broken_edges)

BOOST_AUTO_TEST_CASE(a_fault_of_an_edge_broker_is_found_by_exactly_these_cases) {
  judge("broker", "fix.yaml", cases_with(broker_cases(), Need::edge, "BC-048c|BC-121"), "edge");
}

BOOST_AUTO_TEST_CASE(a_fault_of_a_feed_with_a_venue_is_found_by_exactly_these_cases) {
  judge("feed", "fix_feed.yaml", cases_with(feed_cases(), Need::connection, "FC-06."), "edge_feed");
}

BOOST_AUTO_TEST_SUITE_END()
