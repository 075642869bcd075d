#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

const std::string kText = kHead + R"(instruments:
  - { symbol: BTCUSDT, tick: 0.01, lot: 1, currency: USDT }
  - { symbol: BRK.B, tick: 0.01, lot: 1, currency: USD }
tree:
  children:
    - name: desks
      supervisor: one_for_one
      children:
        - name: risk
          actor: risk
          settings:
            rules:
              - { plugin: fat_finger, max_quantity: 1 }
    - { name: feed, actor: feed }
)";

struct Good {
  const char* set;
  const char* line;  ///< Stands in the canonical text afterwards.
};
std::ostream& operator<<(std::ostream& out, const Good& c) { return out << c.set; }

const std::vector<Good> kGood{
    {"system.seed=9", "  seed: 9\n"},
    {"system={ name: other }", "  name: other\n"},
    {"journal.wal_cap=64MiB", "  wal_cap: 64MiB\n"},
    {"journal.retention.market_events=5", "    market_events: 5\n"},
    {"instruments.BTCUSDT.tick=0.5", "    tick: 0.5\n"},
    {"instruments.\"BRK.B\".currency=GBP", "    currency: GBP\n"},
    {"instruments.1.currency=CHF", "    currency: CHF\n"},
    {"tree.children.desks.children.risk.restart=transient", "          restart: transient\n"},
    {"actors.risk.settings.rules.fat_finger.max_quantity=7", "              - max_quantity: 7\n"},
    {"actors.risk.settings.rules=[]", "            rules: []\n"},
    {"actors.feed.settings.source={ plugin: synthetic, seed: 3 }", "        seed: 3\n"},
    {"actors.feed.settings.speed=", "        speed: \"\"\n"},
    {"actors.feed.settings.expression=a=b", "        expression: \"a=b\"\n"},
};

struct Bad {
  const char* set;
  const char* problem;
};
std::ostream& operator<<(std::ostream& out, const Bad& c) { return out << c.set; }

const std::vector<Bad> kBad{
    {"system.sed=9", "unknown setting 'sed' (did you mean 'seed'?)"},
    {"jornal.wal_cap=64MiB", "unknown setting 'jornal' (did you mean 'journal'?)"},
    {"system.seed", "no value (write path=value)"},
    {"system..seed=1", "not a path (write names with dots between them, such as journal.wal_cap)"},
    {"=1", "not a path (write names with dots between them, such as journal.wal_cap)"},
    {"instruments.BTCUSD.tick=1", "there is no 'BTCUSD' in 'instruments' (did you mean 'BTCUSDT'?)"},
    {"instruments.7.tick=1", "there is no '7' in 'instruments' (there are BTCUSDT, BRK.B)"},
    {"actors.rsk.settings.x=1", "there is no actor 'rsk' (did you mean 'risk'?)"},
    {"actors.desks.settings.x=1", "there is no actor 'desks' (there are risk, feed)"},
    {"actors.risk=1", "not a path (write actors.<name>.settings.<setting>=value)"},
    {"system.seed.deep=1", "'seed' is a value, nothing is below it"},
    {"system.workers=many", "expected a whole number, got 'many' (write digits only, such as 20)"},
    {"system.seed={ a: [1 }", "this is not YAML: illegal flow end"},
    {"system.seed=~", "'seed' has no value (write one, or remove the line)"},
};

}  // namespace

BOOST_DATA_TEST_CASE(an_override_replaces_what_its_path_names, boost::unit_test::data::make(kGood), c) {
  const auto result = load(kText, {c.set});
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(result.plan->canonical.find(c.line) != std::string::npos, result.plan->canonical);
}

BOOST_DATA_TEST_CASE(an_override_that_means_nothing_is_a_problem_that_quotes_it,
                     boost::unit_test::data::make(kBad), c) {
  const bool seeded = std::string{c.set} == "system.seed.deep=1";
  const auto result = load(
      kText, seeded ? std::vector<std::string>{"system.seed=1", c.set} : std::vector<std::string>{c.set});
  BOOST_TEST(words(result.problems) == "--set " + std::string{c.set} + ": " + c.problem + "\n");
}

BOOST_AUTO_TEST_CASE(the_last_of_several_overrides_wins) {
  const auto result = load(kText, {"system.seed=1", "system.seed=2"});
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(result.plan->seed == 2u);
}

BOOST_AUTO_TEST_CASE(an_overridden_value_need_not_have_been_right) {
  const auto result = load("holdfast: 1\nsystem: { name: \"${NONE}\" }\n" + kTree, {"system.name=s"});
  BOOST_TEST(words(result.problems) == "");
}
