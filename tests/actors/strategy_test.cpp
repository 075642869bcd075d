// The strategy actor: what a strategy hears, and what becomes of what it asks for.
#include <boost/test/unit_test.hpp>

#include "actor_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(strategy_actor)

namespace {

constexpr ActorId kMe{1};

/// Writes down what it hears and does what the test says.
class Probe final : public Strategy {
 public:
  struct Notes {
    std::vector<std::string> heard;
    std::function<void(Desk&)> on_quote;
    std::function<void(TimerId, Desk&)> on_timer;
    std::function<void(const OrderUpdate&, Desk&)> on_order;
  };
  explicit Probe(std::shared_ptr<Notes> notes) : notes_{std::move(notes)} {}
  void on_quote(const Quote& q, Desk& desk) override {
    notes_->heard.push_back("quote " + q.bid.str());
    if (notes_->on_quote) notes_->on_quote(desk);
  }
  void on_trade(const Trade& t, Desk&) override { notes_->heard.push_back("trade " + t.price.str()); }
  void on_book(const BookLevel& l, Desk&) override { notes_->heard.push_back("level " + l.price.str()); }
  void on_timer(TimerId id, Desk& desk) override {
    notes_->heard.push_back("timer " + std::to_string(id.value));
    if (notes_->on_timer) notes_->on_timer(id, desk);
  }
  void on_order(const OrderUpdate& u, Desk& desk) override {
    notes_->heard.push_back("order " + std::to_string(static_cast<int>(u.kind)) + " " + u.leaves_qty.str() +
                            (u.text.empty() ? "" : " " + std::string{u.text}) + (u.terminal() ? " end" : ""));
    if (notes_->on_order) notes_->on_order(u, desk);
  }

