// Our book against the venue's: what is corrected, what is asked for, and what nobody can explain.
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <holdfast/trading/reconcile.hpp>
#include <string>

#include "order_events.hpp"
#include "venue_model.hpp"

namespace {

using namespace holdfast;
using namespace holdfast::test;
namespace data = boost::unit_test::data;
using State = VenueOrder::State;

VenueOrder at_venue(const OrderTerms& t, State state, int cum, std::uint64_t venue_id = 5) {
  VenueOrder o;
  o.state = state;
  o.terms = t;
  o.venue_order_id = venue_id;
  o.cum_qty = Quantity::of(cum);
  o.leaves_qty = t.quantity - o.cum_qty;
  o.text = "says the venue";
  return o;
}

VenueFill venue_fill(const OrderTerms& t, std::uint64_t exec, int size, std::uint64_t venue_id = 5) {
  VenueFill f;
  f.cl_ord_id = t.cl_ord_id;
  f.exec_id = exec;
  f.venue_order_id = venue_id;
  f.instrument = t.instrument;
  f.side = t.side;
  f.last_px = Price::of(100);
  f.last_qty = Quantity::of(size);
  return f;
}

/// The whole account, of nothing.
VenueStatement statement(std::vector<VenueOrder> open = {}, std::vector<VenueFill> fills = {}) {
  VenueStatement s;
  s.open = std::move(open);
  s.fills = std::move(fills);
  return s;
}

struct Fixture {
  Books books;
  OrderTerms t = terms();

  /// One order as far as `status`: approved, sent or acknowledged; or unknown after it was acknowledged.
  void bring(OrdStatus status) {
    books.tell(OrderIntent{t, {}});
    books.tell(OrderApproved{t});
    if (status == OrdStatus::approved) return;
    books.tell(OrderSent{t, {}});
    if (status == OrdStatus::sent) return;
    books.tell(OrderAcknowledged{t.cl_ord_id, 5});
    if (status == OrdStatus::unknown) books.tell(OrderUnknown{t.cl_ord_id});
  }
  const Order* found() const { return books.orders.find(t.cl_ord_id); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reconciling, Fixture)

BOOST_AUTO_TEST_CASE(books_that_are_equal_need_nothing) {
  bring(OrdStatus::acknowledged);
  const auto found = books.compare(statement({at_venue(t, State::working, 0)}));
  BOOST_TEST(Books::story(found) == "");
  BOOST_TEST(found.agrees());
}

BOOST_AUTO_TEST_CASE(an_order_that_nobody_here_asked_for_is_adopted_under_an_id_that_is_always_the_same) {
  auto theirs = at_venue(terms(0, Side::sell), State::working, 0, 4711);
  theirs.terms.cl_ord_id = {};
  theirs.venue_cl_ord_id = "BY-HAND-1";
  const auto found = books.settle(statement({theirs}));
  BOOST_TEST(Books::story(found) == "OrderAdopted");
  const Order* adopted = books.orders.find(external_id(Books::kBroker, 4711));
  BOOST_REQUIRE(adopted != nullptr);
  BOOST_TEST(adopted->owner().value == 0);
  BOOST_TEST(adopted->venue_cl_ord_id == "BY-HAND-1");
  BOOST_CHECK(adopted->terms.broker == Books::kBroker);
}

BOOST_AUTO_TEST_CASE(ids_of_external_orders_say_whose_venue_they_are_at_and_what_they_are_called_there) {
  const auto of = [](std::uint64_t number, std::uint16_t broker = 6) { return external_id(ActorId{broker}, number); };
  BOOST_CHECK(of(4711) == of(4711));
  BOOST_CHECK(of(4711) != of(4712));
  BOOST_CHECK(of(4711, 6) != of(4711, 7));  // Each venue counts for itself.
  BOOST_CHECK(external_parts(of(4711, 7)).broker == ActorId{7});
  BOOST_TEST(external_parts(of(4711, 7)).number == 4711u);
  for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{1} << 36, UINT64_MAX}) BOOST_CHECK(of(number).owner() == ActorId{});
  BOOST_CHECK(of(UINT64_MAX) != of(UINT64_MAX - 1));
  BOOST_CHECK(of(1ULL << 60) != of(1ULL << 61));
}

BOOST_AUTO_TEST_CASE(fills_of_an_external_order_come_on_top_of_what_it_was_adopted_with) {
  auto theirs = at_venue(t, State::working, 7);
  auto fresh = venue_fill(t, 31, 3);
  theirs.terms.cl_ord_id = fresh.cl_ord_id = {};
  const auto found = books.settle(statement({theirs}, {fresh, fresh}));  // One listed twice counts once.
  BOOST_TEST(Books::story(found) == "OrderAdopted OrderFilled");
  BOOST_TEST(books.orders.find(external_id(Books::kBroker, 5))->cum_qty.str() == "7");
  BOOST_TEST(books.orders.find(external_id(Books::kBroker, 5))->leaves_qty.str() == "3");
}

