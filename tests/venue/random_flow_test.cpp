// The book against a naive one, on random flow: every event and, now and then, every level.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/sdk/random.hpp>

#include "book_pair.hpp"

namespace holdfast::test {
namespace {

using namespace venue;
using venue::OrdType;
using venue::TimeInForce;

NewOrder random_order(Random& random, std::int64_t now) {
  NewOrder order;
  order.account = static_cast<Account>(random.below(5));
  order.side = random.below(2) == 0 ? Side::buy : Side::sell;
  order.quantity = Quantity::of(static_cast<std::int64_t>(random.below(20)) + 1);
  order.self_trade = static_cast<SelfTrade>(random.below(4));
  const auto kind = random.below(20);
  order.type = kind < 15 ? OrdType::limit : kind < 17 ? OrdType::market : kind < 18 ? OrdType::stop : OrdType::stop_limit;
  // Sides overlap by a little: most orders rest, many trade.
  const std::int64_t lean = order.side == Side::buy ? -6 : 6;
  const auto price = [&] { return Price::of(1000 + lean + static_cast<std::int64_t>(random.below(17)) - 8); };
  if (order.type == OrdType::limit || order.type == OrdType::stop_limit) order.price = price();
  if (order.type == OrdType::stop || order.type == OrdType::stop_limit) order.stop_px = price();
  constexpr TimeInForce kAll[] = {TimeInForce::gtc, TimeInForce::gtc, TimeInForce::gtc, TimeInForce::day, TimeInForce::gtd, TimeInForce::ioc, TimeInForce::fok};
  order.tif = kAll[random.below(7)];
  if (order.tif == TimeInForce::gtd) order.expire_time = Time{now + static_cast<std::int64_t>(random.below(400))};
  order.post_only = random.below(8) == 0;
  if (random.below(6) == 0) order.display_qty = Quantity::of(static_cast<std::int64_t>(random.below(5)) + 1);
  return order;
}

void step(BookPair& pair, Random& random, std::int64_t now) {
  // The newest orders are those that are most likely still there.
  const auto some_order = [&] { return pair.accepted() - 1 - random.below(std::min<std::size_t>(pair.accepted(), 60)); };
  const auto what = random.below(1000);
  if (what < 600 || pair.accepted() == 0) return pair.submit(random_order(random, now));
  if (what < 850) return pair.cancel(some_order());
  if (what < 980)
    return pair.replace(some_order(), Price::of(990 + static_cast<std::int64_t>(random.below(21))),
                        Quantity::of(static_cast<std::int64_t>(random.below(25))));
  if (what < 990) return pair.cancel_all(static_cast<Account>(random.below(5)));
  pair.expire(Time{now}, random.below(10) == 0);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSteps = 50'000;
#else
constexpr std::uint64_t kSteps = 1'250'000;
#endif

}  // namespace

BOOST_AUTO_TEST_SUITE(random_flow)

/// Ten million operations over all seeds.
BOOST_DATA_TEST_CASE(the_book_does_what_the_naive_one_does, boost::unit_test::data::xrange(8)) {
  Random random{static_cast<std::uint64_t>(sample) + 1};
  BookPair pair;
  for (std::uint64_t i = 1; i <= kSteps; ++i) {
    step(pair, random, static_cast<std::int64_t>(i));
    if (!pair.agree()) BOOST_FAIL("seed " << sample + 1 << ": they differ after operation " << i);
    if (i % 1000 == 0 && !pair.same_levels()) BOOST_FAIL("seed " << sample + 1 << ": levels differ after operation " << i);
  }
  for (const auto count : pair.counts) BOOST_TEST(count > kSteps / 1000);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
