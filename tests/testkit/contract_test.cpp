// Each contract passes an honest plugin and finds each way of breaking it; those of brokers, feeds and strategies are
// seen to fail in tests/conformance.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/testkit/contract.hpp>
#include <holdfast/testkit/golden_tape.hpp>
#include <holdfast/testkit/strategy_bench.hpp>

using namespace holdfast;
using namespace holdfast::testkit;

namespace {

/// What HOLDFAST_PLUGIN exports, for many classes in one file.
template <class P>
const PluginManifest& manifest_of() {
  static const PluginManifest manifest{
      kPluginMagic, sizeof(PluginManifest), kSdkVersion, host_abi(), detail::contract_of<P>::kKind.data(),
      "test", "1.0.0", detail::stability_of<P>(), detail::purity_of<P>(), "Made for a test",
      [] { return P::schema().describe(); }, &detail::make_plugin<P>};
  return manifest;
}

/// Buys and sells in turn, every `every` quotes.
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
  explicit Turner(const Config& config) : config_{config} {}
  void on_quote(const Quote&, Desk& desk) override {
    if (++heard_ % config_.every != 0) return;
    buy_ = !buy_;
    desk.submit(market(buy_ ? Side::buy : Side::sell, Quantity::of(1), config_.instrument), "it is time");
  }
  void state(Archive& a) override { a(buy_, heard_); }

 private:
  Config config_;
  int heard_ = 0;
  bool buy_ = false;
};

bool begins(const std::string& text, const std::string& beginning) {
  BOOST_TEST_INFO(text);
  return text.compare(0, beginning.size(), beginning) == 0;
}

}  // namespace

BOOST_AUTO_TEST_CASE(check_strategy_runs_the_suite_and_somebody_looks_on) {
  BOOST_TEST(text_of(check_strategy({manifest_of<Turner>(), map({{"instrument", "BTCUSDT"}})})) == "");
  BOOST_TEST(begins(text_of(check_strategy({manifest_of<Turner>(), map({{"instrument", "BTCUSDT"}, {"every", "5000"}})})),
                    "SC-020: It asks for orders: it asked for nothing in 400 ticks"));
}

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

Subject turner() { return {manifest_of<Turner>(), map({{"instrument", "BTCUSDT"}, {"every", "2"}})}; }

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
  const Subject subject{manifest_of<Turner>(), map({{"instrument", "ETHUSDT"}, {"every", "1"}})};
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
