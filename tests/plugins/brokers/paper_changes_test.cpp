// The paper venue: orders that are changed, and orders that must not take.
#include "paper_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_CASE(a_changed_order_comes_anew_with_what_is_left_of_it) {
  Bench bench{paper()};
  bench.tell(quote("99", "101", "2"));
  const auto terms = send(bench, 1, Side::buy, "3", "100");
  bench.tell(quote("98", "100", "1"));
  change(bench, terms, "5", "99");
  BOOST_TEST(bench.story() == "OrderSent OrderAcknowledged OrderFilled ReplaceSent OrderReplaced");
  const auto made = bench.wrote<OrderReplaced>().at(0);
  BOOST_TEST(made.leaves_qty.str() == "4");
  BOOST_TEST(made.revision == 1u);
  bench.tell(quote("98", "99.5", "9"));
  change(bench, terms, "6", "100");  // Now it takes.
  check_fills(bench, {"1@100 maker", "5@99.5 taker"});
}

BOOST_AUTO_TEST_CASE(a_change_to_what_is_filled_already_ends_the_order_and_one_of_no_order_is_refused) {
  Bench bench{paper({{"latency", "1ms"}})};
  bench.tell(quote("99", "101", "2"));
  const auto terms = send(bench, 1, Side::buy, "3", "100");
  bench.advance(Duration{1'000'000});
  bench.tell(quote("98", "100", "1"));
  change(bench, terms, "2", "100");
  bench.tell(quote("98", "100", "1"));
  bench.advance(Duration{1'000'000});
  BOOST_TEST(bench.story() == "OrderSent OrderAcknowledged OrderFilled ReplaceSent OrderFilled OrderReplaced OrderCancelled");
  const auto second = send(bench, 2, Side::buy, "1", "100");
  bench.tell(quote("99", "101", "2"));
  bench.advance(Duration{1'000'000});
  change(bench, second, "2", "100");
  bench.tell(quote("98", "100", "1"));
  bench.advance(Duration{1'000'000});
  BOOST_TEST(bench.words<ReplaceRejected>().at(0) == "no such order is open");
}

BOOST_AUTO_TEST_CASE(post_only_rests_or_is_refused_and_never_takes) {
  Bench bench{paper()};
  bench.tell(quote("99", "101", "2"));
  post(bench, 1, Side::buy, "1", "101");
  post(bench, 2, Side::buy, "1");  // At any price.
  BOOST_TEST(bench.words<OrderRejected>() == (std::vector<std::string>(2, "post only, and it would take")),
             boost::test_tools::per_element());
  const auto resting = post(bench, 3, Side::buy, "1", "100");
  change(bench, resting, "1", "101");
  BOOST_TEST(bench.words<ReplaceRejected>().at(0) == "post only, and it would take");
  check_fills(bench, {});
  bench.tell(quote("98", "100", "1"));  // Where it was, it still is.
  check_fills(bench, {"1@100 maker"});
}
