#include <boost/test/unit_test.hpp>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(every_section_arrives_in_the_plan) {
  const auto result = load(R"(holdfast: 1
system: { name: paper, clock: feed, seed: 7, workers: 3, in_step: 256, data_dir: /data }
plugins: { path: [ /opt/plugins ], pins: { strategy_x: )" +
                           std::string(64, 'A') + R"( } }
journal: { frame: 64KiB, ring: 9MiB, sync_interval: 7ms, wal_cap: 1GiB, snapshot_every: 10,
           snapshots_kept: 2, retention: { market_events: 11 } }
metrics: { listen: 127.0.0.1:9464 }
instruments:
  - { symbol: SPY, tick: 0.01, lot: 1, currency: USD, session: "09:30-16:00 America/New_York" }
tree:
  strategy: rest_for_one
  intensity: 4
  period: 6s
  shutdown: 7s
  backoff: { initial: 1ms, max: 2ms, multiplier: 3.5, jitter: 0.5, reset_after: 4s }
  children:
    - { name: market, actor: feed, restart: transient, shutdown: 8s, settings: { a: [1, 2] } }
    - name: desks
      supervisor: one_for_all
      children:
        - { name: fast, actor: strategy, restart: temporary, pin: )" +
                           std::string(64, 'b') + R"( }
    - { name: book, actor: ledger }
)");
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  const Plan& plan = *result.plan;
  BOOST_TEST(plan.name == "paper");
  BOOST_TEST((plan.clock == Plan::Clock::feed));
  BOOST_TEST(plan.seed == 7u);
  BOOST_TEST(plan.workers == 3);
  BOOST_TEST(plan.in_step == 256);
  BOOST_TEST(plan.data_dir == "/data");
  BOOST_TEST(plan.plugin_path == std::vector<std::string>{"/opt/plugins"}, boost::test_tools::per_element());
  BOOST_REQUIRE_EQUAL(plan.pins.size(), 1u);
  BOOST_TEST(plan.pins[0].kind == "strategy");
  BOOST_TEST(plan.pins[0].name == "x");
  BOOST_TEST(plan.pins[0].sha256 == std::string(64, 'a'));
  BOOST_TEST(plan.journal.frame_bytes == 65536u);
  BOOST_TEST(plan.journal.ring_bytes == 9u << 20);
  BOOST_TEST((plan.journal.sync_interval == 7ms));
  BOOST_TEST(plan.journal.wal_cap_bytes == 1u << 30);
  BOOST_TEST(plan.journal.snapshot_every == 10u);
  BOOST_TEST(plan.journal.snapshots_kept == 2u);
  BOOST_TEST(plan.journal.retention_market_events == 11u);
  BOOST_TEST(plan.metrics.listen == "127.0.0.1:9464");
  BOOST_REQUIRE_EQUAL(plan.instruments.size(), 1u);
  BOOST_TEST(plan.instruments[0].id.value == 0u);
  BOOST_TEST(plan.instruments[0].symbol == "SPY");
  BOOST_TEST(plan.instruments[0].tick.str() == "0.01");
  BOOST_TEST(plan.instruments[0].session == "09:30-16:00 America/New_York");
  BOOST_TEST((plan.tree.strategy == RestartStrategy::rest_for_one));
  BOOST_TEST(plan.tree.intensity == 4);
  BOOST_TEST((plan.tree.period == 6s));
  BOOST_TEST((plan.tree.shutdown == 7s));
  BOOST_TEST((plan.tree.backoff.initial == 1ms && plan.tree.backoff.max == 2ms));
  BOOST_TEST(plan.tree.backoff.multiplier == 3.5);
  BOOST_TEST(plan.tree.backoff.jitter == 0.5);
  BOOST_TEST((plan.tree.backoff.reset_after == 4s));
  BOOST_REQUIRE_EQUAL(plan.tree.children.size(), 3u);
  const ActorPlan& market = *plan.tree.children[0].actor();
  BOOST_TEST((market.restart == Restart::transient && market.shutdown == 8s));
  BOOST_TEST(flat(market.settings) == R"({"a":["1","2"]})");
  BOOST_TEST(market.where.line == 16);
  BOOST_TEST(market.actor_where.column == 30);
  const SupervisorPlan& desks = *plan.tree.children[1].supervisor();
  BOOST_TEST(desks.name == "desks");
  BOOST_TEST((desks.strategy == RestartStrategy::one_for_all));
  BOOST_TEST(desks.children[0].actor()->pin == std::string(64, 'b'));
}

BOOST_AUTO_TEST_CASE(what_is_not_written_has_the_defaults_of_a_plan_made_in_code) {
  const auto result = load(kPlan);
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  Plan plan;
  plan.name = "s";
  ActorPlan actor;
  actor.name = "a";
  actor.actor = "x";
  plan.tree.children.push_back({actor});
  BOOST_TEST(canonical_text(plan) == result.plan->canonical);
}

BOOST_AUTO_TEST_CASE(actors_come_in_start_order_over_all_levels) {
  const auto result = load(kHead +
                           "tree:\n  children:\n"
                           "    - { name: d, supervisor: one_for_one, children: [ { name: b, actor: x }, { "
                           "name: c, actor: x } ] }\n"
                           "    - { name: a, actor: x }\n");
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  std::string names;
  for (const auto* actor : actors_of(result.plan->tree)) names += actor->name;
  BOOST_TEST(names == "bca");
}

BOOST_AUTO_TEST_CASE(relative_plugin_folders_start_at_the_file) {
  const auto result = load_plan_text(kPlan + "plugins: { path: [ ../plugins ] }\n", "f", "/etc/holdfast");
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  BOOST_TEST(result.plan->plugin_path.at(0) == "/etc/plugins");
}

BOOST_AUTO_TEST_CASE(an_address_to_listen_at_is_a_host_and_a_port) {
  const auto both = [](const std::string& listen) {
    const auto parts = host_and_port(listen);
    return parts ? parts->first + " " + parts->second : "";
  };
  BOOST_TEST(both("127.0.0.1:9464") == "127.0.0.1 9464");
  BOOST_TEST(both("localhost:0") == "localhost 0");
  BOOST_TEST(both("[::1]:65535") == "::1 65535");
  for (const char* wrong : {"", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:9464", "[::1]", "a b:1",
                            "127.0.0.1:9464/metrics", "127.0.0.1:-1"})
    BOOST_TEST(both(wrong) == "", wrong);
}
