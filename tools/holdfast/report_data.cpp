#include "report_data.hpp"

#include <algorithm>
#include <unordered_map>

#include <holdfast/trading/owners.hpp>

#include "report_market.hpp"

namespace holdfast::cli {

namespace {

double seconds(Time time) { return static_cast<double>(time.ns) / 1e9; }
double seconds(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }

/// Hears the business events of a journal.
class Reader {
 public:
  Reader(const Store& store, ReportData& data) : store_{store}, record_{read_record(store)}, data_{data} {}

  void read() {
    const auto head = store_.head();
    if (!head) return;
    data_.head_hash = head->hash;
    data_.until = seconds(head->last_time);
    store_.scan_business(1, [&](const FrameHeader&, std::span<const std::byte> events) {
      for_each_event(events, [&](const Event& e) { hear(e); });
      return true;
    });
    read_market(store_, *record_, postings_, head->last_seq(), data_);
    for (auto& [key, span] : engaged_) close(span, data_.until);
    for (auto& mark : data_.marks) mark.time = std::max(mark.time, data_.from);
    for (auto& span : data_.spans) span.from = std::max(span.from, data_.from);
    std::ranges::sort(data_.latencies.tick_to_sent);
    std::ranges::sort(data_.latencies.approval_to_sent);
  }

 private:
  struct Asked {
    Time tick, approved;
  };

  std::string owner_of(ClOrdId id) const { return record_->actor_name(id.owner()); }
  void mark(const Event& e, ReportMark::Kind kind, std::string what) {
    data_.marks.push_back({seconds(e.time()), kind, std::move(what)});
  }

  void hear(const Event& e) {
    switch (e.type()) {
      case EventType::order_intent: {
        const auto& intent = e.as<OrderIntent>();
        ++data_.orders[owner_of(intent.terms.cl_ord_id)];
        asked_[intent.terms.cl_ord_id.value].tick = intent.asked == Time{} ? e.time() : intent.asked;
        break;
      }
      case EventType::order_approved: asked_[e.as<OrderApproved>().terms.cl_ord_id.value].approved = e.time(); break;
      case EventType::order_denied: ++data_.denied[owner_of(e.as<OrderDenied>().cl_ord_id)]; break;
      case EventType::order_rejected: ++data_.rejected[owner_of(e.as<OrderRejected>().cl_ord_id)]; break;
      case EventType::order_sent: sent(e.as<OrderSent>()); break;
      case EventType::order_filled: fill(e); break;
      case EventType::fill_booked: {
        const auto& b = e.as<FillBooked>();
        postings_.push_back(
            {e.seq(), {owners_.of(b.cl_ord_id).value, b.instrument.value}, b.cash.approx(), b.position.approx()});
        break;
      }
      case EventType::strategy_removed: owners_.hear(e); break;
      case EventType::share_booked: {
        const auto& b = e.as<ShareBooked>();
        postings_.push_back({e.seq(), {b.from.value, b.instrument.value}, 0, 0});
        postings_.push_back({e.seq(), {b.to.value, b.instrument.value}, 0, b.position.approx()});
        break;
      }
      default:
        if (is_lifecycle(e.type())) hear_lifecycle(e);
    }
  }

  void sent(const OrderSent& order) {
    const auto asked = asked_.find(order.terms.cl_ord_id.value);
    if (asked == asked_.end()) return;
    const auto since = [&](Time begin) { return std::max(seconds(order.released - begin), 0.0); };
    data_.latencies.tick_to_sent.push_back(since(asked->second.tick));
    data_.latencies.approval_to_sent.push_back(since(asked->second.approved));
    asked_.erase(asked);
  }

  void fill(const Event& e) {
    const auto& f = e.as<OrderFilled>();
    data_.fills[record_->symbol(f.instrument)].push_back(
        {seconds(e.time()), f.last_px.approx(), f.last_qty.approx(), f.side == Side::buy});
    postings_.push_back({e.seq(), {0, f.instrument.value}, 0, 0, f.last_px.approx()});
  }

  void hear_lifecycle(const Event& e) {
    using Kind = ReportMark::Kind;
    switch (e.type()) {
      case EventType::system_started: {
        const auto epoch = e.as<SystemStarted>().epoch;
        if (epoch > 1)
          ++data_.restarts, mark(e, Kind::restart, "run " + std::to_string(epoch) + " of the system begins");
        break;
      }
      case EventType::actor_failed:
        ++data_.crashes;
        mark(e, Kind::crash,
             record_->actor_name(e.as<ActorFailed>().actor) + " failed: " + std::string{e.tail<ActorFailed>()});
        break;
      case EventType::actor_parked:
        mark(e, Kind::parked,
             record_->actor_name(e.as<ActorParked>().actor) + " parked: " + std::string{e.tail<ActorParked>()});
        break;
      case EventType::latch_engaged: engage(e); break;
      case EventType::latch_released: {
        const auto& l = e.as<LatchReleased>();
        mark(e, Kind::release, "latch released on " + target(l.scope, l.target) + words(e.tail<LatchReleased>()));
        if (const auto at = engaged_.find({l.scope, l.target}); at != engaged_.end()) {
          close(at->second, seconds(e.time()));
          engaged_.erase(at);
        }
        break;
      }
      default: break;
    }
  }

  void engage(const Event& e) {
    const auto& l = e.as<LatchEngaged>();
    const std::string what =
        target(l.scope, l.target) + " " + std::string{to_string(l.level)} + words(e.tail<LatchEngaged>());
    mark(e, ReportMark::Kind::latch, "latch: " + what);
    engaged_.try_emplace({l.scope, l.target}, ReportSpan{seconds(e.time()), 0, what});
  }

  void close(ReportSpan& span, double until) {
    span.until = until;
    data_.spans.push_back(span);
  }

  std::string target(LatchScope scope, std::uint32_t id) const {
    if (scope == LatchScope::strategy) return record_->actor_name(ActorId{static_cast<std::uint16_t>(id)});
    return scope == LatchScope::instrument ? record_->symbol(InstrumentId{id}) : "the system";
  }

  /// " by ann: odd fills", from "ann\nodd fills".
  static std::string words(std::string_view tail) {
    const auto lines = tail_lines(tail);
    return lines.size() < 2 ? "" : " by " + lines[0] + ": " + lines[1];
  }

  const Store& store_;
  std::unique_ptr<SystemRecord> record_;
  ReportData& data_;
  Owners owners_;
  std::vector<Posting> postings_;
  std::unordered_map<std::uint64_t, Asked> asked_;  ///< Orders that were not sent yet.
  std::map<std::pair<LatchScope, std::uint32_t>, ReportSpan> engaged_;
};

}  // namespace

ReportData read_report(const std::string& data_dir) {
  ReportData data;
  data.status = stopped_status(data_dir);
  const auto store = open_for_reading(data_dir);
  Reader{*store, data}.read();
  return data;
}

}  // namespace holdfast::cli
