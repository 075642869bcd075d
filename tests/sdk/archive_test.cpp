#include <boost/test/unit_test.hpp>
#include <cstring>
#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/random.hpp>
#include <tuple>

namespace {

using namespace holdfast;

enum class Colour : std::uint8_t { red = 1, green = 2 };

struct Inner {
  std::int32_t a = 0;
  std::string b;
  void state(Archive& archive) { archive(a, b); }
  friend bool operator==(const Inner&, const Inner&) = default;
};

/// One field of every kind an archive takes.
struct Everything {
  bool yes = false;
  std::uint8_t byte = 0;
  std::int64_t number = 0;
  double ratio = 0;
  Colour colour = Colour::red;
  Price price;
  Time time;
  Duration duration{};
  InstrumentId instrument;
  ActorId actor;
  ClOrdId order;
  std::string text;
  std::vector<Inner> vector;
  std::deque<Price> deque;
  std::map<std::string, std::vector<std::int32_t>> map;
  std::set<Price> set;
  std::array<std::uint16_t, 3> array{};
  std::optional<Inner> full, empty;
  std::pair<std::int32_t, std::string> pair;

  void state(Archive& a) {
    a(yes, byte, number, ratio, colour, price, time, duration, instrument, actor, order, text, vector, deque,
      map, set, array, full, empty, pair);
  }
  auto tied() const {
    return std::tie(yes, byte, number, ratio, colour, price, time, duration, instrument, actor, order, text,
                    vector, deque, map, set, array, full, empty, pair);
  }
};

Everything example() {
  Everything e;
  e.yes = true;
  e.byte = 200;
  e.number = -5;
  e.ratio = 0.1;
  e.colour = Colour::green;
  e.price = Price::of(3);
  e.time = {17};
  e.duration = Duration{18};
  e.instrument = {19};
  e.actor = {20};
  e.order = ClOrdId::make({2}, 21);
  e.text = std::string{"a\0b", 3};
  e.vector = {{1, "x"}, {2, ""}};
  e.deque = {Price::of(1), Price::of(-2)};
  e.map = {{"k", {1, 2, 3}}, {"", {}}};
  e.set = {Price::of(9), Price::of(8)};
  e.array = {1, 2, 3};
  e.full = Inner{7, "full"};
  e.pair = {4, "four"};
  return e;
}

std::vector<std::byte> save(Everything e) {
  Archive archive;
  archive(e);
  return archive.take();
}

Everything load(const std::vector<std::byte>& bytes) {
  // Not fresh on purpose: loading must replace what was there.
  Everything e = example();
  e.empty = Inner{1, "left over"};
  e.vector.push_back({3, "left over"});
  Archive archive{bytes, 1};
  archive(e);
  return e;
}

template <class T>
void load_one(const std::vector<std::byte>& bytes) {
  T x{};
  Archive archive{bytes, 1};
  archive(x);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(archive)

BOOST_AUTO_TEST_CASE(every_kind_of_field_comes_back_as_it_was) {
  const auto bytes = save(example());
  BOOST_CHECK(load(bytes).tied() == example().tied());
  BOOST_CHECK(save(load(bytes)) == bytes);
}

BOOST_AUTO_TEST_CASE(equal_states_have_equal_bytes_whatever_their_history) {
  Everything forwards, backwards;
  for (int i = 0; i < 100; ++i) {
    forwards.set.insert(Price::of(i));
    backwards.set.insert(Price::of(99 - i));
    forwards.map[std::to_string(i)] = {i};
    backwards.map[std::to_string(99 - i)] = {99 - i};
  }
  BOOST_CHECK(save(forwards) == save(backwards));
}

BOOST_AUTO_TEST_CASE(an_archive_knows_its_direction_its_version_and_its_end) {
  Archive saving;
  std::int32_t number = 5;
  saving(number);
  BOOST_TEST(!saving.loading());
  Archive loading{saving.bytes(), 3};
  BOOST_TEST(loading.loading());
  BOOST_TEST(loading.version() == 3);
  BOOST_TEST(!loading.at_end());
  loading(number);
  BOOST_TEST(loading.at_end());
}

BOOST_AUTO_TEST_CASE(state_cut_short_anywhere_is_refused) {
  const auto bytes = save(example());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    BOOST_CHECK_THROW(load(cut), StateError);
  }
}

BOOST_AUTO_TEST_CASE(a_length_larger_than_the_bytes_is_refused_before_anything_is_reserved) {
  for (const std::uint64_t length : {std::uint64_t{1}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    std::vector<std::byte> bytes(sizeof length);
    std::memcpy(bytes.data(), &length, sizeof length);
    BOOST_CHECK_THROW(load_one<std::string>(bytes), StateError);
    BOOST_CHECK_THROW(load_one<std::vector<std::int64_t>>(bytes), StateError);
    BOOST_CHECK_THROW(load_one<std::deque<std::string>>(bytes), StateError);
    BOOST_CHECK_THROW((load_one<std::map<std::string, Price>>(bytes)), StateError);
    BOOST_CHECK_THROW(load_one<std::set<Price>>(bytes), StateError);
  }
}

BOOST_AUTO_TEST_CASE(a_bool_that_is_neither_is_refused) {
  for (const int value : {2, 128, 255}) {
    const std::vector<std::byte> bytes{static_cast<std::byte>(value), std::byte{0}};
    BOOST_CHECK_THROW(load_one<bool>(bytes), StateError);
    BOOST_CHECK_THROW(load_one<std::optional<bool>>(bytes), StateError);
  }
}

BOOST_AUTO_TEST_CASE(damaged_state_is_refused_or_loads_as_some_other_state_but_never_crashes) {
  const auto bytes = save(example());
  Random random{5};
  int refused = 0, loaded = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto damaged = bytes;
    for (auto n = 1 + random.below(4); n > 0; --n)
      damaged[random.below(damaged.size())] = static_cast<std::byte>(random.below(256));
    try {
      const Everything other = load(damaged);
      BOOST_REQUIRE(save(other).size() <= damaged.size());
      ++loaded;
    } catch (const StateError&) {
      ++refused;
    }
  }
  BOOST_TEST(refused > 1'000);
  BOOST_TEST(loaded > 1'000);
}

BOOST_AUTO_TEST_SUITE_END()
