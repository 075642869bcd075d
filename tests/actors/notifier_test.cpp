// The notifier actor: what people are told, in which order, and how often.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <holdfast/testkit/contract.hpp>
#include <stdexcept>

#include "actor_fixture.hpp"
#include "test_data.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(notifier_actor)

namespace {

struct Pager final : Notifier {
  std::vector<Alert> heard;
  bool down = false;
  void notify(const Alert& alert) override {
    if (down) throw std::runtime_error{"no line"};
    heard.push_back(alert);
  }
};

struct Fixture {
  std::shared_ptr<Pager> pager = std::make_shared<Pager>();
  Bench::Make make(const std::string& least = "info") {
    auto source = std::make_shared<Scripted<Notifier>>([pager = pager] { return pager; });
    return actor("notifier", map({{"notifier", slot("pager")}, {"least", least}, {"retry", "10s"}}), {1}, source);
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> out;
    for (const auto& alert : pager->heard) out.push_back(std::string{to_string(alert.severity)} + ": " + alert.text);
    return out;
  }
  void check_told(const std::vector<std::string>& expected) const {
    BOOST_TEST(texts() == expected, boost::test_tools::per_element());
  }
};

/// What a system says about itself on a bad day.
void bad_day(Bench& bench) {
  bench.tell(ActorDeclared{{7}, {}, 0}, "trend", {});
  bench.tell(InstrumentDefined{kBtc, 1, {}, {}}, "BTC\nUSD\n24x7", {});
  bench.tell(quote("1", "2"));
  bench.tell(ActorFailed{{7}, 0, 1}, "boom\nbecause", {});
  bench.tell(ActorParked{{7}, 0, 2}, "event 9 differs", {});
  bench.tell(LatchEngaged{LatchScope::instrument, LatchLevel::reducing, 0, kBtc.value}, "ann\ntoo wild", {});
  bench.tell(LatchEngaged{}, "ann\nenough", {});
  bench.tell(LatchReleased{}, "bob\nfixed", {});
}

const std::vector<std::string> kAllOfIt{
    "warning: trend failed: boom because", "critical: trend is parked: event 9 differs",
    "warning: instrument BTC is REDUCING, by ann: too wild", "critical: the system is HALTED, by ann: enough",
    "info: the system is released, by bob: fixed"};

}  // namespace

BOOST_FIXTURE_TEST_CASE(people_are_told_with_names_in_order_and_the_journal_knows_it, Fixture) {
  Bench bench{make()};
  bad_day(bench);
  check_told(kAllOfIt);
  BOOST_TEST(bench.words<AlertSent>().at(0) == "trend failed: boom because");
  BOOST_TEST(bench.wrote<AlertSent>().at(0).about_seq == 4u);
}

BOOST_FIXTURE_TEST_CASE(less_than_the_least_severity_is_kept_from_people, Fixture) {
  Bench bench{make("critical")};
  bad_day(bench);
  check_told({kAllOfIt[1], kAllOfIt[3]});
}

BOOST_FIXTURE_TEST_CASE(nothing_is_told_before_it_is_durable, Fixture) {
  Bench bench{make()};
  bench.durable = false;
  bad_day(bench);
  check_told({});
  bench.released = 4;
  bench.act();
  check_told({kAllOfIt[0]});
}

BOOST_FIXTURE_TEST_CASE(an_alert_that_cannot_be_told_is_told_later_and_nothing_before_it, Fixture) {
  Bench bench{make()};
  pager->down = true;
  bad_day(bench);
  BOOST_TEST(bench.logs().front() == "an alert could not be told: no line");
  pager->down = false;
  BOOST_CHECK(bench.act().at == bench.now() + std::chrono::seconds{10});
  check_told({});
  bench.advance(std::chrono::seconds{10});
  bench.act();
  check_told(kAllOfIt);
}

BOOST_FIXTURE_TEST_CASE(a_restart_after_every_event_tells_nothing_twice, Fixture) {
  BOOST_TEST(testkit::restart_difference(make(), {}, bad_day) == "");
  pager->heard.clear();
  Bench::Options options;
  options.restart_after_every_event = true;
  Bench bench{make(), options};
  bad_day(bench);
  check_told(kAllOfIt);
}

BOOST_FIXTURE_TEST_CASE(a_notifier_new_to_an_old_system_does_not_tell_its_history, Fixture) {
  Bench bench{make(), {.self = {1}, .act_by_itself = false}};
  bad_day(bench);
  bench.tell(ActorDeclared{{1}, {}, 0}, "pager", {});
  bench.act();
  check_told({});
}

BOOST_AUTO_TEST_CASE(the_file_notifier_appends_a_line_per_alert) {
  const ScratchDir dir;
  const auto notifier = load<Notifier>("file", map({{"path", "alerts.log"}}), context(instruments({}), dir.str()));
  notifier->notify({Alert::Severity::critical, 12, Time{0}, "the system is HALTED, by ann: enough"});
  notifier->notify({Alert::Severity::info, 13, Time{0}, "released"});
  std::ifstream file{dir / "alerts.log"};
  std::string first, second;
  std::getline(file, first);
  std::getline(file, second);
  BOOST_TEST(first == "1970-01-01T00:00:00.000000000Z critical 12 the system is HALTED, by ann: enough");
  BOOST_TEST(second == "1970-01-01T00:00:00.000000000Z info 13 released");
  const testkit::Subject subject{manifest("notifier", "file"), map({{"path", "alerts.log"}}), {}, dir.str()};
  BOOST_TEST(testkit::text_of(testkit::check_notifier(subject)) == "");
  const auto nowhere = load<Notifier>("file", map({{"path", "no/such/folder"}}), context(instruments({}), dir.str()));
  BOOST_CHECK_THROW(nowhere->notify({}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
