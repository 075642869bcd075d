// The feed actor: bad ticks by policy, pace, room, and going on where it stopped.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(feed_actor)

namespace {

/// Plays records written down by the test; one record may be several events.
class Script final : public Feed {
 public:
  using Record = std::function<void(Tape&, std::uint64_t position)>;
  struct Notes {
    std::vector<Record> records;
    bool idle_at_end = false;
    std::vector<std::uint64_t> opened_after;
    std::function<void()> wake;
  };
  explicit Script(std::shared_ptr<Notes> notes) : notes_{std::move(notes)} {}
  void open(std::uint64_t after, std::function<void()> wake) override {
    notes_->opened_after.push_back(after);
    notes_->wake = std::move(wake);
    next_ = after;
  }
  Step next(Tape& tape) override {
    if (next_ >= notes_->records.size()) return notes_->idle_at_end ? Step::idle : Step::ended;
    const std::uint64_t position = ++next_;
    notes_->records[position - 1](tape, position);
    return Step::record;
  }

 private:
  std::shared_ptr<Notes> notes_;
  std::uint64_t next_ = 0;
};

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;
Time at(std::int64_t ms) { return Time{kStart + ms * 1'000'000}; }
Script::Record plain(const Quote& q) {
  return [q](Tape& tape, std::uint64_t position) { tape.quote(q, position); };
}
Script::Record plain(const Trade& t) {
  return [t](Tape& tape, std::uint64_t position) { tape.trade(t, position); };
}
Quote good(std::int64_t ms, const char* bid = "99", InstrumentId id = kBtc) {
  return quote(bid, "101", "1", id, at(ms));
}

struct Fixture {
  std::shared_ptr<Script::Notes> notes = std::make_shared<Script::Notes>();
  Bench::Make make(Setting more = map({})) {
    more.fields.emplace_back("source", slot("script"));
    more.keys.push_back({});
    return actor("feed", more, {1}, std::make_shared<Scripted<Feed>>([notes = notes] {
                   return std::make_shared<Script>(notes);
                 }));
  }
};

struct Bad {
  const char* name;
  const char* setting;
  Script::Record record;
  TickFlaw flaw;
};
std::ostream& operator<<(std::ostream& out, const Bad& b) { return out << b.name; }

const Bad kBad[] = {
    {"crossed", "on_crossed", plain(quote("102", "101", "1", kBtc, at(5))), TickFlaw::crossed},
    {"locked", "on_locked", plain(quote("101", "101", "1", kBtc, at(5))), TickFlaw::locked},
    {"zero bid", "on_zero", plain(quote("0", "101", "1", kBtc, at(5))), TickFlaw::zero},
    {"negative ask", "on_zero", plain(quote("99", "-1", "1", kBtc, at(5))), TickFlaw::zero},
    {"negative size", "on_zero", plain(quote("99", "101", "-1", kBtc, at(5))), TickFlaw::zero},
    {"out of order", "on_out_of_order", plain(good(-1)), TickFlaw::out_of_order},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_bad_quote_is_dropped_flagged_or_passed_and_counted,
                     data::make(kBad) * data::make({"drop", "flag", "pass"}), bad, policy) {
  Fixture f;
  f.notes->records = {plain(good(0)), bad.record, plain(good(9))};
  Bench bench{f.make(map({{bad.setting, policy}}))};
  bench.run();
  if (std::string{policy} == "drop") {
    BOOST_TEST(bench.story() == "Quote BadTick Quote FeedEnded");
    BOOST_CHECK(bench.wrote<BadTick>()[0].flaw == bad.flaw);
    BOOST_CHECK(bench.wrote<BadTick>()[0].instrument == kBtc);
  } else {
    BOOST_TEST(bench.story() == "Quote Quote Quote FeedEnded");
    BOOST_CHECK(bench.wrote<Quote>()[1].flaw == (std::string{policy} == "flag" ? bad.flaw : TickFlaw::none));
  }
  // position, counts by flaw, …: the count is the same whatever the policy.
  const auto bytes = bench.state();
  std::uint64_t count = 0;
  std::memcpy(&count, bytes.data() + sizeof(std::uint64_t) * (1 + static_cast<std::size_t>(bad.flaw)),
              sizeof count);
  BOOST_TEST(count == 1u);
}

BOOST_AUTO_TEST_CASE(the_defaults_drop_what_cannot_be_traded_and_mark_what_is_locked) {
  Fixture f;
  for (const auto& bad : kBad) f.notes->records.push_back(bad.record);
  f.notes->records.insert(f.notes->records.begin(), plain(good(0)));
  Bench bench{f.make()};
  bench.run();
  BOOST_TEST(bench.story() == "Quote BadTick Quote BadTick BadTick BadTick BadTick FeedEnded");
  BOOST_CHECK(bench.wrote<Quote>()[1].flaw == TickFlaw::locked);
}

BOOST_AUTO_TEST_CASE(of_two_flaws_the_stricter_policy_wins) {
  Fixture f;
  f.notes->records = {plain(good(5)), plain(quote("101", "101", "1", kBtc, at(0)))};  // Locked and late.
  Bench bench{f.make()};
  bench.run();
  BOOST_CHECK(bench.wrote<BadTick>().at(0).flaw == TickFlaw::out_of_order);
}

BOOST_AUTO_TEST_CASE(a_late_tick_of_another_instrument_is_not_out_of_order) {
  Fixture f;
  f.notes->records = {plain(good(5)), plain(good(0, "99", kEth)), plain(good(5))};
  Bench bench{f.make()};
  bench.run();
  BOOST_TEST(bench.story() == "Quote Quote Quote FeedEnded");
}

BOOST_AUTO_TEST_CASE(trades_have_no_mark_and_are_dropped_instead) {
  Fixture f;
  f.notes->records = {plain(trade("0", "1")), plain(trade("5", "0")), plain(trade("5", "1"))};
  Bench bench{f.make(map({{"on_zero", "flag"}}))};
  bench.run();
  BOOST_TEST(bench.story() == "BadTick BadTick Trade FeedEnded");
}

BOOST_AUTO_TEST_CASE(a_book_level_is_not_judged_by_its_time) {
  Fixture f;
  f.notes->records = {plain(good(5)),
                      [](Tape& tape, std::uint64_t p) { tape.level(level(Side::buy, "9", "1"), p); },
                      [](Tape& tape, std::uint64_t p) { tape.level(level(Side::buy, "0", "1"), p); }};
  Bench bench{f.make()};
  bench.run();
  BOOST_TEST(bench.story() == "Quote BookLevel BadTick FeedEnded");
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_always_counted) {
  Fixture f;
  f.notes->records = {[](Tape& tape, std::uint64_t p) {
    tape.bad({kBtc, TickFlaw::not_a_number, at(0)}, p);
  }};
  Bench bench{f.make()};
  bench.run();
  BOOST_TEST(bench.story() == "BadTick FeedEnded");
}

BOOST_AUTO_TEST_CASE(the_end_is_told_once_and_stays_told) {
  Fixture f;
  f.notes->records = {plain(good(0))};
  Bench bench{f.make()};
  bench.run();
  bench.act();
  bench.restart();
  bench.run();
  BOOST_TEST(bench.story() == "Quote FeedEnded");
  BOOST_TEST(f.notes->opened_after.size() == 1u);  // A feed that has ended is not opened again.
}

BOOST_AUTO_TEST_CASE(an_idle_source_is_asked_again_when_it_wakes) {
  Fixture f;
  f.notes->idle_at_end = true;
  Bench bench{f.make()};
  bench.run();
  BOOST_TEST(!bench.act().again);
  f.notes->records = {plain(good(0))};
  f.notes->wake();
  BOOST_TEST(bench.woken());
  bench.run();
  BOOST_TEST(bench.story() == "Quote");
}

namespace {

/// Records of one to three events, some bad, of two instruments.
std::vector<Script::Record> mixed(int count) {
  std::vector<Script::Record> records;
  for (int i = 0; i < count; ++i)
    records.push_back([i](Tape& tape, std::uint64_t position) {
      tape.quote(good(i % 7 == 3 ? i - 50 : i, "99", i % 2 == 0 ? kBtc : kEth), position);
      if (i % 3 == 0) tape.trade(trade("100", "1"), position);
      if (i % 5 == 0) tape.level(level(Side::buy, "99", "1", false), position);
      if (i % 5 == 0) tape.level(level(Side::sell, "101", "1"), position);
    });
  return records;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_restart_after_every_event_loses_and_doubles_nothing, Fixture) {
  notes->records = mixed(60);
  Bench::Options options;
  options.lose_in_flight = true;
  BOOST_TEST(testkit::restart_difference(make(), options, [](Bench& bench) { bench.run(); }) == "");
  BOOST_TEST(notes->opened_after.size() > 40u);
}

BOOST_AUTO_TEST_CASE(the_synthetic_market_survives_restarts_too) {
  Bench::Options options;
  options.lose_in_flight = true;
  const auto synthetic =
      slot("synthetic", {{"instruments", list({"BTC", "ETH"})}, {"ticks", "300"}, {"seed", "4"}});
  BOOST_TEST(testkit::restart_difference(actor("feed", map({{"source", synthetic}})), options,
                                         [](Bench& bench) { bench.run(); }) == "");
}

BOOST_FIXTURE_TEST_CASE(a_record_is_never_split_by_the_room_there_is, Fixture) {
  notes->records = mixed(60);
  Bench plain_bench{make()};
  plain_bench.run();
  Bench::Options options;
  options.act_by_itself = false;
  Bench narrow{make(), options};
  narrow.room = 1;
  int acts = 0;
  std::uint64_t last = 0;
  while (narrow.act().again) {
    ++acts;
    std::uint64_t position = 0;
    for_each_event(narrow.journal().bytes(), [&](const Event& e) { position = e.header().origin; });
    BOOST_TEST(position == last + 1);  // One whole record each time.
    last = position;
  }
  BOOST_TEST(acts == 60);
  BOOST_TEST(narrow.story() == plain_bench.story());
}

BOOST_FIXTURE_TEST_CASE(without_room_it_waits, Fixture) {
  notes->records = mixed(10);
  Bench::Options options;
  options.act_by_itself = false;
  Bench bench{make(), options};
  bench.room = 0;
  BOOST_TEST(bench.act().again);
  BOOST_TEST(bench.story() == "");
}

BOOST_FIXTURE_TEST_CASE(one_act_reads_a_bounded_number_of_records, Fixture) {
  notes->records.assign(10'000, plain(good(0)));
  Bench::Options options;
  options.act_by_itself = false;
  Bench bench{make(), options};
  BOOST_TEST(bench.act().again);
  BOOST_TEST(bench.wrote<Quote>().size() == 4096u);
}

BOOST_FIXTURE_TEST_CASE(when_behind_it_may_keep_only_the_newest_quotes, Fixture) {
  notes->records = {plain(good(1, "1")), plain(good(2, "2", kEth)), plain(good(3, "3")),
                    plain(good(4, "4")), plain(trade("50", "1")),   plain(good(6, "6"))};
  notes->records[4] = [](Tape& tape, std::uint64_t p) {
    Trade t = trade("50", "1");
    t.venue_time = at(5);
    tape.trade(t, p);
  };
  Bench::Options options;
  options.act_by_itself = false;
  Bench bench{make(map({{"when_behind", "conflate"}})), options};
  bench.room = 0;
  BOOST_TEST(bench.act().again);
  BOOST_TEST(bench.act().again);  // The trade is in the way of more.
  BOOST_TEST(bench.story() == "");
  bench.room = 1000;
  bench.act();
  BOOST_TEST(bench.story() == "Quote Quote Trade Quote FeedEnded");
  std::vector<std::string> bids;
  for (const auto& q : bench.wrote<Quote>()) bids.push_back(q.bid.str());
  BOOST_TEST(bids == (std::vector<std::string>{"2", "4", "6"}), boost::test_tools::per_element());
  BOOST_TEST(bench.logs().at(0) == "the system was behind: 2 quotes were replaced by newer ones");
}

BOOST_FIXTURE_TEST_CASE(paced_records_come_when_their_time_has_come, Fixture) {
  notes->records = {plain(good(0)), plain(good(100)), plain(good(300))};
  Bench::Options options;
  options.act_by_itself = false;
  Bench bench{make(map({{"speed", "2"}})), options};
  const Time start = bench.now();
  BOOST_CHECK(bench.act().at == start + Duration{50'000'000});
  BOOST_TEST(bench.story() == "Quote");
  bench.advance(Duration{49'999'999});
  BOOST_CHECK(bench.act().at == start + Duration{50'000'000});
  BOOST_TEST(bench.story() == "Quote");
  bench.advance(Duration{1});
  BOOST_CHECK(bench.act().at == start + Duration{150'000'000});
  BOOST_TEST(bench.story() == "Quote Quote");
  bench.advance(Duration{100'000'000});
  bench.act();
  BOOST_TEST(bench.story() == "Quote Quote Quote FeedEnded");
}

BOOST_AUTO_TEST_SUITE_END()
