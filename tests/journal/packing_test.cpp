#include <boost/test/unit_test.hpp>
#include <holdfast/journal/packing.hpp>

#include "journal_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

EventBytes market_of(std::uint64_t seed) {
  Random random{seed};
  EventBuffer buffer;
  for (std::uint64_t n = random.below(50), i = 0; i < n; ++i) {
    // Random words now and then, so that every byte count occurs.
    Quote q = quote(static_cast<std::int64_t>(100 + i));
    if (random.below(3) == 0)
      q.ask_size = Quantity::from_raw(static_cast<std::int64_t>(random.next() >> random.below(64)));
    buffer.append(q, kFeed, i, true, Time{static_cast<std::int64_t>(i * 1000)});
    if (random.below(5) == 0)
      buffer.append(TimeAdvanced{}, ActorId{}, 0, true, Time{static_cast<std::int64_t>(random.next())});
    if (random.below(9) == 0)
      buffer.append(BadTick{}, kFeed, i, true, Time{}, std::string(random.below(600), 't'));
  }
  return EventBytes(buffer.bytes().begin(), buffer.bytes().end());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(packing)

BOOST_AUTO_TEST_CASE(what_was_packed_is_unpacked_the_same) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto events = market_of(seed);
    const auto again = unpack(pack(events));
    BOOST_REQUIRE(again);
    BOOST_REQUIRE((*again == events));
  }
}

BOOST_AUTO_TEST_CASE(regular_quotes_take_a_fraction_of_their_size) {
  EventBuffer buffer;
  for (std::int64_t i = 0; i < 1000; ++i)
    buffer.append(quote(100 + i % 3), kFeed, static_cast<std::uint64_t>(i), true, Time{i * 1000});
  BOOST_TEST(pack(buffer.bytes()).size() * 3 < buffer.size());
}

BOOST_AUTO_TEST_CASE(zeros_are_no_events) {
  const EventBytes zeros(4096, std::byte{});
  const auto wrong = check_events(zeros);
  BOOST_TEST_REQUIRE(wrong.has_value());
  BOOST_TEST(*wrong == "event type 0 is unknown to this version");
}

BOOST_AUTO_TEST_CASE(bytes_cut_anywhere_are_refused) {
  const auto packed = pack(market_of(11));
  BOOST_REQUIRE(packed.size() > 100u);
  for (std::size_t size = 0; size < packed.size(); ++size)
    BOOST_REQUIRE(!unpack(std::span{packed}.first(size)));
}

BOOST_AUTO_TEST_CASE(spoilt_bytes_never_reach_out_of_bounds) {
  Random random{5};
  const auto packed = pack(market_of(11));
  std::size_t refused = 0;
  for (int round = 0; round < 5000; ++round) {
    auto spoilt = packed;
    for (std::uint64_t n = 1 + random.below(4); n > 0; --n)
      spoilt[random.below(spoilt.size())] = static_cast<std::byte>(random.next());
    const auto out = unpack(spoilt);
    refused += !out;
    if (out) BOOST_REQUIRE(out->size() <= spoilt.size() * 256);
  }
  BOOST_TEST(refused > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
