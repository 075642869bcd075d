// holdfast bench: every promised figure exists and says honestly how it turned out. How fast the
// machine is, no test asks.
#include <boost/test/data/test_case.hpp>
#include <set>

#include "bench_figures.hpp"
#include "program.hpp"

using namespace holdfast::cli;
using holdfast::test::ScratchDir;
namespace data = boost::unit_test::data;

namespace {

const std::set<std::string> kPromised{
    "pipeline_throughput", "backtest_throughput", "backtest_unjournaled", "order_release_p50",   "order_release_p99", "order_release_loaded_p99",
    "journal_bandwidth",   "recovery_rate",       "actor_restart_p50",   "actor_restart_p99", "kill_to_ready_p99",
    "startup",             "idle_cpu",            "allocations_per_tick", "allocations_per_lone_tick", "resident_memory",
    "matching_rate",       "matching_p99",        "matching_allocations", "order_wire_p99",    "fix_round_trip_p50",
    "reconcile_10k",       "reconnect_armed"};

/// What a sanitizer's heap does not let be counted.
bool countable(const std::string& name) { return HOLDFAST_COUNTS != 0 || name.find("allocations") == std::string::npos; }

void check_figure(const nlohmann::json& f) {
  const std::string name = f["name"];
  BOOST_TEST_CONTEXT(f.dump()) {
    if (!countable(name)) {
      BOOST_TEST(f["verdict"] == "failed");
      return;
    }
    BOOST_TEST(f["verdict"] != "failed");
    BOOST_TEST_REQUIRE(f["value"].is_number());
    BOOST_TEST(f["value"].get<double>() >= 0.0);
    BOOST_TEST((f["value"].get<double>() > 0.0 || name.find("allocations") != std::string::npos));
    BOOST_TEST(f["baseline"].is_null() == f["against"].get<std::string>().empty());
    BOOST_TEST(f["ratio"].is_null() == f["baseline"].is_null());
    if (!f["ratio"].is_null())
      BOOST_TEST(f["ratio"].get<double>() == f["value"].get<double>() / f["baseline"].get<double>(), boost::test_tools::tolerance(1e-9));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bench)

BOOST_AUTO_TEST_CASE(a_quick_run_measures_every_promised_figure) {
  const auto ended = holdfast::test::holdfast({"bench", "--quick", "--json"});
  BOOST_TEST_CONTEXT(ended.err) BOOST_TEST(ended.code == (HOLDFAST_COUNTS != 0 ? 0 : 70));
  const auto json = ended.json();
  BOOST_TEST(json["schema"] == "holdfast.bench/1");
  BOOST_TEST(json["workload"].get<std::string>().find("one order per 1,000 ticks") != std::string::npos);
  std::set<std::string> names;
  for (const auto& f : json["figures"]) {
    BOOST_TEST(names.insert(f["name"]).second, f["name"] << " is there twice");
    check_figure(f);
  }
  BOOST_TEST(names == kPromised, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_list_names_every_figure_with_its_targets) {
  const auto json = holdfast::test::holdfast({"bench", "--list", "--json"}).json();
  std::set<std::string> names;
  for (const auto& f : json["figures"]) {
    names.insert(f["name"]);
    BOOST_TEST(!f["what"].get<std::string>().empty());
    // An aim is never easier than what is owed.
    if (f["owed"].is_null() || f["aim"].is_null()) continue;
    const double owed = f["owed"], aim = f["aim"];
    BOOST_TEST((f["better"] == "higher" ? aim >= owed : aim <= owed), f["name"]);
  }
  BOOST_TEST(names == kPromised, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_the_figures_asked_for_are_measured) {
  const auto json = holdfast::test::holdfast({"bench", "--quick", "--only", "journal_bandwidth", "--only", "actor_restart_p5", "--json"}).json();
  std::vector<std::string> names;
  for (const auto& f : json["figures"]) names.push_back(f["name"]);
  BOOST_TEST(names == (std::vector<std::string>{"journal_bandwidth", "actor_restart_p50"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_name_nobody_knows_is_refused_before_anything_is_measured) {
  const auto ended = holdfast::test::holdfast({"bench", "--only", "startup", "--only", "speed"});
  BOOST_TEST(ended.code == 64);
  BOOST_TEST(ended.err.find("no figure has a name that begins with 'speed'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_figure_that_cannot_be_measured_says_why_and_is_no_success) {
  const ScratchDir scratch;
  ::setenv("TMPDIR", (scratch / "missing").c_str(), 1);
  const auto ended = holdfast::test::Program{scratch, {"bench", "--quick", "--only", "startup", "--only", "order_release_p50", "--json"}}.wait();
  ::unsetenv("TMPDIR");
  BOOST_TEST(ended.code == 70);
  const auto json = ended.json();
  BOOST_TEST_REQUIRE(json["figures"].size() == 2u);
  for (const auto& f : json["figures"]) {
    BOOST_TEST(f["verdict"] == "failed");
    BOOST_TEST(f["value"].is_null());
    BOOST_TEST(f["note"].get<std::string>().find("temp") != std::string::npos);
  }
}

struct Judged {
  const char* name;
  double value, baseline;
  bool spoiled;
  const char* verdict;
};
std::ostream& operator<<(std::ostream& out, const Judged& j) { return out << j.name << " " << j.value << " " << j.verdict; }

const Judged kJudged[] = {
    {"pipeline_throughput", 24, 10, false, "short"},      {"pipeline_throughput", 25, 10, false, "owed met"},
    {"pipeline_throughput", 50, 10, false, "aim met"},    {"actor_restart_p50", 101, 10, false, "short"},
    {"actor_restart_p50", 100, 10, false, "owed met"},    {"actor_restart_p50", 30, 10, false, "aim met"},
    {"order_release_loaded_p99", 99, 1, false, "reported"}, {"order_release_loaded_p99", 9, 1, false, "aim met"},
    {"idle_cpu", 0.9, 0.001, false, "owed met"},          {"startup", 301, 0, false, "short"},
    {"fix_round_trip_p50", 350, 200, false, "owed met"},  {"fix_round_trip_p50", 351, 200, false, "short"},
    {"fix_round_trip_p50", 150, 200, false, "aim met"},   {"resident_memory", 100, 0, false, "aim met"},        {"resident_memory", 100, 0, true, "short"}};
BOOST_DATA_TEST_CASE(targets_are_judged_by_ratio_or_value_in_the_right_direction, data::make(kJudged), judged) {
  Figure f{&figure_spec(judged.name), judged.value, {}, "", judged.spoiled, ""};
  if (judged.baseline > 0) f.baseline = judged.baseline;
  BOOST_TEST(f.verdict() == judged.verdict);
}

BOOST_AUTO_TEST_CASE(a_quantile_is_what_a_share_of_the_samples_does_not_exceed) {
  BOOST_TEST(quantile({4, 1, 3, 2, 5}, 0.5) == 3);
  BOOST_TEST(quantile({4, 1, 3, 2, 5}, 0.99) == 5);
  BOOST_CHECK_THROW(quantile({}, 0.5), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