BOOST_AUTO_TEST_CASE(our_own_order_that_had_ended_here_and_works_there_is_ours_again) {
  bring(OrdStatus::sent);
  books.tell(OrderRejected{t.cl_ord_id});
  BOOST_TEST(Books::story(books.settle(statement({at_venue(t, State::working, 0)}))) == "OrderAdopted");
  BOOST_REQUIRE(found() != nullptr);
  BOOST_CHECK(found()->owner() == kOwner);
}

BOOST_AUTO_TEST_CASE(fills_that_we_missed_count_once_in_whatever_order_they_are_told) {
  std::vector<VenueFill> fills{venue_fill(t, 11, 1), venue_fill(t, 12, 2), venue_fill(t, 13, 4)};
  std::ranges::sort(fills, {}, &VenueFill::exec_id);
  do {
    Fixture one;
    one.bring(OrdStatus::acknowledged);
    auto told = fills;
    told.push_back(fills.front());
    const auto done = one.books.settle(statement({at_venue(t, State::working, 7)}, told));
    BOOST_TEST(Books::story(done) == "OrderFilled OrderFilled OrderFilled");
    BOOST_TEST(one.found()->cum_qty.str() == "7");
    BOOST_TEST(one.found()->leaves_qty.str() == "3");
    BOOST_TEST(one.books.positions[kInstrument].str() == "7");
  } while (std::ranges::next_permutation(fills, {}, &VenueFill::exec_id).found);
}

BOOST_AUTO_TEST_CASE(what_was_taken_back_while_we_were_away_is_taken_back_once) {
  bring(OrdStatus::acknowledged);
  books.settle(statement({at_venue(t, State::working, 7)}, {venue_fill(t, 11, 3), venue_fill(t, 12, 4)}));
  auto gone = venue_fill(t, 13, 4);
  gone.takes_back = 12;
  auto told = statement({at_venue(t, State::working, 3)}, {gone, gone});
  told.positions = {{kInstrument, Quantity::of(3)}};
  const auto done = books.settle(told);
  BOOST_TEST(Books::story(done) == "FillBusted");
  BOOST_TEST(done.agrees());
  BOOST_TEST(found()->cum_qty.str() == "3");
  BOOST_TEST(books.positions[kInstrument].str() == "3");
  BOOST_TEST(Books::story(books.settle(told)) == "");
}

BOOST_AUTO_TEST_CASE(a_fill_that_was_taken_back_before_we_heard_of_it_counts_for_nothing_now_and_when_it_comes) {
  bring(OrdStatus::acknowledged);
  auto gone = venue_fill(t, 12, 4);
  gone.takes_back = 11;
  auto told = statement({at_venue(t, State::working, 0)}, {gone});
  told.positions.emplace();
  const auto done = books.settle(told);
  BOOST_TEST(Books::story(done) == "FillBusted");
  BOOST_TEST(done.agrees());
  BOOST_TEST(books.positions[kInstrument].is_zero());
  BOOST_TEST(found()->leaves_qty.str() == t.quantity.str());
  told.fills->push_back(venue_fill(t, 11, 4));
  BOOST_TEST(Books::story(books.settle(told)) == "");
}

BOOST_AUTO_TEST_CASE(a_fill_of_an_order_that_has_ended_still_moves_the_position) {
  bring(OrdStatus::acknowledged);
  books.tell(OrderCancelled{t.cl_ord_id, t.quantity});
  auto told = statement({}, {venue_fill(t, 11, 4)});
  told.positions = {{kInstrument, Quantity::of(4)}};
  const auto found = books.settle(told);
  BOOST_TEST(Books::story(found) == "OrderFilled");
  BOOST_TEST(found.differences.empty());
  BOOST_TEST(books.positions[kInstrument].str() == "4");
}

BOOST_AUTO_TEST_CASE(an_approved_order_that_the_venue_knows_was_sent) {
  bring(OrdStatus::approved);
  BOOST_TEST(Books::story(books.settle(statement({at_venue(t, State::working, 3)}, {venue_fill(t, 11, 3)}))) ==
             "OrderSent OrderFilled");
  BOOST_TEST(found()->leaves_qty.str() == "7");
  Fixture rejected;
  rejected.bring(OrdStatus::approved);
  auto told = statement();
  told.asked = {at_venue(t, State::rejected, 0)};
  BOOST_TEST(Books::story(rejected.books.settle(told)) == "OrderSent OrderRejected");
  Fixture resting;
  resting.bring(OrdStatus::approved);
  BOOST_TEST(Books::story(resting.books.settle(statement({at_venue(t, State::working, 0)}))) ==
             "OrderSent OrderAcknowledged");
}