 private:
  std::shared_ptr<Notes> notes_;
};

struct Fixture {
  std::shared_ptr<Probe::Notes> notes = std::make_shared<Probe::Notes>();
  Bench::Make make(Setting more = map({})) {
    more.fields.emplace_back("strategy", slot("probe"));
    more.keys.push_back({});
    return actor("strategy", more, kMe, std::make_shared<Scripted<Strategy>>([notes = notes] {
                   return std::make_shared<Probe>(notes);
                 }));
  }
  void check_heard(const std::vector<std::string>& expected) {
    BOOST_TEST(notes->heard == expected, boost::test_tools::per_element());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(it_hears_only_instruments_its_settings_name, Fixture) {
  Bench bench{make()};
  bench.tell(quote("1", "2"));
  bench.tell(quote("3", "4", "1", kEth));
  bench.tell(trade("5", "1"));
  bench.tell(trade("6", "1", kEth));
  bench.tell(level(Side::buy, "7", "1"));
  check_heard({"quote 1", "trade 5", "level 7"});
}

BOOST_FIXTURE_TEST_CASE(a_flagged_quote_is_skipped_unless_asked_for, Fixture) {
  Quote locked = quote("2", "2");
  locked.flaw = TickFlaw::locked;
  Bench deaf{make()};
  deaf.tell(locked);
  check_heard({});
  Bench open{make(map({{"hear_flagged", "true"}}))};
  open.tell(locked);
  check_heard({"quote 2"});
}

BOOST_FIXTURE_TEST_CASE(an_order_carries_its_reason_its_deadline_and_when_it_was_asked, Fixture) {
  notes->on_quote = [](Desk& desk) {
    desk.submit(limit(Side::sell, quantity("2"), kBtc, price("9")), "because");
  };
  Bench bench{make(map({{"release_within", "5s"}}))};
  bench.tell(quote("1", "2"));
  const auto intent = bench.wrote<OrderIntent>().at(0);
  BOOST_CHECK(intent.terms.cl_ord_id == ClOrdId::make(kMe, 1));
  BOOST_TEST(intent.terms.price.str() == "9");
  BOOST_CHECK(intent.terms.release_deadline == bench.now() + Duration{5'000'000'000});
  BOOST_CHECK(intent.asked == bench.now());
  BOOST_TEST(bench.words<OrderIntent>().at(0) == "because");
}

BOOST_FIXTURE_TEST_CASE(after_a_restore_it_gives_no_id_that_a_lost_life_may_have_given, Fixture) {
  notes->on_quote = [](Desk& desk) { desk.submit(market(Side::buy, quantity("1"), kBtc), "because"); };
  Bench bench{make()};
  bench.tell(quote("1", "2"));
  bench.tell(SystemRestored{2});
  bench.tell(quote("1", "2"));
  BOOST_TEST(bench.wrote<OrderIntent>().at(1).terms.cl_ord_id.counter() == 2 + ClOrdId::kSkipped);
}

BOOST_FIXTURE_TEST_CASE(without_release_within_there_is_no_deadline, Fixture) {
  notes->on_quote = [](Desk& desk) { desk.submit(market(Side::buy, quantity("1"), kBtc), "because"); };
  Bench bench{make()};
  bench.tell(quote("1", "2"));
  BOOST_CHECK(bench.wrote<OrderIntent>().at(0).terms.release_deadline == Time{});
}

BOOST_FIXTURE_TEST_CASE(it_hears_what_becomes_of_a_change_and_of_an_order_nobody_knows_about, Fixture) {
  notes->on_quote = [](Desk& desk) {
    const ClOrdId first = ClOrdId::make(kMe, 1);
    if (desk.now() == Time{}) return;
    if (desk.submit(limit(Side::buy, quantity("3"), kBtc, price("9")), "x") != first)
      desk.replace(first, quantity("4"), price("10"), "more");
    desk.replace(ClOrdId::make({8}, 1), quantity("4"), price("10"), "not mine");
  };
  Bench bench{make()};
  bench.tell(quote("1", "2"));
  const auto terms = bench.wrote<OrderIntent>().at(0).terms;
  const auto id = terms.cl_ord_id;
  bench.tell(OrderApproved{terms});
  bench.tell(ReplaceDenied{id, DenyReason::malformed}, "too early");
  bench.tell(OrderSent{terms, {}});
  bench.tell(OrderAcknowledged{id, 5});
  bench.tell(quote("1", "2"));
  BOOST_TEST_REQUIRE(bench.wrote<ReplaceIntent>().size() == 1u);
  BOOST_CHECK(bench.wrote<ReplaceIntent>()[0].cl_ord_id == id);
  BOOST_TEST(bench.wrote<ReplaceIntent>()[0].quantity.str() == "4");
  BOOST_TEST(bench.words<ReplaceIntent>()[0] == "more");
  bench.tell(ReplaceDenied{id, DenyReason::rule}, "limit");
  bench.tell(ReplaceApproved{id, quantity("4"), price("10")});
  bench.tell(ReplaceSent{id, quantity("4"), price("10"), 1, {}});
  bench.tell(OrderReplaced{id, quantity("4"), price("10"), quantity("4"), 0, 1});
  bench.tell(ReplaceSent{id, quantity("5"), price("10"), 2, {}});
  bench.tell(ReplaceRejected{id}, "no");
  bench.tell(OrderUnknown{id}, "lost");
  bench.tell(OrderAcknowledged{id, 5});
  const auto kind = [](OrderUpdate::Kind k) { return "order " + std::to_string(static_cast<int>(k)); };
  using K = OrderUpdate::Kind;
  check_heard({"quote 1", kind(K::approved) + " 3", kind(K::replace_rejected) + " 3 too early", kind(K::sent) + " 3",
               kind(K::acknowledged) + " 3", "quote 1", kind(K::replace_rejected) + " 3 limit", kind(K::replaced) + " 4",
               kind(K::replace_rejected) + " 4 no", kind(K::unknown) + " 4 lost", kind(K::acknowledged) + " 4"});
}

BOOST_FIXTURE_TEST_CASE(late_fills_and_busts_move_its_position_also_after_the_end_of_the_order, Fixture) {
  notes->on_quote = [](Desk& desk) { desk.submit(limit(Side::buy, quantity("3"), kBtc, price("9")), "x"); };
  std::vector<std::string> held;
  notes->on_order = [&](const OrderUpdate& u, Desk& desk) {
    BOOST_CHECK(u.instrument == kBtc && u.side == Side::buy);
    if (!u.last_qty.is_zero()) held.push_back(desk.position(kBtc).str() + " after " + u.last_qty.str());
  };
  Bench bench{make()};
  bench.tell(quote("1", "2"));
  const auto terms = bench.wrote<OrderIntent>().at(0).terms;
  bench.tell(OrderApproved{terms});
  bench.tell(OrderSent{terms, {}});
  bench.tell(fill(terms, 1, "9", "1", "1", "2"));
  FillBusted bust;
  bust.cl_ord_id = terms.cl_ord_id;
  bust.exec_id = 1;
  bust.instrument = kBtc;
  bust.last_px = price("9");
  bust.last_qty = quantity("1");
  bench.tell(bust, "error");
  BOOST_TEST(notes->heard.back() == "order " + std::to_string(static_cast<int>(OrderUpdate::Kind::busted)) + " 3 error");
  bench.tell(OrderCancelled{terms.cl_ord_id, quantity("3")});
  bench.tell(fill(terms, 2, "9", "2", "2", "0"));
  bench.tell(bust, "error");
  BOOST_TEST(held == (std::vector<std::string>{"1 after 1", "0 after 1", "2 after 2", "1 after 1"}),
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(it_hears_the_whole_story_of_its_own_orders_only, Fixture) {
  notes->on_quote = [](Desk& desk) { desk.submit(limit(Side::buy, quantity("3"), kBtc, price("9")), "x"); };
  Quantity held;
  notes->on_order = [&](const OrderUpdate& u, Desk& desk) {
    if (u.kind == OrderUpdate::Kind::filled) held = desk.position(kBtc);
  };
  Bench bench{make()};
  bench.tell(quote("1", "2"));
  const OrderTerms mine = bench.wrote<OrderIntent>().at(0).terms;
  const OrderTerms other = order(ActorId{2}, 1, Side::buy, "3", "9");
  for (const auto& terms : {other, mine}) {
    if (terms.cl_ord_id != mine.cl_ord_id) bench.tell(OrderIntent{terms, {}}, "", ActorId{2});
    bench.tell(OrderApproved{terms});
    bench.tell(OrderSent{terms, bench.now()});
    bench.tell(OrderAcknowledged{terms.cl_ord_id, 1});
    bench.tell(fill(terms, 1, "9", "1", "1", "2"));
    bench.tell(fill(terms, 1, "9", "1", "1", "2"));  // Told twice.
    bench.tell(OrderExpired{terms.cl_ord_id, quantity("2")}, "too late");
  }
  check_heard({"quote 1", "order 0 3", "order 2 3", "order 3 3", "order 4 2", "order 6 0 too late end"});
  BOOST_TEST(held.str() == "1");
}

BOOST_FIXTURE_TEST_CASE(timers_fire_in_the_order_of_their_times_before_the_event, Fixture) {
  int quotes = 0;
  Bench bench{make()};
  const Time start = bench.now();
  notes->on_quote = [&](Desk& desk) {
    if (++quotes > 1) return;
    desk.timer(TimerId{1}, start + Duration{30});
    desk.timer(TimerId{2}, start + Duration{20});
    desk.timer(TimerId{3}, start + Duration{20});
    desk.timer(TimerId{4}, start + Duration{500});
    desk.timer(TimerId{4}, start + Duration{40});  // Moved.
  };
  bench.tell(quote("1", "2"));
  BOOST_CHECK(bench.actor().wake_at() == start + Duration{20});
  Bench late{[&, bytes = bench.state()] {
               auto made = make()();
               restore(*made, bytes);
               return made;
             },
             {.self = kMe, .start = start + Duration{40}}};
  late.tell(quote("5", "6"));
  check_heard({"quote 1", "timer 2", "timer 3", "timer 1", "timer 4", "quote 5"});
  BOOST_CHECK(late.actor().wake_at() == Time{});
}

BOOST_FIXTURE_TEST_CASE(a_timer_is_an_event_of_its_own_when_nothing_else_happens, Fixture) {
  notes->on_quote = [](Desk& desk) { desk.timer(TimerId{1}, desk.now() + Duration{100}); };
  std::vector<Time> fired;
  notes->on_timer = [&](TimerId, Desk& desk) {
    fired.push_back(desk.now());
    if (fired.size() < 3) desk.timer(TimerId{1}, desk.now() + Duration{100});
  };
  Bench bench{make()};
  const Time start = bench.now();
  bench.tell(quote("1", "2"));
  bench.advance(Duration{1000});
  const std::vector<Time> expected{start + Duration{100}, start + Duration{200}, start + Duration{300}};
  BOOST_CHECK(fired == expected);
}

BOOST_FIXTURE_TEST_CASE(a_timer_set_to_now_by_itself_waits_for_the_next_event, Fixture) {
  notes->on_quote = [](Desk& desk) { desk.timer(TimerId{1}, desk.now()); };
  notes->on_timer = [](TimerId, Desk& desk) { desk.timer(TimerId{1}, desk.now()); };
  Bench bench{make()};
  bench.tell(quote("1", "2"));
  bench.tell(trade("3", "1"));
  check_heard({"quote 1", "timer 1", "trade 3"});
}

BOOST_FIXTURE_TEST_CASE(cancelling_an_ended_or_foreign_order_is_harmless, Fixture) {
  ClOrdId mine;
  notes->on_quote = [&](Desk& desk) {
    if (mine.value == 0) mine = desk.submit(market(Side::buy, quantity("1"), kBtc), "x");
    desk.cancel(mine, "enough");  // Even in the breath that asked for it.
    desk.cancel(ClOrdId::make(ActorId{2}, 1), "not mine");
    desk.cancel(ClOrdId::make(kMe, 77), "never asked for");
  };
  Bench::Options options;
  options.restart_after_every_event = true;  // What has ended stays known as ended.
  Bench bench{make(), options};
  bench.tell(quote("1", "2"));
  BOOST_TEST(bench.story() == "OrderIntent CancelIntent");
  bench.tell(quote("1", "2"));
  BOOST_TEST(bench.story() == "OrderIntent CancelIntent CancelIntent");
  bench.tell(OrderDenied{mine, DenyReason::rule, kBtc}, "no");
  bench.tell(quote("1", "2"));
  BOOST_TEST(bench.story() == "OrderIntent CancelIntent CancelIntent");
}

BOOST_FIXTURE_TEST_CASE(an_id_in_the_journal_is_never_given_again, Fixture) {
  notes->on_quote = [](Desk& desk) { desk.submit(market(Side::buy, quantity("1"), kBtc), "x"); };
  Bench bench{make()};
  // An earlier version of the strategy asked for more than this one would have.
  bench.tell(OrderIntent{order(kMe, 41, Side::buy, "1"), {}}, "", kMe);
  bench.tell(quote("1", "2"));
  BOOST_TEST(bench.wrote<OrderIntent>().back().terms.cl_ord_id.counter() == 42u);
}

BOOST_FIXTURE_TEST_CASE(randomness_is_part_of_the_state, Fixture) {
  std::vector<std::uint64_t> drawn;
  notes->on_quote = [&](Desk& desk) { drawn.push_back(desk.random().next()); };
  Bench bench{make()};
  bench.tell(quote("1", "2"));
  const auto before = bench.state();
  bench.tell(quote("1", "2"));
  Bench again{[&] {
    auto made = make()();
    restore(*made, before);
    return made;
  }};
  again.tell(quote("1", "2"));
  BOOST_TEST_REQUIRE(drawn.size() == 3u);
  BOOST_TEST(drawn[1] == drawn[2]);
  BOOST_TEST(drawn[0] != drawn[1]);
}

BOOST_FIXTURE_TEST_CASE(what_a_removed_strategy_hands_over_is_this_ones_to_see_and_to_cancel, Fixture) {
  constexpr ActorId kGone{7};
  Bench bench{make()};
  const auto old = order(kGone, 4, Side::buy, "5", "10"), done = order(kGone, 3, Side::buy, "2", "10");
  bench.tell(fill(done, 1, "10", "2", "2", "0"));
  std::vector<std::string> seen;
  notes->on_order = [&](const OrderUpdate& update, Desk& desk) {
    seen.push_back(desk.position(kBtc).str());
    if (update.kind == OrderUpdate::Kind::inherited) desk.cancel(update.cl_ord_id, "not wanted");
  };
  bench.tell(StrategyRemoved{kGone, kMe, Removal::hand_over, {}});
  OrderHandedOver told;
  told.terms = old;
  told.leaves_qty = quantity("5");
  told.heir = kMe;
  told.status = 4;  // Acknowledged.
  bench.tell(told);
  BOOST_TEST_REQUIRE(bench.wrote<CancelIntent>().size() == 1u);
  BOOST_CHECK(bench.wrote<CancelIntent>()[0].cl_ord_id == old.cl_ord_id);
  bench.tell(fill(old, 2, "10", "1", "1", "4"));
  bench.tell(fill(done, 3, "10", "0.5", "2.5", "0"));  // Of an order that had ended before it changed hands.
  const std::vector<std::string> expected{"2", "3", "3.5"};
  BOOST_TEST(seen == expected, boost::test_tools::per_element());
  told.terms = order(ActorId{8}, 9, Side::buy, "1", "10");  // Another's, and another's it stays.
  bench.tell(told, "", ActorId{});
  BOOST_TEST(notes->heard.size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_desk_tells_its_own_share_from_what_the_accounts_hold, Fixture) {
  Bench bench{make()};
  std::string seen;
  notes->on_quote = [&](Desk& desk) {
    seen = desk.position(kBtc).str() + " of " + desk.account_position(kBtc).str() + ", " + desk.account_position(kEth).str();
  };
  bench.tell(fill(order(kMe, 1, Side::buy, "2"), 1, "10", "2", "2", "0"), "", ActorId{21});
  bench.tell(fill(order(ActorId{7}, 1, Side::sell, "5"), 2, "10", "5", "5", "0"), "", ActorId{22});
  PositionAdjusted found;
  found.instrument = kBtc;
  found.change = quantity("10");
  bench.tell(found, "ann\nby phone", ActorId{21});
  bench.tell(quote("1", "2"));
  BOOST_TEST(seen == "2 of 7, 0");
}

BOOST_FIXTURE_TEST_CASE(ids_used_in_its_name_while_it_was_removed_are_not_its_own_to_go_on_from, Fixture) {
  Bench bench{make()};
  notes->on_quote = [](Desk& desk) { desk.submit(market(Side::buy, quantity("1"), kBtc), "x"); };
  bench.tell(quote("1", "2"));
  bench.tell(OrderIntent{order(kMe, std::uint64_t{1} << 47, Side::sell, "1"), {}}, "", ActorId{3});
  bench.tell(quote("1", "2"));
  BOOST_TEST_REQUIRE(bench.wrote<OrderIntent>().size() == 2u);
  BOOST_TEST(bench.wrote<OrderIntent>()[1].terms.cl_ord_id.counter() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
