// The venue's file: what was kept is found again, whatever happened to its end.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <holdfast/sdk/random.hpp>
#include <holdfast/venue/log.hpp>
#include <iterator>

#include "exchange_fixture.hpp"
#include "test_data.hpp"

namespace holdfast::test {
namespace {

using venue::OrdType;
using venue::TimeInForce;

std::string text_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
void write(const std::string& path, const std::string& text) { std::ofstream{path, std::ios::binary} << text; }

/// Records, and what others see of each book.
std::string state_of(const venue::Exchange& exchange) {
  std::string text = exchange.records().json();
  for (const Side side : {Side::buy, Side::sell})
    for (const auto& level : exchange.levels("BTCUSDT", side, 1000))
      text += " " + level.price.str() + "x" + level.quantity.str() + "/" + std::to_string(level.orders);
  return text;
}

venue::Exchange rebuilt(const std::string& path) {
  venue::Exchange exchange;
  venue::read_log(path, [&](const venue::Batch& batch) { exchange.replay(batch); });
  exchange.resume();
  return exchange;
}

void nothing(const venue::Batch&) {}

/// Somebody who asks for anything.
class Anybody {
 public:
  explicit Anybody(std::uint64_t seed) : random_{seed} {}

  /// What is told then.
  std::string ask(Floor& floor) {
    const Time now = at(static_cast<double>(++asked_));
    auto& exchange = floor.exchange;
    const auto kind = random_.below(20);
    if (kind < 11) exchange.submit(order(now), now, floor.out);
    else if (kind < 13) exchange.cancel(changed(), now, floor.out);
    else if (kind < 16) exchange.replace(changed(), now, floor.out);
    else if (kind == 16 && random_.below(4) == 0) exchange.mass_cancel(account(), "", "", "", now, floor.out);
    else if (kind == 17) exchange.bust(1 + random_.below(exchange.records().last_exec_id() + 1), "", now, floor.out);
    else if (kind == 18)
      exchange.correct(1 + random_.below(exchange.records().last_exec_id() + 1), price(), quantity(), now, floor.out);
    else if (random_.below(30) == 0) exchange.forget(now);
    else if (random_.below(3) == 0) exchange.adjust(account(), "BTCUSDT", quantity(), price(), now);
    else exchange.cancel_after_fill(changed(), qty("1"), now, floor.out);
    for (const auto& report : floor.out)
      if (report.exec_type == venue::ExecType::trade) ++fills;
    return floor.said();
  }
  std::size_t fills = 0;

 private:
  std::string account() { return random_.below(2) == 0 ? "ACME" : "BOLT"; }
  Price price() { return Price::of(static_cast<std::int64_t>(97 + random_.below(7))); }
  Quantity quantity() { return Quantity::of(static_cast<std::int64_t>(1 + random_.below(9))); }
  std::string id() { return "i" + std::to_string(1 + random_.below(asked_ + 1)); }