BOOST_AUTO_TEST_CASE(an_approved_order_that_the_venue_does_not_mention_is_not_missed) {
  bring(OrdStatus::approved);
  BOOST_TEST(books.compare(statement()).agrees());
}

namespace {

struct Answer {
  State state;
  int cum;
  const char* story;
};
std::ostream& operator<<(std::ostream& out, const Answer& a) { return out << a.story; }
const Answer kAnswers[] = {
    {State::working, 0, "OrderAcknowledged"},
    {State::working, 4, "OrderFilled"},
    {State::cancelled, 4, "OrderFilled OrderCancelled"},
    {State::expired, 0, "OrderExpired"},
    {State::rejected, 0, "OrderRejected"},
    {State::filled, 10, "OrderFilled"},
};

}  // namespace

BOOST_DATA_TEST_CASE(what_was_unknown_is_what_the_venue_says_it_is, data::make(kAnswers), answer) {
  for (const OrdStatus before : {OrdStatus::sent, OrdStatus::unknown}) {
    Fixture one;
    one.bring(before);
    VenueStatement told;
    told.fills.emplace();
    if (answer.cum != 0) told.fills->push_back(venue_fill(t, 11, answer.cum));
    told.asked = {at_venue(t, answer.state, answer.cum)};
    const auto done = one.books.settle(told);
    BOOST_TEST(Books::story(done) == answer.story);
    BOOST_TEST(done.agrees());
    BOOST_TEST((one.found() == nullptr) == (answer.state != State::working));
    if (one.found() != nullptr) BOOST_CHECK(one.found()->status != OrdStatus::unknown);
  }
}

BOOST_AUTO_TEST_CASE(an_order_that_is_not_listed_is_asked_for_by_name_before_anything_is_concluded) {
  bring(OrdStatus::acknowledged);
  const auto first = books.compare(statement());
  BOOST_TEST(Books::story(first) == "");
  BOOST_TEST((first.absent == std::vector{t.cl_ord_id}));
  BOOST_TEST(!first.agrees());
  auto told = statement();
  told.asked = {at_venue(t, State::not_found, 0)};
  const auto second = books.compare(told);
  BOOST_TEST(Books::story(second) == "");
  BOOST_TEST(second.absent.empty());
  BOOST_TEST((second.not_found == std::vector{t.cl_ord_id}));
  VenueStatement only_positions;  // Open orders were not asked for: nothing is absent.
  only_positions.positions.emplace();
  BOOST_TEST(books.compare(only_positions).agrees());
}

BOOST_AUTO_TEST_CASE(orders_of_another_broker_are_none_of_this_venues) {
  t.broker = ActorId{9};
  bring(OrdStatus::acknowledged);
  BOOST_TEST(books.compare(statement()).agrees());
}

BOOST_AUTO_TEST_CASE(terms_that_were_changed_without_our_hearing_are_taken_over) {
  bring(OrdStatus::acknowledged);
  books.tell(ReplaceApproved{t.cl_ord_id, Quantity::of(12), Price::of(99)});
  books.tell(ReplaceSent{t.cl_ord_id, Quantity::of(12), Price::of(99), 1, {}});
  books.tell(OrderUnknown{t.cl_ord_id});
  auto changed = t;
  changed.quantity = Quantity::of(12);
  changed.price = Price::of(99);
  BOOST_TEST(Books::story(books.settle(statement({at_venue(changed, State::working, 0, 6)}))) ==
             "OrderAcknowledged OrderReplaced");
  BOOST_TEST(found()->terms.quantity.str() == "12");
  BOOST_TEST(found()->venue_order_id == 6u);
  BOOST_TEST(found()->asked_qty.is_zero());
}

BOOST_AUTO_TEST_CASE(a_change_whose_answer_was_lost_and_that_was_not_made_is_no_longer_waited_for) {
  bring(OrdStatus::acknowledged);
  books.tell(ReplaceApproved{t.cl_ord_id, Quantity::of(12), Price::of(99)});
  books.tell(ReplaceSent{t.cl_ord_id, Quantity::of(12), Price::of(99), 1, {}});
  books.tell(OrderUnknown{t.cl_ord_id});
  BOOST_TEST(Books::story(books.settle(statement({at_venue(t, State::working, 0)}))) ==
             "OrderAcknowledged ReplaceRejected");
  BOOST_TEST(found()->exposed().str() == "10");
}

