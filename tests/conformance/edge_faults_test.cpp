// As faults_test.cpp, of brokers with a venue: each case has a venue of its own, so the program is run.
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

/// Those that no pure broker is asked.
std::string cases_of_edges() {
  std::string regex;
  for (const BrokerCase& one : broker_cases())
    if (std::ranges::find(one.needs, Need::edge) != one.needs.end() || one.id == std::string{"BC-048c"})
      regex += (regex.empty() ? "^(" : "|") + std::string{one.id};
  return regex + ") ";
}

/// The suite of one fault, in a process.
class Suite {
 public:
  Suite(std::string fault, std::string found_by) : fault_{std::move(fault)}, found_by_{std::move(found_by)} {
    std::string text = text_of_file(std::string{std::getenv("HOLDFAST_SOURCE")} + "/configs/conformance/fix.yaml");
    const auto put = [&](const std::string& before, const std::string& what) {
      text.insert(text.find(before), what);
    };
    put("  host:", "  fault: '" + fault_ + "'\n");
    put("instruments:", "plugin_path: [" + std::string{std::getenv("HOLDFAST_BUILD")} + "/tests_broken/edge]\npatience: 3s\n");
    std::ofstream{scratch_ / "fix.yaml"} << text;
    std::ofstream{scratch_ / "fix_venue.yaml"}
        << text_of_file(std::string{std::getenv("HOLDFAST_SOURCE")} + "/configs/conformance/fix_venue.yaml");
    program_.emplace(scratch_, std::vector<std::string>{"conformance", "broker", "--config", scratch_ / "fix.yaml", "--include",
                                                        cases_of_edges(), "--results", scratch_ / "r.json", "--json"});
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

}  // namespace

BOOST_AUTO_TEST_SUITE(broken_edges)

BOOST_AUTO_TEST_CASE(a_fault_of_an_edge_is_found_by_exactly_these_cases) {
  auto faults = faults_of("edge");
  BOOST_TEST(faults.size() > 15u);
  faults[""] = "";
  std::deque<std::unique_ptr<Suite>> running;
  const auto judge_first = [&] {
    running.front()->judge();
    running.pop_front();
  };
  for (const auto& [name, found_by] : faults) {
    if (running.size() == kAtOnce) judge_first();
    running.push_back(std::make_unique<Suite>(name, found_by));
  }
  while (!running.empty()) judge_first();
}

BOOST_AUTO_TEST_SUITE_END()
