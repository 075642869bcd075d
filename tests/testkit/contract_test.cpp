// Each contract passes an honest plugin and finds each way of breaking it.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <holdfast/sdk/indicators.hpp>
#include <holdfast/testkit/contract.hpp>
#include <holdfast/testkit/golden_tape.hpp>
#include <holdfast/testkit/strategy_bench.hpp>
#include <random>
#include <set>

using namespace holdfast;
using namespace holdfast::testkit;

namespace {

/// What HOLDFAST_PLUGIN exports, for many classes in one file.
template <class P>
const PluginManifest& manifest_of() {
  static const PluginManifest manifest{
      kPluginMagic, sizeof(PluginManifest), kSdkVersion, host_abi(), detail::contract_of<P>::kKind.data(),
      "test", "1.0.0", detail::stability_of<P>(), detail::purity_of<P>(), "For a test",
      [] { return P::schema().describe(); }, &detail::make_plugin<P>};
  return manifest;
}

enum class Fault { none, idle, clock, device, environment, addresses, forgets, throws, reads_more };

/// Buys and sells in turn, every `every` quotes; otherwise as faulty as it is told.
template <Fault fault>
class Turner final : public Strategy {
 public:
  struct Config {
    InstrumentId instrument;
    int every = 5;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("instrument", &Config::instrument, "What to trade.")
        .field("every", &Config::every, "Quotes between two orders.", at_least(1));
  }
  explicit Turner(const Config& config) : config_{config} {
    // A list in one order of the heap, walked in another.
    for (int i = 0; i < 50; ++i) hoard_.push_back(std::make_unique<int>(i));
    for (const auto& one : hoard_) by_address_.insert(one.get());
  }
  void on_quote(const Quote&, Desk& desk) override {
    if (fault == Fault::idle || ++heard_ % config_.every != 0) return;
    if (fault == Fault::throws) throw std::runtime_error{"no more"};
    std::string why = "it is time";
    if (fault == Fault::clock) why += std::to_string(std::chrono::system_clock::now().time_since_epoch().count() & 0);
    if (fault == Fault::device) why += std::to_string(std::random_device{}() & 0U);
    if (fault == Fault::environment && std::getenv("HOLDFAST_TURN") != nullptr) why += " to turn";
    if (fault == Fault::addresses) why += std::to_string(**by_address_.begin()) + std::to_string(**by_address_.rbegin());
    buy_ = !buy_;
    desk.submit(market(buy_ ? Side::buy : Side::sell, Quantity::of(1), config_.instrument), why);
  }
  void state(Archive& a) override {
    a(buy_);
    if (fault != Fault::forgets) a(heard_);
    if (fault == Fault::reads_more && a.loading()) a(heard_);
  }

