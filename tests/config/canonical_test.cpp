#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// Values that are easily changed on their way through YAML.
const std::vector<std::string> kTexts{
    "plain", "",    " ",    " x ",  "0.010", "007",  "-5",   "-",    "- a",     "a: b",
    "a:",    ":a",  "a #b", "#a",   "~",     "null", "true", "no",   "'",       "\"",
    "\\",    "\\n", "a\nb", "a\tb", "\x01",  "[a]",  "{a}",  "a, b", "&a",      "*a",
    "!a",    "|",   ">",    "%a",   "@a",    "`a",   "$",    "$$",   "${HOST}", "märz",
    "---",   "...", "? a",  "=",    "<<",    "1e5",  "0x10", "a  b", "\x7f",    "x\\\"y"};

Plan plan_with(const std::string& text, bool quoted) {
  Setting value;
  value.kind = Setting::Kind::scalar;
  value.text = text;
  value.quoted = quoted;
  Setting list;
  list.kind = Setting::Kind::list;
  list.items = {value, value};
  Setting empty;
  empty.kind = Setting::Kind::map;
  list.items.push_back(empty);
  ActorPlan actor;
  actor.name = "a";
  actor.actor = "x";
  actor.settings.kind = Setting::Kind::map;
  actor.settings.fields = {{"value", value}, {"list", list}, {"odd key: " + text, value}};
  actor.settings.keys.resize(3);
  list.items = {list, list};
  actor.settings.fields.emplace_back("nested", list);
  actor.settings.keys.resize(4);
  Plan plan;
  plan.tree.children.push_back({actor});
  return plan;
}

}  // namespace

BOOST_DATA_TEST_CASE(any_value_survives_the_canonical_text,
                     boost::unit_test::data::make(kTexts) * boost::unit_test::data::make({false, true}), text,
                     quoted) {
  const Plan plan = plan_with(text, quoted);
  const auto again = load(canonical_text(plan));
  BOOST_REQUIRE_EQUAL(words(again.problems), "");
  BOOST_TEST(settings_of(again).canonical() == plan.tree.children[0].actor()->settings.canonical());
  BOOST_TEST(again.plan->canonical == canonical_text(plan));
}

BOOST_AUTO_TEST_CASE(the_canonical_text_is_this_and_reads_back_to_itself) {
  const auto result = load(R"(holdfast: 1
system: { name: paper, clock: feed, seed: 7 }
plugins: { path: [ /opt/p ], pins: { broker_b: )" +
                           std::string(64, 'c') + R"( } }
instruments: [ { symbol: BTCUSDT, tick: 0.010, lot: 0.00001, currency: USDT } ]
tree:
  children:
    - { name: market, actor: feed, settings: { source: { plugin: "synthetic", ticks: "${N:-5}" }, a: [ x, { c: 1, b: 2 } ] } }
    - { name: d, supervisor: rest_for_one, children: [ { name: book, actor: ledger } ] }
)");
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  const std::string expected = R"(holdfast: 1
system:
  name: paper
  clock: feed
  seed: 7
  workers: 2
  in_step: 0
plugins:
  path:
    - "/opt/p"
  pins:
    broker_b: ")" + std::string(64, 'c') +
                               R"("
journal:
  frame: 256KiB
  ring: 48MiB
  sync_interval: 5ms
  wal_cap: 128MiB
  snapshot_every: 500000
  snapshots_kept: 3
  retention:
    market_events: 0
instruments:
  - symbol: BTCUSDT
    tick: 0.01
    lot: 0.00001
    currency: USDT
    session: 24x7
tree:
  strategy: one_for_one
  intensity: 3
  period: 5s
  shutdown: 30s
  backoff:
    initial: 100ms
    max: 30s
    multiplier: 2
    jitter: 0.2
    reset_after: 1m
  children:
    - name: market
      actor: feed
      restart: permanent
      shutdown: 5s
      settings:
        a:
          - x
          - b: 2
            c: 1
        source:
          plugin: "synthetic"
          ticks: "5"
    - name: d
      supervisor: rest_for_one
      intensity: 3
      period: 5s
      shutdown: 30s
      backoff:
        initial: 100ms
        max: 30s
        multiplier: 2
        jitter: 0.2
        reset_after: 1m
      children:
        - name: book
          actor: ledger
          restart: permanent
          shutdown: 5s
)";
  BOOST_TEST(result.plan->canonical == expected);
  const auto again = load(expected);
  BOOST_REQUIRE_EQUAL(words(again.problems), "");
  BOOST_TEST(again.plan->canonical == expected);
}

BOOST_AUTO_TEST_CASE(comments_order_and_style_do_not_change_the_canonical_text) {
  const auto one = load(with_settings("{ b: 2, a: 1 }"));
  const auto other = load("# hello\nsystem:\n  name: s\nholdfast: 1\n" + kTree + "      # and\n",
                          {"actors.a.settings={ a: 1, b: 2 }"});
  BOOST_REQUIRE_EQUAL(words(one.problems) + words(other.problems), "");
  BOOST_TEST(one.plan->canonical == other.plan->canonical);
}

BOOST_AUTO_TEST_CASE(a_secret_comes_back_from_the_environment) {
  const auto result = load(with_settings("{ key: \"${TOKEN}\", cost: $$5 }"), {}, {{"TOKEN", "t$0"}});
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  const auto again = load(result.plan->canonical, {}, {{"TOKEN", "t$0"}});
  BOOST_REQUIRE_EQUAL(words(again.problems), "");
  BOOST_TEST(flat(settings_of(again)) == R"({"cost":"$5","key":"t$0"})");
  BOOST_TEST(again.plan->canonical == result.plan->canonical);
}
