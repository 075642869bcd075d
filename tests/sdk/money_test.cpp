// Money against arbitrary-precision integers, which cannot overflow and round by another rule.
#include <boost/multiprecision/cpp_int.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/sdk/money.hpp>
#include <holdfast/sdk/random.hpp>
#include <limits>
#include <ostream>

namespace {

using namespace holdfast;
namespace data = boost::unit_test::data;
using Big = boost::multiprecision::cpp_int;

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

/// Half to even by trying both neighbours of the truncated quotient and keeping the nearer.
Big oracle_divide(const Big& n, const Big& d) {
  const Big truncated = n / d;
  Big best = truncated;
  const auto miss = [&](const Big& q) -> Big { return abs(Big{n - q * d}); };
  for (const Big& q : {Big{truncated - 1}, Big{truncated + 1}})
    if (miss(q) < miss(best) || (miss(q) == miss(best) && q % 2 == 0)) best = q;
  return best;
}

/// Every size from one bit to 63, so that small numbers and ties are as common as large ones.
std::int64_t any_amount(Random& random) {
  const auto bits = random.below(64);
  const auto magnitude = static_cast<std::int64_t>(bits == 0 ? 0 : random.next() >> (64 - bits));
  return random.below(2) == 0 ? magnitude : -magnitude;
}

struct Text {
  const char* text;
  std::int64_t raw;
};
std::ostream& operator<<(std::ostream& out, const Text& t) { return out << t.text; }

const Text kGood[] = {
    {"0", 0},
    {"-0", 0},
    {"+0.0", 0},
    {"1", 100'000'000},
    {"-12.5", -1'250'000'000},
    {"0.00000001", 1},
    {"-0.00000001", -1},
    {"61737.630000000000", 6'173'763'000'000},
    {"000123.4", 12'340'000'000},
    {"92233720368.54775807", kMax},
    {"-92233720368.54775808", kMin},
    {"92233720368.547758070000", kMax},
    {"+7.25", 725'000'000},
};
const char* const kBad[] = {
    "",
    "-",
    "+",
    ".",
    "1.",
    ".5",
    "1..2",
    "1.2.3",
    "--1",
    "+-1",
    "1e5",
    "1E5",
    "nan",
    "NaN",
    "inf",
    "-inf",
    " 1",
    "1 ",
    "1,000",
    "1_000",
    "0x10",
    "0.000000001",
    "1.123456789",
    "92233720368.54775808",
    "-92233720368.54775809",
    "92233720369",
    "18446744073709551616",
    "184467440737.09551616",
    "99999999999999999999999999999999999999999999",
    "1.-5",
    "1.5-",
    "1.00000000x",
};

}  // namespace

BOOST_AUTO_TEST_SUITE(money)

BOOST_DATA_TEST_CASE(plain_decimal_text_is_read_exactly, data::make(kGood), good) {
  const auto amount = Money::parse(good.text);
  BOOST_REQUIRE(amount.has_value());
  BOOST_TEST(amount->raw() == good.raw);
}

BOOST_DATA_TEST_CASE(anything_else_is_no_amount, data::make(kBad), text) {
  BOOST_TEST(!Money::parse(text).has_value());
}

BOOST_AUTO_TEST_CASE(bytes_with_a_zero_in_them_are_no_amount) {
  BOOST_TEST(!Money::parse(std::string_view{"1\0", 2}).has_value());
}

BOOST_AUTO_TEST_CASE(printed_amounts_are_the_shortest_exact_text) {
  BOOST_TEST(Money::from_raw(0).str() == "0");
  BOOST_TEST(Money::from_raw(1).str() == "0.00000001");
  BOOST_TEST(Money::from_raw(-1'250'000'000).str() == "-12.5");
  BOOST_TEST(Money::from_raw(1'000'000'000).str() == "10");
  BOOST_TEST(Money::from_raw(kMin).str() == "-92233720368.54775808");
}

BOOST_AUTO_TEST_CASE(what_is_printed_is_read_back) {
  Random random{1};
  for (int i = 0; i < 20'000; ++i) {
    const auto amount = Money::from_raw(any_amount(random));
    const auto again = Money::parse(amount.str());
    BOOST_REQUIRE(again.has_value());
    BOOST_REQUIRE_EQUAL(again->raw(), amount.raw());
  }
}

BOOST_AUTO_TEST_CASE(text_is_read_as_the_oracle_reads_it_up_to_both_ends_of_the_range) {
  Random random{2};
  for (int i = 0; i < 20'000; ++i) {
    // Around the limits: the eight last digits vary, so about half of the texts overflow.
    const Big magnitude = Big{kMax} - 5'000 + static_cast<std::int64_t>(random.below(10'000));
    const bool negative = random.below(2) == 0;
    std::string digits = magnitude.str();
    digits.insert(digits.size() - 8, ".");
    const auto amount = Money::parse((negative ? "-" : "") + digits);
    const Big raw = negative ? Big{-magnitude} : magnitude;
    BOOST_REQUIRE_EQUAL(amount.has_value(), raw >= kMin && raw <= kMax);
    if (amount) BOOST_REQUIRE_EQUAL(Big{amount->raw()}, raw);
  }
}

BOOST_AUTO_TEST_CASE(products_and_quotients_are_rounded_half_to_even) {
  Random random{3};
  int compared = 0, ties = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::int64_t a = any_amount(random), b = any_amount(random), c = any_amount(random);
    if (c == 0) continue;
    const Big product = Big{a} * b;
    const Big expected = oracle_divide(product, c);
    if (expected < kMin || expected > kMax) continue;
    BOOST_REQUIRE_EQUAL(Big{detail::mul_div(a, b, c)}, expected);
    ++compared;
    if (abs(Big{(product % c) * 2}) == abs(Big{c})) ++ties;
  }
  BOOST_TEST(compared > 100'000);
  BOOST_TEST(ties > 100);  // Otherwise the table would not tell one rounding rule from another.
}

BOOST_AUTO_TEST_CASE(the_extreme_products_and_divisors_are_exact) {
  const std::int64_t edges[] = {kMin, kMin + 1, -3, -2, -1, 0, 1, 2, 3, kMax - 1, kMax};
  for (const auto a : edges)
    for (const auto b : edges)
      for (const auto c : edges) {
        if (c == 0) continue;
        const Big expected = oracle_divide(Big{a} * b, c);
        if (expected < kMin || expected > kMax) continue;
        BOOST_REQUIRE_EQUAL(Big{detail::mul_div(a, b, c)}, expected);
      }
}

BOOST_AUTO_TEST_CASE(sums_differences_and_notionals_agree_with_the_oracle) {
  Random random{4};
  for (int i = 0; i < 50'000; ++i) {
    const std::int64_t a = any_amount(random), b = any_amount(random);
    const auto fits = [](const Big& x) { return x >= kMin && x <= kMax; };
    const auto x = Money::from_raw(a), y = Money::from_raw(b);
    if (fits(Big{a} + b)) BOOST_REQUIRE_EQUAL(Big{(x + y).raw()}, Big{a} + b);
    if (fits(Big{a} - b)) BOOST_REQUIRE_EQUAL(Big{(x - y).raw()}, Big{a} - b);
    if (fits(Big{a} * b)) BOOST_REQUIRE_EQUAL(Big{(x * b).raw()}, Big{a} * b);
    const Big value = oracle_divide(Big{a} * b, Price::kOne);
    if (fits(value))
      BOOST_REQUIRE_EQUAL(Big{notional(Price::from_raw(a), Quantity::from_raw(b)).raw()}, value);
    if (fits(value)) BOOST_REQUIRE_EQUAL(Big{scaled(x, Rate::from_raw(b)).raw()}, value);
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_numbers_also_after_a_restart) {
  // The first outputs of SplitMix64 for seed 1234567, as its authors publish them.
  Random random{1234567};
  BOOST_TEST(random.next() == 6457827717110365317ULL);
  BOOST_TEST(random.next() == 3203168211198807973ULL);
  BOOST_TEST(random.next() == 9817491932198370423ULL);
  Archive saved;
  random.state(saved);
  Random again;
  Archive loading{saved.bytes(), 1};
  again.state(loading);
  for (int i = 0; i < 1'000; ++i) {
    const auto n = random.below(10);
    BOOST_REQUIRE_LT(n, 10U);
    BOOST_REQUIRE_EQUAL(again.below(10), n);
  }
}

BOOST_AUTO_TEST_SUITE_END()
