#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <holdfast/metrics/collector.hpp>
#include <holdfast/runtime/metrics.hpp>
#include <holdfast/runtime/record.hpp>
#include <holdfast/testkit/bench.hpp>
#include <set>

#include "client.hpp"
#include "tools/program.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// Series of all metrics; a histogram has one per bucket and three more.
std::size_t series_in(const std::vector<prometheus::MetricFamily>& families) {
  std::size_t count = 0;
  for (const auto& family : families)
    for (const auto& metric : family.metric)
      count += family.type == prometheus::MetricType::Histogram ? metric.histogram.bucket.size() + 3 : 1;
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(collector)

BOOST_AUTO_TEST_CASE(a_simulated_system_can_be_collected_into_a_host_s_own_exposer) {
  const ScratchDir scratch;
  Running run{trading_system(2'000), scratch / "data", Runtime::sim};
  run.finish();
  const auto collector = make_collector(*run.operator->(), {{"system", "one"}});
  std::set<std::string> names;
  for (const auto& family : collector->Collect()) {
    names.insert(family.name);
    for (const auto& metric : family.metric) BOOST_TEST(metric.label.front().value == "one");
    if (family.name == "holdfast_ticks_total")
      BOOST_TEST(family.metric[0].counter.value == static_cast<double>(run->summary().counts.ticks));
  }
  BOOST_TEST(names.contains("holdfast_actor_state"));
  BOOST_TEST(!names.contains("process_cpu_seconds_total"));
}

BOOST_AUTO_TEST_CASE(a_system_of_the_usual_size_has_few_series) {
  const ScratchDir scratch;
  Running run{trading_system(2'000), scratch / "data", Runtime::caf};
  BOOST_TEST(series_in(make_collector(*run.operator->())->Collect()) < 300u);
  run.finish();
}

BOOST_AUTO_TEST_CASE(orders_are_counted_by_how_they_ended) {
  const ScratchDir scratch;
  Setup setup;
  setup.rules = "[{ plugin: fat_finger, max_quantity: 3, max_notional: 10000000 }]";
  setup.strategies = {{"small", "plugin: metronome, every: 100, size: 1"}, {"large", "plugin: metronome, every: 100, size: 5"}, {"quotes", "plugin: quoter"}};
  Running run{setup.text(), scratch / "data", Runtime::sim};
  run.finish();
  const Journaled journal{scratch / "data"};
  const SystemMetrics measured = run->metrics();
  const auto& counts = measured.status.summary.counts;
  BOOST_TEST(counts.denied > 100u);
  BOOST_TEST(counts.filled > 100u);
  BOOST_TEST(counts.cancelled > 10u);
  BOOST_TEST(counts.denied == journal.of(EventType::order_denied).size());
  BOOST_TEST(counts.sent == journal.of(EventType::order_sent).size());
  BOOST_TEST(counts.cancelled == journal.of(EventType::order_cancelled).size());
  BOOST_TEST(counts.expired == journal.of(EventType::order_expired).size());
  BOOST_TEST(counts.rejected == journal.of(EventType::order_rejected).size());
  std::uint64_t open = 0;
  for (const auto& [status, count] : measured.open_orders) open += count;
  BOOST_TEST(counts.orders == counts.denied + counts.filled + counts.cancelled + counts.expired + counts.rejected + open);
}

BOOST_AUTO_TEST_CASE(a_difference_that_is_explained_or_whose_order_is_heard_of_again_is_on_record_no_longer) {
  SystemRecord record;
  testkit::Bench bench{[&] { return std::shared_ptr<Actor>{&record, [](Actor*) {}}; }};
  const ActorId venue{5};
  const auto id = ClOrdId::make({7}, 1);
  DifferenceFound position, missing;
  position.kind = DifferenceKind::position;
  position.instrument = missing.instrument = InstrumentId{1};
  position.ours = Quantity::of(2);
  missing.kind = DifferenceKind::order;
  missing.cl_ord_id = id;  // Of nothing filled here and nothing there, it is missing all the same.
  OrderTerms terms;
  terms.cl_ord_id = id;
  bench.tell(OrderIntent{terms, {}}, "", id.owner());
  bench.tell(OrderApproved{terms});
  bench.tell(OrderSent{terms, {}}, "", venue);
  bench.tell(OrderUnknown{id}, "", venue);
  bench.tell(position, "", venue);
  bench.tell(missing, "", venue);
  BOOST_TEST_REQUIRE(record.differences().count(5) == 1u);
  BOOST_TEST(record.differences().at(5).size() == 2u);
  position.theirs = position.ours;
  bench.tell(position, "the books agree again", venue);
  BOOST_TEST_REQUIRE(record.differences().count(5) == 1u);
  BOOST_TEST(record.differences().at(5).size() == 1u);
  bench.tell(OrderAcknowledged{id, 3}, "", venue);
  BOOST_TEST(record.differences().empty());
}

BOOST_AUTO_TEST_CASE(balances_that_fills_do_not_explain_are_on_record_and_fills_taken_back_are_not) {
  SystemRecord record;
  testkit::Bench bench{[&] { return std::shared_ptr<Actor>{&record, [](Actor*) {}}; }};
  const ActorId venue{5}, ledger{6};
  DifferenceFound found;
  found.kind = DifferenceKind::balance;
  found.ours = Quantity::of(-10);
  found.theirs = Quantity::of(990);
  bench.tell(found, "USD is opened with 990", venue);
  found.theirs = Quantity::of(890);
  bench.tell(found, "USD is 890 at the venue, and our fills lead to 990", venue);
  BOOST_TEST_REQUIRE(record.balances().size() == 1u);
  const auto& balance = record.balances().at({5, "USD"});
  BOOST_TEST(balance.theirs.str() == "890");
  BOOST_TEST(balance.evidence == "USD is 890 at the venue, and our fills lead to 990");
  BOOST_TEST(record.differences().empty());
  FillBooked booked;
  booked.cl_ord_id = ClOrdId::make({7}, 1);
  booked.instrument = InstrumentId{1};
  for (const std::uint32_t busted : {0u, 0u, 1u}) {
    booked.busted = busted;
    bench.tell(booked, "", ledger);
  }
  BOOST_TEST(record.holdings().at({7, 1}).fills == 1u);
}

BOOST_AUTO_TEST_CASE(the_process_is_measured_under_the_usual_names) {
  std::map<std::string, double> values;
  for (const auto& family : make_process_collector()->Collect())
    values[family.name] = family.metric[0].counter.value + family.metric[0].gauge.value;
  BOOST_TEST(values["process_cpu_seconds_total"] > 0);
  BOOST_TEST(values["process_resident_memory_bytes"] > 1e6);
  BOOST_TEST(values["process_virtual_memory_bytes"] > values["process_resident_memory_bytes"]);
  BOOST_TEST(values["process_open_fds"] >= 3);
  BOOST_TEST(values["process_max_fds"] > values["process_open_fds"]);
  BOOST_TEST(values["process_threads"] >= 1);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const double age = std::chrono::duration<double>(now).count() - values["process_start_time_seconds"];
  BOOST_TEST(age > -2);  // The kernel counts from a boot time that it rounds.
  BOOST_TEST(age < 3600);
}

BOOST_AUTO_TEST_CASE(the_document_names_every_metric) {
  const std::string document = text_of_file(std::string{std::getenv("HOLDFAST_SOURCE")} + "/docs/metrics.md");
  BOOST_TEST(document.find("\n" + metrics_reference() + "\n") != std::string::npos,
             "docs/metrics.md must have this table:\n" << metrics_reference());
}

BOOST_AUTO_TEST_SUITE_END()