 private:
  Config config_;
  std::vector<std::unique_ptr<int>> hoard_;
  std::set<const int*> by_address_;
  int heard_ = 0;
  bool buy_ = false;
};

template <Fault fault>
std::string checked() {
  return text_of(check_strategy({manifest_of<Turner<fault>>(), map({{"instrument", "BTCUSDT"}, {"every", "5"}})}));
}

bool begins(const std::string& text, const std::string& beginning) {
  BOOST_TEST_INFO(text);
  return text.compare(0, beginning.size(), beginning) == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strategy_contract)

BOOST_AUTO_TEST_CASE(an_honest_strategy_passes) { BOOST_TEST(checked<Fault::none>() == ""); }

BOOST_AUTO_TEST_CASE(each_fault_is_found_by_its_name) {
  BOOST_TEST(begins(checked<Fault::idle>(), "asks: it asked for nothing in 400 ticks"));
  BOOST_TEST(begins(checked<Fault::clock>(), "outside: it asks for a clock (clock_gettime): use desk.now()"));
  BOOST_TEST(begins(checked<Fault::device>(), "outside: it asks for chance (std::random_device)"));
  BOOST_TEST(begins(checked<Fault::environment>(), "outside: it asks for the environment (getenv)"));
#ifndef __SANITIZE_ADDRESS__  // Its heap gives nothing back for a while, so that addresses only ever grow.
  BOOST_TEST(begins(checked<Fault::addresses>(), "same twice: event "));
#endif
  BOOST_TEST(begins(checked<Fault::forgets>(), "restart: event "));
  BOOST_TEST(checked<Fault::throws>() == "throws: no more\n");
  BOOST_TEST(checked<Fault::reads_more>() == "throws: the state ends in the middle of a field\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(settings_contract)

namespace {

/// A rule whose schema is as wrong as it is told.
template <int fault>
class Limit10 final : public RiskRule {
 public:
  struct Config {
    int most = 10;
    std::string mode = "units";
  };
  static Schema<Config> schema() {
    Schema<Config> made;
    made.field("most", &Config::most, fault == 1 ? "" : "Most units.", fault == 2 ? at_least(11) : at_least(1));
    return made;
  }
  explicit Limit10(const Config& config) : most_{Quantity::of(config.most)} {}
  Verdict check(const OrderTerms& order, const Exposure&) const override {
    if (fault == 3 && ++asked_ % 7 == 0) return "seven";
    if (fault == 6 && order.type == OrdType::market) throw std::runtime_error{"no price"};
    if (fault == 5 || order.quantity <= most_) return std::nullopt;
    return fault == 4 ? "" : order.quantity.str() + " is more than " + most_.str();
  }

 private:
  Quantity most_;
  mutable int asked_ = 0;
};

template <int fault>
std::string rule_checked() {
  return text_of(check_risk_rule({manifest_of<Limit10<fault>>()}));
}

/// Takes any setting there is.
PluginManifest careless() {
  PluginManifest manifest = manifest_of<Limit10<0>>();
  manifest.make = [](const Setting&, const PluginContext&, Problems&) -> std::shared_ptr<void> {
    return std::static_pointer_cast<RiskRule>(std::make_shared<Limit10<0>>(Limit10<0>::Config{}));
  };
  return manifest;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_honest_rule_passes) { BOOST_TEST(rule_checked<0>() == ""); }

BOOST_AUTO_TEST_CASE(settings_that_are_not_what_they_say_are_found) {
  BOOST_TEST(rule_checked<1>() == "settings: the setting 'most' has no name, no type or no text\n");
  BOOST_TEST(begins(rule_checked<2>(), "settings: the default of most is refused when it is written out: "));
  const auto manifest = careless();
  BOOST_TEST(begins(text_of(check_risk_rule({manifest})), "settings: one that is not declared is accepted: no_such_setting\n"));
}

BOOST_AUTO_TEST_CASE(a_rule_that_is_no_pure_verdict_is_found) {
  BOOST_TEST(begins(rule_checked<3>(), "pure: its verdict depends on what it was asked before"));
  BOOST_TEST(begins(rule_checked<4>(), "reason: it says no without a reason"));
  BOOST_TEST(begins(rule_checked<5>(), "refuses: it refuses nothing"));
  BOOST_TEST(begins(rule_checked<6>(), "throws: no price"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(feed_contract)

namespace {

enum class Flaw { none, short_, repeats, goes_back, revives, no_resume, state_lies, clock };

/// Tells the numbers from 1 to 300 as trades.
template <Flaw flaw>
class Counter final : public Feed {
 public:
  struct Config {};
  static Schema<Config> schema() { return {}; }
  explicit Counter(const Config&) {}
  void open(std::uint64_t after, std::function<void()>) override { at_ = flaw == Flaw::no_resume ? 0 : after; }
  Step next(Tape& tape) override {
    const std::uint64_t last = flaw == Flaw::short_ ? 50 : 300;
    if (at_ >= last && !(flaw == Flaw::revives && ++ends_ > 1)) return Step::ended;
    ++at_;
    Trade trade;
    trade.instrument = {1};
    trade.price = Price::of(static_cast<std::int64_t>(at_));
    if (flaw == Flaw::clock && at_ == 10)
      trade.venue_time = {std::chrono::system_clock::now().time_since_epoch().count()};
    tape.trade(trade, flaw == Flaw::repeats && at_ == 20 ? 19 : flaw == Flaw::goes_back && at_ > 20 ? 300 - at_ : at_);
    return Step::record;
  }
  void state(Archive& a) override {
    if (flaw == Flaw::state_lies && !a.loading()) ++at_;
    a(at_);
  }

 private:
  std::uint64_t at_ = 0;
  int ends_ = 0;
};

template <Flaw flaw>
std::string feed_checked() {
  return text_of(check_feed({manifest_of<Counter<flaw>>()}));
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_honest_feed_passes) { BOOST_TEST(feed_checked<Flaw::none>() == ""); }

BOOST_AUTO_TEST_CASE(each_flaw_is_found_by_its_name) {
  BOOST_TEST(begins(feed_checked<Flaw::short_>(), "tells: it tells 50 records"));
  BOOST_TEST(begins(feed_checked<Flaw::repeats>(), "positions: position 19 follows 19"));
  BOOST_TEST(begins(feed_checked<Flaw::goes_back>(), "positions: position 278 follows 279"));
  BOOST_TEST(begins(feed_checked<Flaw::revives>(), "end: it goes on after its end"));
  BOOST_TEST(begins(feed_checked<Flaw::no_resume>(), "resume: resumed after position 1 it says '1: "));
  BOOST_TEST(begins(feed_checked<Flaw::state_lies>(), "state: state() writes something else after it was read"));
  BOOST_TEST(feed_checked<Flaw::clock>().find("outside: it asks for a clock") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(golden_tapes)

namespace {

const std::string kTape =
    "# Every second quote it turns.\n"
    "0.5 quote BTCUSDT 99 1 / 101 1\n"
    "1 quote BTCUSDT 99 1 / 101 1\n"
    "1 -> buy 1 BTCUSDT: it is time\n"
    "2.25 trade BTCUSDT 100 0.5\n"
    "3 quote BTCUSDT 99 1 / 101 1\n"
    "4 quote BTCUSDT 99 1 / 101 1\n"
    "4 -> sell 1 BTCUSDT: it is time\n";

Subject turner() { return {manifest_of<Turner<Fault::none>>(), map({{"instrument", "BTCUSDT"}, {"every", "2"}})}; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_gives_exactly_the_recorded_answers) {
  BOOST_TEST(tape_difference(turner(), kTape) == "");
  BOOST_TEST(play_tape(turner(), kTape) == kTape);
}

BOOST_AUTO_TEST_CASE(a_tape_without_answers_is_recorded) {
  std::string ticks = kTape;
  for (const std::string answer : {"1 -> buy 1 BTCUSDT: it is time\n", "4 -> sell 1 BTCUSDT: it is time\n"})
    ticks.erase(ticks.find(answer), answer.size());
  BOOST_TEST(play_tape(turner(), ticks) == kTape);
}

BOOST_AUTO_TEST_CASE(the_first_other_answer_is_named) {
  std::string other = kTape;
  other.replace(other.find("sell 1"), 6, "sell 2");
  BOOST_TEST(tape_difference(turner(), other) ==
             "line 8 of the tape is '4 -> sell 2 BTCUSDT: it is time', and now '4 -> sell 1 BTCUSDT: it is time'");
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_tick_is_named) {
  for (const std::string line : {"1 quote DOGE 1 1 / 2 1", "0 quote BTCUSDT 1 1 / 2 1", "2 quote BTCUSDT x 1 / 2 1", "hello"})
    BOOST_CHECK_EXCEPTION(play_tape(turner(), "1 trade BTCUSDT 1 1\n" + line + "\n"), std::runtime_error, [&](auto& e) {
      return begins(e.what(), "line 2 of the tape is no tick: " + line);
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_strategy_bench_plays_market_and_venue) {
  const Subject subject{manifest_of<Turner<Fault::none>>(), map({{"instrument", "ETHUSDT"}, {"every", "1"}})};
  StrategyBench bench{subject};
  bench.quote("99", "101");  // Another instrument is nothing to it.
  BOOST_TEST(bench.asked().empty());
  bench.quote("99", "101", "1", {2});
  bench.grant();
  bench.quote("99", "101", "1", {2});
  bench.deny("no");
  BOOST_TEST(bench.asked().at(0) == "buy 1 ETHUSDT: it is time");
  BOOST_TEST(bench.asked().size() == 2u);
  BOOST_TEST(bench.bench().words<OrderIntent>().size() == 2u);
}
