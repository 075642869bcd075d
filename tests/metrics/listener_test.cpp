#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include "client.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// A system on a market without end, with its listener.
struct Listened {
  explicit Listened(const std::string& text) : run{text, scratch / "data", Runtime::caf} { listener.serve(*system()); }
  System* system() { return run.operator->(); }
  const std::string& at() const { return listener.address(); }

  ScratchDir scratch;
  Running run;
  MetricsListener listener{"127.0.0.1:0"};  ///< Ends before what it reads.
};

std::uint64_t ticks(Listened& it) { return it.system()->status().summary.counts.ticks; }

/// The market goes on, and the pages are still answered.
void goes_on(Listened& it) {
  const std::uint64_t before = ticks(it);
  BOOST_TEST(wait_for(*it.system(), [&] { return ticks(it) > before; }));
  BOOST_TEST(wait_for(*it.system(), [&] { return asked(it.at(), "/readyz").status == 200; }));
  BOOST_TEST(it.system()->failure() == "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listener)

BOOST_AUTO_TEST_CASE(the_pages_are_there_and_nothing_else) {
  Listened it{trading_system(0, 1)};
  BOOST_TEST(asked(it.at(), "/livez").body == "ok\n");
  BOOST_TEST(asked(it.at(), "/readyz").body == "ok\n");
  const auto health = asked(it.at(), "/healthz");
  BOOST_TEST(health.status == 200);
  BOOST_TEST(health.head.find("Content-Type: application/json\r\n") != std::string::npos);
  BOOST_TEST(health.body.starts_with(R"({"status":"ok","timestamp":"20)"));
  BOOST_TEST(health.body.find(R"(Z","version":")") != std::string::npos);
  const auto metrics = asked(it.at(), "/metrics");
  BOOST_TEST(metrics.status == 200);
  BOOST_TEST(metrics.head.find("Content-Type: text/plain; version=0.0.4") != std::string::npos);
  BOOST_TEST(asked(it.at(), "/").status == 404);
  BOOST_TEST(asked(it.at(), "/metrics/").status == 404);
  BOOST_TEST(asked(it.at(), "/../etc/passwd").status == 404);
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) BOOST_TEST(asked(it.at(), "/metrics", method).status == 405);
  const auto head = asked(it.at(), "/metrics", "HEAD");
  BOOST_TEST(head.status == 200);
  BOOST_TEST(head.body == "");
}

BOOST_AUTO_TEST_CASE(what_is_exposed_is_what_the_run_did) {
  Listened it{trading_system(20'000)};
  it.run.until([](const auto&) { return false; });
  BOOST_TEST(it.system()->stop(std::chrono::seconds{20}) == "");
  const auto counts = it.system()->summary().counts;
  auto series = series_of(asked(it.at(), "/metrics").body);
  BOOST_TEST(counts.ticks >= 20'000u);
  BOOST_TEST(series["holdfast_ticks_total"] == static_cast<double>(counts.ticks));
  BOOST_TEST(series["holdfast_orders_total"] == static_cast<double>(counts.orders));
  BOOST_TEST(series["holdfast_fills_total"] == static_cast<double>(counts.fills));
  BOOST_TEST(series["holdfast_events_total"] == static_cast<double>(counts.events));
  BOOST_TEST(counts.sent > 10u);
  BOOST_TEST(series["holdfast_orders_sent_total"] == static_cast<double>(counts.sent));
  BOOST_TEST(series["holdfast_trade_loop_seconds_count"] == static_cast<double>(counts.sent));
  BOOST_TEST(series["holdfast_trade_loop_seconds_sum"] > 0);
  BOOST_TEST(series[R"(holdfast_actor_events_total{actor="ledger"})"] >= static_cast<double>(counts.ticks));
  BOOST_TEST(series[R"(holdfast_actor_handling_seconds_count{actor="beat"})"] > 0);
  BOOST_TEST(series["holdfast_journal_head_seq"] == static_cast<double>(it.system()->status().head_seq));
  BOOST_TEST(series["holdfast_journal_release_seq"] == series["holdfast_journal_head_seq"]);
  BOOST_TEST(series["holdfast_journal_queued_bytes"] == 0);
  BOOST_TEST(series["holdfast_journal_frames_total"] > 0);
  BOOST_TEST(series["holdfast_journal_written_bytes_total"] > 20'000);
  BOOST_TEST(series["holdfast_journal_sync_seconds_count"] > 0);
  BOOST_TEST(series["holdfast_metrics_overflow_total"] == 0);
  BOOST_TEST(series["holdfast_ready"] == 0);
  BOOST_TEST(series[R"(holdfast_system_state{state="stopped"})"] == 1);
  BOOST_TEST(asked(it.at(), "/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(a_host_s_own_registry_is_shown_beside_it) {
  const ScratchDir scratch;
  const auto registry = std::make_shared<prometheus::Registry>();
  prometheus::BuildCounter().Name("host_requests_total").Help("Of the host.").Register(*registry).Add({}).Increment(3);
  Running run{trading_system(1'000), scratch / "data", Runtime::caf};
  MetricsListener listener{"127.0.0.1:0"};
  listener.serve(*run.operator->(), {registry});
  auto series = series_of(asked(listener.address(), "/metrics").body);
  BOOST_TEST(series["host_requests_total"] == 3);
  BOOST_TEST(series["holdfast_runs_total"] == 1);
  run.finish();
}

BOOST_AUTO_TEST_CASE(before_the_start_it_is_alive_and_not_ready) {
  const ScratchDir scratch;
  PluginHost plugins{{(build_dir() / "plugins").string()}};
  System::Options options;
  options.data_dir = scratch / "data";
  const auto system = System::open(plan_of(trading_system(0, 1)), plugins, options);
  MetricsListener listener{"127.0.0.1:0"};
  listener.serve(*system);
  BOOST_TEST(asked(listener.address(), "/livez").status == 200);
  BOOST_TEST(asked(listener.address(), "/healthz").status == 200);
  const auto ready = asked(listener.address(), "/readyz?verbose");
  BOOST_TEST(ready.status == 503);
  BOOST_TEST(ready.body.find("[-]recovered failed: it is starting\n") != std::string::npos);
  BOOST_TEST(ready.body.find("[-]actor/market failed: it is down\n") != std::string::npos);
  BOOST_TEST(asked(listener.address(), "/metrics").status == 200);
  system->start();
  BOOST_TEST(asked(listener.address(), "/readyz").status == 200);
  system->stop(std::chrono::seconds{10});
  BOOST_TEST(asked(listener.address(), "/readyz").status == 503);
}

BOOST_AUTO_TEST_CASE(a_crash_shows_in_restarts_cause_and_recovery) {
  Listened it{trading_system(0, 1)};
  const auto value = [&](const std::string& name) { return series_of(asked(it.at(), "/metrics").body)[name]; };
  BOOST_TEST(value(R"(holdfast_actor_restarts_total{actor="beat"})") == 0);
  BOOST_TEST(value(R"(holdfast_actor_failures_total{actor="beat",cause="exception"})") == 0);
  it.system()->crash("beat", "as asked");
  BOOST_TEST(wait_for(*it.system(), [&] { return value(R"(holdfast_actor_restarts_total{actor="beat"})") == 1; }));
  BOOST_TEST(wait_for(*it.system(), [&] { return value("holdfast_recovery_seconds_count") == 1; }));
  BOOST_TEST(value(R"(holdfast_actor_failures_total{actor="beat",cause="exception"})") == 1);
  BOOST_TEST(value(R"(holdfast_actor_failures_total{actor="beat",cause="divergence"})") == 0);
  BOOST_TEST(value(R"(holdfast_actor_last_failure_info{actor="beat",cause="exception"})") == 1);
  const double recovery = value(R"(holdfast_actor_last_recovery_seconds{actor="beat"})");
  BOOST_TEST(recovery > 0);
  BOOST_TEST(recovery == value("holdfast_recovery_seconds_sum"), boost::test_tools::tolerance(1e-6));
  BOOST_TEST(value(R"(holdfast_actor_restarts_total{actor="market"})") == 0);
  BOOST_TEST(wait_for(*it.system(), [&] { return asked(it.at(), "/readyz").status == 200; }));
}

BOOST_AUTO_TEST_CASE(a_halt_shows_with_its_scope_and_who_and_is_not_ready) {
  Listened it{trading_system(0, 1)};
  it.system()->halt({LatchScope::system, LatchLevel::halted, "", "ann \"the\nboss\"\xff", "why", {1'700'000'000'000'000'000}},
                    std::chrono::seconds{10});
  const auto ready = asked(it.at(), "/readyz?verbose");
  BOOST_TEST(ready.status == 503);
  BOOST_TEST(ready.body.find("[-]trading failed: the system is halted\n") != std::string::npos);
  BOOST_TEST(ready.body.find("[+]actor/market ok\n") != std::string::npos);
  BOOST_TEST(ready.body.ends_with("not ready: trading\n"));
  auto series = series_of(asked(it.at(), "/metrics").body);
  BOOST_TEST(series[R"(holdfast_latches_engaged{scope="system",level="halted"})"] == 1);
  BOOST_TEST(series[R"(holdfast_latches_engaged{scope="instrument",level="halted"})"] == 0);
  const auto who = R"(holdfast_latch_engaged_timestamp_seconds{scope="system",target="",level="halted",who="ann \"the?boss\"?"})";
  BOOST_TEST(series[who] == 1.7e9);
  BOOST_TEST(asked(it.at(), "/livez").status == 200);
  it.system()->resume(LatchScope::system, "", "ann", "over");
  BOOST_TEST(asked(it.at(), "/readyz").status == 200);
}

BOOST_AUTO_TEST_CASE(rubbish_is_refused_and_forgotten) {
  Listened it{trading_system(0, 1)};
  BOOST_TEST(sent(it.at(), "\x16\x03\x01").status == 400);
  BOOST_TEST(sent(it.at(), std::string(100'000, 'A')).status == 431);
  BOOST_TEST(sent(it.at(), "GET /metrics HTTP/1.1\r\nX: " + std::string(100'000, 'A')).status == 431);
  BOOST_TEST(sent(it.at(), "GET /metrics HTTP/1.1\r\n\r\n" + std::string(10'000, 'A')).status == 200);
  BOOST_TEST(sent(it.at(), std::string(200, '\0')).status == 400);
  goes_on(it);
}

BOOST_AUTO_TEST_CASE(slow_clients_keep_nobody_waiting) {
  Listened it{trading_system(0, 1)};
  std::vector<Connection> slow;
  for (int i = 0; i < 60; ++i) {
    slow.emplace_back(it.at());
    slow.back().send("GET /met");
  }
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(asked(it.at(), "/livez").status == 200);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds{2}));
  // One that is slow enough is hung up on, however it goes on sending.
  BOOST_TEST(wait_for(*it.system(), [&] { return !slow.front().send("r"); }));
  goes_on(it);
}

BOOST_AUTO_TEST_CASE(the_newest_of_too_many_connections_is_answered_and_few_are_held) {
  Listened it{trading_system(0, 1)};
  const auto open_files = [] {
    const std::filesystem::directory_iterator files{"/proc/self/fd"};
    return std::distance(begin(files), end(files));
  };
  const auto before = open_files();
  std::vector<Connection> many;
  for (int i = 0; i < 200; ++i) many.emplace_back(it.at());
  BOOST_TEST(asked(it.at(), "/livez").status == 200);
  BOOST_TEST(open_files() - before <= 200 + 64);
  BOOST_TEST(many.front().rest() == "");  // Gave way, long before its time was up.
  goes_on(it);
}

BOOST_AUTO_TEST_CASE(thousands_of_connections_do_not_stop_the_market) {
  Listened it{trading_system(0, 1)};
  const std::uint64_t before = ticks(it);
  for (int i = 0; i < 5'000; ++i) {
    const Connection connection{it.at(), Connection::Kind::hasty};
    connection.send("GET /metrics HTTP/1.1\r\n\r\n");
  }
  BOOST_TEST(wait_for(*it.system(), [&] { return ticks(it) > before; }));
  goes_on(it);
}

BOOST_AUTO_TEST_CASE(an_address_that_cannot_be_had_is_one_clear_error) {
  const MetricsListener first{"127.0.0.1:0"};
  const auto error_of = [](const std::string& address) -> std::string {
    try {
      const MetricsListener listener{address};
      return "";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  };
  BOOST_TEST(error_of(first.address()) == "metrics.listen: cannot listen at " + first.address() +
                                              ": Address already in use; choose another one, or port 0 for any that is free");
  BOOST_TEST(error_of("192.0.2.1:0").starts_with("metrics.listen: cannot listen at 192.0.2.1:0: Cannot assign"));
  BOOST_TEST(error_of("nonsense") == "metrics.listen: cannot listen at nonsense: it is no address and port; write one such as 127.0.0.1:9464");
}

BOOST_AUTO_TEST_SUITE_END()
