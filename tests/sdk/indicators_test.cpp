#include <boost/multiprecision/cpp_int.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <deque>
#include <holdfast/sdk/indicators.hpp>
#include <holdfast/sdk/random.hpp>

namespace {

using namespace holdfast;
namespace data = boost::unit_test::data;
using Big = boost::multiprecision::cpp_int;

std::vector<std::byte> save(RollingMean& mean) {
  Archive archive;
  mean.state(archive);
  return archive.take();
}

RollingMean of(std::initializer_list<std::int64_t> raw, std::size_t length) {
  RollingMean mean{length};
  for (const auto r : raw) mean.add(Price::from_raw(r));
  return mean;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rolling_mean)

BOOST_AUTO_TEST_CASE(it_is_full_when_its_length_is_reached_and_then_forgets_the_oldest) {
  RollingMean mean{3};
  for (const int price : {1, 2, 3}) {
    BOOST_TEST(!mean.full());
    mean.add(Price::of(price));
  }
  BOOST_TEST(mean.full());
  BOOST_TEST(mean.mean().str() == "2");
  mean.add(Price::of(7));
  BOOST_TEST(mean.full());
  BOOST_TEST(mean.mean().str() == "4");
}

BOOST_AUTO_TEST_CASE(the_mean_is_rounded_half_to_even) {
  BOOST_TEST(of({1, 2}, 2).mean().raw() == 2);
  BOOST_TEST(of({2, 3}, 2).mean().raw() == 2);
  BOOST_TEST(of({-1, -2}, 2).mean().raw() == -2);
  BOOST_TEST(of({1, 1, 2}, 3).mean().raw() == 1);
  BOOST_TEST(of({INT64_MAX, INT64_MAX, INT64_MAX}, 3).mean().raw() == INT64_MAX);
  BOOST_TEST(of({INT64_MIN, INT64_MIN}, 2).mean().raw() == INT64_MIN);
}

BOOST_DATA_TEST_CASE(mean_and_deviation_agree_with_exact_arithmetic, data::make({0, 8, 20, 40, 62, 63}),
                     bits) {
  Random random{static_cast<std::uint64_t>(bits)};
  RollingMean mean{7};
  std::deque<Big> window;
  for (int i = 0; i < 500; ++i) {
    const auto offset = static_cast<std::int64_t>(bits == 0 ? 0 : random.next() >> (64 - bits));
    const std::int64_t raw = random.below(2) == 0 ? offset : -offset;
    mean.add(Price::from_raw(raw));
    window.push_back(raw);
    if (window.size() > 7) window.pop_front();
    Big sum = 0, squares = 0;
    const Big n = window.size();
    for (const Big& x : window) {
      sum += x;
      squares += x * x;
    }
    // |mean - sum / n| is at most half a unit.
    BOOST_REQUIRE(abs(Big{Big{mean.mean().raw()} * n - sum}) * 2 <= n);
    const double expected =
        std::sqrt(Big{n * squares - sum * sum}.convert_to<double>()) / n.convert_to<double>() / Price::kOne;
    BOOST_REQUIRE(std::abs(mean.deviation() - expected) <= expected * 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(a_small_deviation_of_large_prices_is_not_lost) {
  const std::int64_t large = 9'000'000'000'000'000'000;
  BOOST_TEST(of({large - 1, large + 1}, 2).deviation() == 1e-8);
  BOOST_TEST(of({large, large, large}, 3).deviation() == 0.0);
}

BOOST_AUTO_TEST_CASE(a_restored_mean_goes_on_as_if_nothing_had_happened) {
  RollingMean mean = of({5, 9, 2, 4}, 3);
  RollingMean again = of({70, 80}, 3);  // What it held before must not shine through.
  const auto bytes = save(mean);
  Archive archive{bytes, 1};
  again.state(archive);
  for (const int raw : {8, 1, 100}) {
    mean.add(Price::from_raw(raw));
    again.add(Price::from_raw(raw));
    BOOST_TEST(again.mean().raw() == mean.mean().raw());
    BOOST_TEST(again.deviation() == mean.deviation());
  }
  BOOST_CHECK(save(again) == save(mean));
}

BOOST_AUTO_TEST_CASE(a_shorter_length_keeps_the_newest_prices) {
  RollingMean mean = of({100, 100, 6, 8}, 4);
  RollingMean shorter{2};
  const auto bytes = save(mean);
  Archive archive{bytes, 1};
  shorter.state(archive);
  BOOST_TEST(shorter.full());
  BOOST_TEST(shorter.mean().raw() == 7);
}

BOOST_AUTO_TEST_SUITE_END()