BOOST_AUTO_TEST_CASE(an_order_made_smaller_until_it_was_filled_is_over) {
  bring(OrdStatus::acknowledged);
  auto smaller = t;
  smaller.quantity = Quantity::of(4);
  VenueStatement told = statement({}, {venue_fill(t, 11, 4)});
  told.asked = {at_venue(smaller, State::filled, 4)};
  BOOST_TEST(Books::story(books.settle(told)) == "OrderFilled OrderCancelled");
  BOOST_TEST(books.orders.open().empty());
}

BOOST_AUTO_TEST_CASE(a_filled_amount_that_the_fills_do_not_explain_is_a_difference_either_way) {
  bring(OrdStatus::acknowledged);
  books.tell(fill(t, 4, 4, 6));
  for (const int cum : {3, 5})
    for (const State state : {State::working, State::cancelled}) {
      VenueStatement told = statement({at_venue(t, state, cum)});
      told.asked = *told.open;  // Said twice, it is one difference.
      const auto found = books.compare(told);
      BOOST_TEST(Books::story(found) == "");
      BOOST_TEST_REQUIRE(found.differences.size() == 1u);
      BOOST_CHECK(found.differences[0].kind == DifferenceKind::order);
      BOOST_TEST(found.differences[0].ours.str() == "4");
      BOOST_TEST(found.differences[0].theirs.str() == std::to_string(cum));
      BOOST_CHECK(found.differences[0].cl_ord_id == t.cl_ord_id);
    }
}

BOOST_AUTO_TEST_CASE(positions_differ_or_not_and_missing_is_not_flat) {
  VenueStatement told;
  told.positions = {{kInstrument, Quantity::of(3)}};
  books.positions[kInstrument] = Quantity::of(3);
  BOOST_TEST(books.compare(told).agrees());
  told.positions = {{kInstrument, Quantity::of(1)}, {kInstrument, Quantity::of(2)}};  // Told in two parts.
  BOOST_TEST(books.compare(told).agrees());
  told.positions = {{kInstrument, -Quantity::of(3)}};
  auto found = books.compare(told);
  BOOST_TEST_REQUIRE(found.differences.size() == 1u);
  BOOST_TEST(found.differences[0].theirs.str() == "-3");
  BOOST_TEST(found.differences[0].evidence == "our fills amount to 3, the venue says -3");
  told.positions.emplace();
  found = books.compare(told);
  BOOST_TEST_REQUIRE(found.differences.size() == 1u);
  BOOST_TEST(found.differences[0].evidence == "our fills amount to 3, the venue does not mention it");
  books.positions[kInstrument] = {};
  BOOST_TEST(books.compare(told).agrees());
  told.positions.reset();  // Not told at all.
  books.positions[kInstrument] = Quantity::of(3);
  BOOST_TEST(books.compare(told).agrees());
}

BOOST_AUTO_TEST_CASE(whatever_was_lost_the_books_agree_once_the_corrections_are_folded) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
      VenueModel venue{seed};
      for (int step = 0; step < 60; ++step) {
        venue.step();
        if (step % 20 != 19) continue;
        // First what is open; then by name, what was absent from it.
        auto first = venue.statement();
        auto found = venue.ours.settle(first);
        BOOST_TEST(found.differences.empty());
        first.asked = venue.ask(found.absent);
        found = venue.ours.settle(first);
        BOOST_TEST(found.agrees());
        // Asked again, nothing is left to mend.
        const auto before = save(venue.ours.orders);
        found = venue.ours.settle(first);
        BOOST_TEST(Books::story(found) == "");
        BOOST_TEST(found.agrees());
        BOOST_CHECK(save(venue.ours.orders) == before);
        BOOST_TEST(venue.difference() == "");
      }
    }
}

BOOST_AUTO_TEST_CASE(ten_thousand_open_orders_are_compared_in_less_than_a_second) {
  VenueStatement told = statement();
  for (std::uint64_t n = 1; n <= 10'000; ++n) {
    t = terms(n);
    bring(OrdStatus::acknowledged);
    if (n % 2 == 0) told.open->push_back(at_venue(t, State::working, 3, n));
    if (n % 2 == 0) told.fills->push_back(venue_fill(t, n, 3, n));
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto found = books.compare(told);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  BOOST_TEST(found.corrections.size() == 5'000u);
  BOOST_TEST(found.absent.size() == 5'000u);
#ifdef NDEBUG
  BOOST_TEST(took.count() < 1.0);
#endif
  BOOST_TEST_MESSAGE("10000 orders compared in " << took.count() << " s");
}

BOOST_AUTO_TEST_SUITE_END()
