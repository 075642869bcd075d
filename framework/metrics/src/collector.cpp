#include <holdfast/metrics/collector.hpp>

#include <atomic>
#include <cctype>

#include <prometheus/collectable.h>

#include <holdfast/metrics/health.hpp>
#include <holdfast/runtime/metrics.hpp>

#include "book.hpp"

namespace holdfast {

namespace {

using metrics::Book;

double real(std::uint64_t count) { return static_cast<double>(count); }

/// A word for people as labels are written: partially_filled, halted.
std::string word(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

void add_system(Book& book, const SystemStatus& status) {
  book.add("holdfast_build_info", {HOLDFAST_VERSION}, 1);
  book.add("holdfast_ready", {}, is_ready(status) ? 1 : 0);
  book.add("holdfast_system_state", {status.state}, 1);
  book.add("holdfast_runs_total", {}, real(status.epoch));
  book.add("holdfast_fold_seconds", {}, std::chrono::duration<double>{status.folding}.count());
}

void add_trading(Book& book, const SystemMetrics& system) {
  const auto& counts = system.status.summary.counts;
  book.add("holdfast_events_total", {}, real(counts.events));
  book.add("holdfast_ticks_total", {}, real(counts.ticks));
  book.add("holdfast_bad_ticks_total", {}, real(counts.bad_ticks));
  book.add("holdfast_orders_total", {}, real(counts.orders));
  book.add("holdfast_orders_sent_total", {}, real(counts.sent));
  book.add("holdfast_fills_total", {}, real(counts.fills));
  book.add("holdfast_orders_ended_total", {"denied"}, real(counts.denied));
  book.add("holdfast_orders_ended_total", {"rejected"}, real(counts.rejected));
  book.add("holdfast_orders_ended_total", {"filled"}, real(counts.filled));
  book.add("holdfast_orders_ended_total", {"cancelled"}, real(counts.cancelled));
  book.add("holdfast_orders_ended_total", {"expired"}, real(counts.expired));
  for (const auto status : {OrdStatus::intended, OrdStatus::approved, OrdStatus::sent, OrdStatus::acknowledged,
                            OrdStatus::partially_filled}) {
    const auto open = system.open_orders.find(status);
    book.add("holdfast_orders_open", {word(to_string(status))}, open == system.open_orders.end() ? 0 : real(open->second));
  }
  book.add("holdfast_trade_loop_seconds", {}, system.trade_loop);
}

void add_latches(Book& book, const std::vector<LatchFile::Latch>& latches) {
  for (const auto scope : {LatchScope::system, LatchScope::strategy, LatchScope::instrument})
    for (const auto level : {LatchLevel::reducing, LatchLevel::halted})
      book.add("holdfast_latches_engaged", {word(to_string(scope)), word(to_string(level))}, 0);
  for (const auto& latch : latches) {
    const std::string scope = word(to_string(latch.scope)), level = word(to_string(latch.level));
    book.add("holdfast_latches_engaged", {scope, level}, 1);
    book.add("holdfast_latch_engaged_timestamp_seconds", {scope, latch.target, level, latch.who},
             std::chrono::duration<double>{Duration{latch.since.ns}}.count());
  }
}

void add_actor(Book& book, const SystemStatus::ActorLine& line, const ActorMetrics& actor) {
  const auto& name = line.name;
  book.add("holdfast_actor_up", {name}, line.state == Supervision::State::up ? 1 : 0);
  book.add("holdfast_actor_state", {name, to_string(line.state)}, 1);
  book.add("holdfast_actor_events_total", {name}, real(actor.events));
  book.add("holdfast_actor_handling_seconds", {name}, actor.handling);
  book.add("holdfast_actor_lag_events", {name}, real(line.lag));
  book.add("holdfast_actor_restarts_total", {name}, line.restarts);
  for (std::size_t i = 0; i < kFailureCauses; ++i)
    book.add("holdfast_actor_failures_total", {name, to_string(static_cast<FailureCause>(i))}, real(actor.failures[i]));
  if (actor.last_failure) book.add("holdfast_actor_last_failure_info", {name, to_string(*actor.last_failure)}, 1);
  book.add("holdfast_actor_last_recovery_seconds", {name}, std::chrono::duration<double>{line.recovery}.count());
  book.add("holdfast_recovery_seconds", {}, actor.recovery);
}

void add_journal(Book& book, const SystemMetrics& system) {
  book.add("holdfast_journal_head_seq", {}, real(system.status.head_seq));
  book.add("holdfast_journal_release_seq", {}, real(system.status.release_seq));
  book.add("holdfast_journal_queued_bytes", {}, real(system.journal.queued_bytes));
  book.add("holdfast_journal_frames_total", {}, real(system.journal.frames));
  book.add("holdfast_journal_written_bytes_total", {}, real(system.journal.bytes));
  book.add("holdfast_journal_write_seconds", {}, system.journal.write);
  book.add("holdfast_journal_sync_seconds", {}, system.journal.sync);
}

class SystemCollector final : public prometheus::Collectable {
 public:
  SystemCollector(const System& system, std::map<std::string, std::string> labels)
      : system_{system}, labels_{std::move(labels)} {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    const SystemMetrics measured = system_.metrics();
    Book book{labels_};
    add_system(book, measured.status);
    add_trading(book, measured);
    add_latches(book, measured.status.latches);
    for (std::size_t i = 0; i < measured.actors.size(); ++i)
      add_actor(book, measured.status.actors[i], measured.actors[i]);
    add_journal(book, measured);
    overflow_ += book.overflowed();
    book.add("holdfast_metrics_overflow_total", {}, real(overflow_));
    return book.take();
  }

 private:
  const System& system_;
  const std::map<std::string, std::string> labels_;
  mutable std::atomic<std::uint64_t> overflow_{0};
};

}  // namespace

std::shared_ptr<prometheus::Collectable> make_collector(const System& system, std::map<std::string, std::string> labels) {
  return std::make_shared<SystemCollector>(system, std::move(labels));
}

}  // namespace holdfast
