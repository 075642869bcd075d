#include "families.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <holdfast/metrics/collector.hpp>

namespace holdfast {

namespace metrics {

namespace {

using prometheus::MetricType;
constexpr auto kCounter = MetricType::Counter, kGauge = MetricType::Gauge, kHistogram = MetricType::Histogram;
/// Actors and latches that get series of their own.
constexpr std::size_t kActors = 50, kLatches = 30;

const std::vector<Family>& table() {
  static const std::vector<Family> all{
      {"holdfast_build_info", kGauge, {"version"}, 1, "Always 1; the label is the version of the program."},
      {"holdfast_ready", kGauge, {}, 1, "1 when /readyz says so, 0 otherwise."},
      {"holdfast_system_state", kGauge, {"state"}, 1, "Always 1; the label is what the system is doing: starting, ready, stopping, stopped or failed."},
      {"holdfast_runs_total", kCounter, {}, 1, "How often the system was started on this journal."},
      {"holdfast_fold_seconds", kGauge, {}, 1, "How long it took, when the process started, to fold what the journal held."},
      {"holdfast_events_total", kCounter, {}, 1, "Events in the journal, of all kinds."},
      {"holdfast_ticks_total", kCounter, {}, 1, "Market events in the journal: quotes, trades and book levels."},
      {"holdfast_bad_ticks_total", kCounter, {}, 1, "Ticks that a feed dropped because they were wrong."},
      {"holdfast_orders_total", kCounter, {}, 1, "Orders that strategies asked for."},
      {"holdfast_orders_sent_total", kCounter, {}, 1, "Orders that were released to a venue."},
      {"holdfast_orders_ended_total", kCounter, {"state"}, 5, "Orders that have ended, by how: denied by risk, rejected by the venue, filled, cancelled, or expired because they were not filled in time."},
      {"holdfast_orders_open", kGauge, {"state"}, 5, "Orders that have not ended, by state."},
      {"holdfast_fills_total", kCounter, {}, 1, "Fills, partial ones included."},
      {"holdfast_trade_loop_seconds", kHistogram, {}, 1, "From the event that an order answers until the order is durable, sent and written down."},
      {"holdfast_latches_engaged", kGauge, {"scope", "level"}, 6, "Latches that are engaged."},
      {"holdfast_latch_engaged_timestamp_seconds", kGauge, {"scope", "target", "level", "who"}, kLatches, "Since when a latch is engaged, and by whom."},
      {"holdfast_actor_up", kGauge, {"actor"}, kActors, "1 when the actor is up, 0 otherwise."},
      {"holdfast_actor_state", kGauge, {"actor", "state"}, kActors, "Always 1; the label is the actor's state in its supervision tree."},
      {"holdfast_actor_events_total", kCounter, {"actor"}, kActors, "Events the actor has heard since the process started, again at each restart included."},
      {"holdfast_actor_handling_seconds", kHistogram, {"actor"}, kActors, "How long one turn of the actor took, with all events that were there."},
      {"holdfast_actor_lag_events", kGauge, {"actor"}, kActors, "Events that are in the journal and that the actor has not heard."},
      {"holdfast_actor_restarts_total", kCounter, {"actor"}, kActors, "Restarts of the actor since the process started."},
      {"holdfast_actor_failures_total", kCounter, {"actor", "cause"}, 4 * kActors, "Ends of the actor that nobody had asked for since the process started: exception, divergence, hang or lost."},
      {"holdfast_actor_last_failure_info", kGauge, {"actor", "cause"}, kActors, "Always 1; the label is the cause of the actor's last failure. Absent when it had none."},
      {"holdfast_actor_last_recovery_seconds", kGauge, {"actor"}, kActors, "From the actor's last crash until it was live again; 0 when it had none."},
      {"holdfast_recovery_seconds", kHistogram, {}, 1, "From the crash of any actor until it was live again."},
      {"holdfast_journal_head_seq", kGauge, {}, 1, "Sequence number of the newest event."},
      {"holdfast_journal_release_seq", kGauge, {}, 1, "Sequence number up to which everything is durable; nothing newer leaves the process."},
      {"holdfast_journal_queued_bytes", kGauge, {}, 1, "Bytes that were submitted and are not in the store yet."},
      {"holdfast_journal_frames_total", kCounter, {}, 1, "Frames written to the store since the process started."},
      {"holdfast_journal_written_bytes_total", kCounter, {}, 1, "Bytes of events written to the store since the process started, as stored."},
      {"holdfast_journal_write_seconds", kHistogram, {}, 1, "How long it took to write all frames that were waiting."},
      {"holdfast_journal_sync_seconds", kHistogram, {}, 1, "How long one sync of the disk took."},
      {"holdfast_metrics_overflow_total", kCounter, {}, 1, "Series that were added to an `other` series because their metric was at its budget, counted at each scrape."},
      {"process_cpu_seconds_total", kCounter, {}, 1, "Processor time used, user and system."},
      {"process_resident_memory_bytes", kGauge, {}, 1, "Memory that is resident."},
      {"process_virtual_memory_bytes", kGauge, {}, 1, "Address space."},
      {"process_open_fds", kGauge, {}, 1, "File descriptors that are open."},
      {"process_max_fds", kGauge, {}, 1, "File descriptors that may be open."},
      {"process_start_time_seconds", kGauge, {}, 1, "When the process was started, in seconds since 1970."},
      {"process_threads", kGauge, {}, 1, "Threads."},
  };
  return all;
}

}  // namespace

std::span<const Family> families() { return table(); }

const Family& family(std::string_view name) {
  const auto found = std::ranges::find_if(table(), [&](const Family& f) { return name == f.name; });
  if (found == table().end()) throw std::logic_error{std::string{name} + " is not in the table of metrics"};
  return *found;
}

}  // namespace metrics

std::string metrics_reference() {
  std::string out;
  for (const auto& family : metrics::families()) {
    std::string labels;
    for (const char* label : family.labels) labels += (labels.empty() ? "`" : ", `") + std::string{label} + "`";
    const char* type = family.type == prometheus::MetricType::Counter ? "counter"
                       : family.type == prometheus::MetricType::Gauge ? "gauge"
                                                                      : "histogram";
    out += "| `" + std::string{family.name} + "` | " + type + " | " + labels + " | " + family.help + " |\n";
  }
  return out;
}

}  // namespace holdfast
