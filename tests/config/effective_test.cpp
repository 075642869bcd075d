#include <boost/test/unit_test.hpp>
#include <holdfast/config/effective.hpp>
#include <holdfast/config/secrets.hpp>

#include "config/plan_text.hpp"
#include "config/typed_host.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

const std::string kText = R"(holdfast: 1
system:
  name: ${NAME:-s}
  seed: 7
profiles:
  live:
    system.clock: wall
    actors.a.settings.wait: ${WAIT}
instruments:
  - { symbol: A, tick: 1, lot: 1, currency: USD }
tree:
  children:
    - name: a
      actor: x
      settings:
        note: costs $$5
        names: [ p, q ]
        key: { secret: acme/key }
    - name: desks
      supervisor: one_for_all
      children:
        - { name: b, actor: x }
)";

LoadResult load_live(const std::string& text, const std::vector<std::string>& profiles = {"live"},
                     const std::vector<std::string>& sets = {"actors.a.settings.count=9"}) {
  auto result =
      load_plan_text(text, "f", ".", sets, environment({{"WAIT", "3s"}, {"MY_TOKEN", "hunter2"}}), profiles);
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  return result;
}

Effective effective_of(const LoadResult& result) {
  const auto secrets =
      secret_reader([](const std::string&, std::string&) { return std::optional<std::string>{"hunter2"}; });
  return effective(
      result, [](auto, auto) { return Typed::schema().describe(); }, secrets);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_effective_configuration_has_everything_and_says_where_it_is_from) {
  BOOST_TEST(effective_yaml(effective_of(load_live(kText)), true) == R"(holdfast: 1  # f:1
system:
  name: s  # f:3, ${NAME} is not set
  clock: wall  # f:7, profile live
  seed: 7  # f:4
  workers: 2  # default
  in_step: 0  # default
plugins:
  path: []  # default
journal:
  frame: 256KiB  # default
  ring: 48MiB  # default
  sync_interval: 5ms  # default
  wal_cap: 128MiB  # default
  snapshot_every: 500000  # default
  snapshots_kept: 3  # default
  retention:
    market_events: 0  # default
instruments:
  - symbol: A  # f:10
    tick: 1  # f:10
    lot: 1  # f:10
    currency: USD  # f:10
    session: 24x7  # default
tree:
  strategy: one_for_one  # default
  intensity: 3  # default
  period: 5s  # default
  shutdown: 30s  # default
  backoff:
    initial: 100ms  # default
    max: 30s  # default
    multiplier: 2  # default
    jitter: 0.2  # default
    reset_after: 1m  # default
  children:
    - name: a  # f:13
      actor: x  # f:14
      restart: permanent  # default
      shutdown: 5s  # default
      settings:
        flag: false  # default
        count: 9  # --set actors.a.settings.count
        factor: 1.5  # default
        price: 0.25  # default
        wait: 3s  # f:8, profile live, ${WAIT}
        mode: slow  # default
        note: costs $$5  # f:16
        names:
          - p  # f:17
          - q  # f:17
        key:
          secret: acme/key  # acme/key sha256:f52fbd32, f:18
    - name: desks  # f:19
      supervisor: one_for_all  # f:20
      intensity: 3  # default
      period: 5s  # default
      shutdown: 30s  # default
      backoff:
        initial: 100ms  # default
        max: 30s  # default
        multiplier: 2  # default
        jitter: 0.2  # default
        reset_after: 1m  # default
      children:
        - name: b  # f:22
          actor: x  # f:22
          restart: permanent  # default
          shutdown: 5s  # default
          settings:
            flag: false  # default
            count: 20  # default
            factor: 1.5  # default
            price: 0.25  # default
            wait: 250ms  # default
            mode: slow  # default
            names:
              - x  # default
              - y  # default
)");
}

BOOST_AUTO_TEST_CASE(the_effective_configuration_reads_back_to_itself) {
  const auto text = effective_yaml(effective_of(load_live(kText)), true);
  const auto again = load_live(text, {}, {});
  BOOST_TEST(effective_yaml(effective_of(again), false) ==
             effective_yaml(effective_of(load_live(kText)), false));
  TypedHost host;
  const auto any =
      secret_reader([](const std::string&, std::string&) { return std::optional<std::string>{"x"}; });
  BOOST_TEST(words(check_plan(*again.plan, host, any)) == "");
  BOOST_TEST(load_live(again.plan->canonical, {}, {}).plan->canonical == again.plan->canonical);
}

BOOST_AUTO_TEST_CASE(no_secret_is_in_the_effective_configuration) {
  const auto result = load_live(with_settings("{ note: \"${MY_TOKEN}\", key: { secret: k } }"), {}, {});
  const auto text = effective_yaml(effective_of(result), true);
  BOOST_TEST(text.find("hunter2") == std::string::npos);
  BOOST_TEST(text.find("note: \"${MY_TOKEN}\"  # f:7, ${MY_TOKEN}\n") != std::string::npos, text);
  BOOST_TEST(text.find("secret: k  # k sha256:f52fbd32, f:7\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(without_origins_only_secrets_have_a_comment) {
  const auto text = effective_yaml(effective_of(load_live(kText)), false);
  BOOST_TEST(text.find('#') == text.find("# acme/key sha256:f52fbd32\n"));
  BOOST_TEST(text.find('#') == text.rfind('#'));
}