  venue::Request order(Time now) {
    constexpr TimeInForce kTif[] = {TimeInForce::gtc, TimeInForce::gtc, TimeInForce::day, TimeInForce::ioc, TimeInForce::fok,
                                    TimeInForce::gtd};
    venue::Request r;
    r.account = r.session = account();
    r.cl_ord_id = "i" + std::to_string(asked_);
    r.symbol = "BTCUSDT";
    auto& t = r.terms;
    t.side = random_.below(2) == 0 ? Side::buy : Side::sell;
    t.type = static_cast<OrdType>(random_.below(3) == 0 ? 1 + random_.below(4) : 2);
    t.tif = kTif[random_.below(6)];
    t.quantity = quantity();
    const bool limited = t.type == OrdType::limit || t.type == OrdType::stop_limit;
    if (limited) t.price = price();
    if (t.type == OrdType::stop || t.type == OrdType::stop_limit) t.stop_px = price();
    if (t.tif == TimeInForce::gtd) t.expire_time = now + std::chrono::seconds{1 + random_.below(30)};
    if (limited && t.tif == TimeInForce::gtc && random_.below(3) == 0) t.display_qty = Quantity::of(1);
    t.post_only = random_.below(10) == 0;
    r.reduce_only = random_.below(10) == 0;
    return r;
  }
  venue::Request changed() {
    venue::Request r;
    r.account = r.session = account();
    r.cl_ord_id = "c" + std::to_string(asked_);
    r.orig_cl_ord_id = id();
    r.terms.quantity = quantity();
    if (random_.below(2) == 0) r.terms.price = price();
    if (random_.below(4) == 0) r.terms.stop_px = price();
    return r;
  }
  Random random_;
  std::uint64_t asked_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(venue_log)

BOOST_DATA_TEST_CASE(a_venue_opened_again_goes_on_as_one_that_was_never_closed, boost::unit_test::data::xrange(12), seed) {
  ScratchDir dir;
  const std::string path = dir / "venue.log";
  venue::Log log{path, nothing};
  const auto policy = static_cast<venue::SelfTrade>(seed % 4);
  Floor lasting{policy}, opened_again{policy};
  Anybody one{static_cast<std::uint64_t>(seed)}, same{static_cast<std::uint64_t>(seed)};
  std::size_t kept = 0;
  for (int i = 0; i < 600; ++i) {
    BOOST_REQUIRE_EQUAL(one.ask(lasting), same.ask(opened_again));
    for (; kept < opened_again.kept.size(); ++kept) log.append(opened_again.kept[kept]);
    log.sync();
    if (i % 20 != 0) continue;
    opened_again.exchange = rebuilt(path);
    opened_again.set_up(policy);
    BOOST_REQUIRE_EQUAL(kept, opened_again.kept.size());
    BOOST_REQUIRE_EQUAL(state_of(lasting.exchange), state_of(opened_again.exchange));
  }
  BOOST_TEST(one.fills > 50u);
}

BOOST_AUTO_TEST_CASE(a_file_cut_at_any_byte_holds_what_came_before) {
  ScratchDir dir;
  const std::string path = dir / "venue.log", cut = dir / "cut.log";
  std::vector<std::string> states{venue::Exchange{}.records().json()};
  std::vector<std::size_t> ends;
  {
    venue::Log log{path, nothing};
    ends.push_back(text_of(path).size());
    Floor floor;
    Anybody anybody{99};
    for (int i = 0; i < 60; ++i) anybody.ask(floor);
    venue::Exchange again;
    for (const auto& batch : floor.kept) {
      log.append(batch);
      log.sync();
      again.replay(batch);
      states.push_back(again.records().json());
      ends.push_back(text_of(path).size());
    }
  }
  const std::string whole = text_of(path);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    write(cut, whole.substr(0, size));
    std::size_t batches = 0;
    while (batches + 1 < ends.size() && ends[batches + 1] <= size) ++batches;
    const venue::Exchange exchange = rebuilt(cut);
    BOOST_REQUIRE_EQUAL(exchange.records().json(), states[batches]);
  }
}

BOOST_AUTO_TEST_CASE(after_a_torn_line_the_file_goes_on_where_it_was_whole) {
  ScratchDir dir;
  const std::string path = dir / "venue.log";
  const venue::Batch batch{at(), {venue::Halted{"BTCUSDT", true}}};
  {
    venue::Log log{path, nothing};
    log.append(batch);
    log.sync();
  }
  const std::string whole = text_of(path);
  write(path, whole + whole.substr(whole.find('\n') + 1, 20));
  std::size_t seen = 0;
  {
    venue::Log log{path, [&](const venue::Batch&) { ++seen; }};
    log.append(batch);
    log.sync();
  }
  BOOST_TEST(seen == 1u);
  BOOST_TEST(text_of(path) == whole + whole.substr(whole.find('\n') + 1));
}

BOOST_AUTO_TEST_CASE(a_broken_line_is_named_and_nothing_is_opened) {
  ScratchDir dir;
  const std::string path = dir / "venue.log";
  const std::string head = "{\"schema\":\"holdfast.venue-log/1\"}\n";
  const auto says = [&](const std::string& text) -> std::string {
    write(path, text);
    try {
      venue::Exchange exchange;
      venue::Log log{path, [&](const venue::Batch& batch) { exchange.replay(batch); }};
      return "nothing";
    } catch (const venue::LogError& error) {
      return std::string{error.what()}.substr(path.size());
    }
  };
  BOOST_TEST(says("hello\n") == ":1: this is no venue's file");
  BOOST_TEST(says(head + "{\"time\":1}\n") == ":2: it is no time with its facts");
  BOOST_TEST(says(head + "{\"time\":1,\"facts\":[{}]}\n") == ":2: a fact has no name");
  BOOST_TEST(says(head + "{\"time\":1,\"facts\":[{\"fact\":\"guessed\"}]}\n") == ":2: there is no fact 'guessed'");
  BOOST_TEST(says(head + "{\"time\":1,\"facts\":[{\"fact\":\"halted\",\"why\":1}]}\n") ==
             ":2: it has a field that halted does not have");
  BOOST_TEST(says(head + "{\"time\":1,\"facts\":[{\"fact\":\"halted\",\"symbol\":1}]}\n") == ":2: symbol is of another kind");
  BOOST_TEST(says(head + "{\"time\":1,\"facts\":[{\"fact\":\"triggered\",\"order\":7}]}\n") == ":2: order 7 is not open");
  const std::string whole = text_of(path);
  BOOST_TEST(says(whole) != "nothing");
  BOOST_TEST(text_of(path) == whole);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_says_so) {
  BOOST_CHECK_THROW((venue::Log{"/dev/null/venue.log", nothing}), venue::LogError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast::test
