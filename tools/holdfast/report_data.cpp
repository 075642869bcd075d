#include "report_data.hpp"

#include <algorithm>

namespace holdfast::cli {

namespace {

constexpr std::uint64_t kSamples = 1200;
/// Events looked at per sample; enough to meet every instrument of a usual system.
constexpr std::uint64_t kLook = 256;
constexpr std::size_t kFills = 1500;

double seconds(Time time) { return static_cast<double>(time.ns) / 1e9; }

/// One owner in one instrument, marked to the market.
struct Book {
  double cash = 0, position = 0;
};

using Key = std::pair<std::uint16_t, std::uint32_t>;

/// What changes the books, in sequence order.
struct Posting {
  std::uint64_t seq = 0;
  Key key;
  double cash = 0, position = 0;
};

class Reader {
 public:
  Reader(const Store& store, ReportData& data)
      : store_{store}, record_{read_record(store)}, data_{data} {}

  void read() {
    const auto head = store_.head();
    if (!head) return;
    data_.head_hash = head->hash;
    data_.until = seconds(head->last_time);
    read_business();
    sample_market(head->last_seq());
    thin_fills();
    for (auto& mark : data_.marks) mark.time = std::max(mark.time, data_.from);
  }

 private:
  void read_business() {
    store_.scan_business(1, [&](const FrameHeader&, std::span<const std::byte> events) {
      for_each_event(events, [&](const Event& e) { hear(e); });
      return true;
    });
  }

  std::string owner_of(ClOrdId id) const { return record_->actor_name(id.owner()); }
  void mark(const Event& e, ReportMark::Kind kind, std::string what) {
    data_.marks.push_back({seconds(e.time()), kind, std::move(what)});
  }

  void hear(const Event& e) {
    switch (e.type()) {
      case EventType::order_intent: ++data_.orders[owner_of(e.as<OrderIntent>().terms.cl_ord_id)]; break;
      case EventType::order_denied: ++data_.denied[owner_of(e.as<OrderDenied>().cl_ord_id)]; break;
      case EventType::order_filled: fill(e); break;
      case EventType::fill_booked: {
        const auto& b = e.as<FillBooked>();
        postings_.push_back({e.seq(), {b.cl_ord_id.owner().value, b.instrument.value}, b.cash.approx(), b.position.approx()});
        break;
      }
      default:
        if (is_lifecycle(e.type())) hear_lifecycle(e);
    }
  }

  void fill(const Event& e) {
    const auto& f = e.as<OrderFilled>();
    const std::string symbol = record_->symbol(f.instrument);
    ++data_.fill_counts[symbol];
    data_.fills[symbol].push_back(
        {seconds(e.time()), f.last_px.approx(), f.side == Side::buy, owner_of(f.cl_ord_id), f.last_qty.str()});
    traded_[f.instrument.value].push_back({e.seq(), f.last_px.approx()});
  }

  void hear_lifecycle(const Event& e) {
    using Kind = ReportMark::Kind;
    switch (e.type()) {
      case EventType::system_started:
        if (e.as<SystemStarted>().epoch > 1) {
          ++data_.restarts;
          mark(e, Kind::restart, "run " + std::to_string(e.as<SystemStarted>().epoch) + " of the system begins");
        }
        break;
      case EventType::actor_failed:
        ++data_.crashes;
        mark(e, Kind::crash, record_->actor_name(e.as<ActorFailed>().actor) + " failed: " + std::string{e.tail<ActorFailed>()});
        break;
      case EventType::actor_parked:
        mark(e, Kind::parked, record_->actor_name(e.as<ActorParked>().actor) + " parked: " + std::string{e.tail<ActorParked>()});
        break;
      case EventType::latch_engaged:
        mark(e, Kind::latch, "latch " + std::string{to_string(e.as<LatchEngaged>().level)} + ": " +
                                 tail_lines(e.tail<LatchEngaged>()).back());
        break;
      default: break;
    }
  }

  /// A price an event tells, if it tells one.
  void price_of(const Event& e) {
    if (e.type() == EventType::quote) {
      const auto& q = e.as<Quote>();
      if (q.flaw == TickFlaw::none && q.bid > Price{} && q.ask > Price{})
        prices_[q.instrument.value] = (q.bid.approx() + q.ask.approx()) / 2;
      quoted_.insert(q.instrument.value);
    } else if (e.type() == EventType::trade) {
      const auto& t = e.as<Trade>();
      if (!quoted_.contains(t.instrument.value)) prices_[t.instrument.value] = t.price.approx();
    }
  }

  /// Books and prices as of `seq`, as one point of every line.
  void sample_market(std::uint64_t head) {
    const std::uint64_t step = std::max<std::uint64_t>(head / kSamples, 1);
    const std::uint64_t first = std::max<std::uint64_t>(store_.market_pruned_below(), 1);
    std::size_t posted = 0;
    for (std::uint64_t seq = first; seq <= head; seq = seq == head ? head + 1 : std::min(seq + step, head)) {
      double time = data_.from;
      std::uint64_t seen = 0, last = seq;
      const std::uint64_t look = std::min(step, kLook);
      store_.scan(seq, [&](const FramePtr& frame) {
        frame->for_each([&](const Event& e) {
          if (e.seq() < seq || seen >= look) return;
          ++seen;
          price_of(e);
          last = e.seq();
          // The first run may say things about itself before recorded data has told any time.
          if (is_lifecycle(e.type()) && data_.from == 0) return;
          time = seconds(e.time());
          if (data_.from == 0) data_.from = time;
        });
        return seen < look;
      });
      for (; posted < postings_.size() && postings_[posted].seq <= last; ++posted) post(postings_[posted]);
      if (data_.from > 0) add_point(time, last);
    }
  }

  void post(const Posting& p) {
    books_[p.key].cash += p.cash;
    books_[p.key].position = p.position;
  }

  /// Feeds of whole books quote no price; what was paid last is the best that is known cheaply.
  void price_from_fills(std::uint64_t seq) {
    for (const auto& [instrument, fills] : traded_) {
      if (quoted_.contains(instrument)) continue;
      auto& next = next_fill_[instrument];
      for (; next < fills.size() && fills[next].first <= seq; ++next) prices_[instrument] = fills[next].second;
    }
  }

  void add_point(double time, std::uint64_t seq) {
    price_from_fills(seq);
    for (const auto& [id, price] : prices_) data_.prices[record_->symbol(InstrumentId{id})].push_back({time, price});
    std::map<std::string, std::map<std::string, double>> values;
    for (const auto& [key, book] : books_) {
      const auto instrument = record_->instruments().find(key.second);
      const auto price = prices_.find(key.second);
      const double held = price == prices_.end() ? 0 : book.position * price->second;
      values[instrument == record_->instruments().end() ? "" : instrument->second.currency]
            [record_->actor_name(ActorId{key.first})] += book.cash + held;
    }
    for (const auto& [currency, owners] : values) {
      double sum = 0;
      for (const auto& [owner, value] : owners) {
        data_.equity[currency][owner].push_back({time, value});
        sum += value;
      }
      data_.total[currency].push_back({time, sum});
    }
  }

  void thin_fills() {
    for (auto& [symbol, fills] : data_.fills) {
      if (fills.size() <= kFills) continue;
      std::vector<ReportFill> kept;
      for (std::size_t i = 0; i < kFills; ++i) kept.push_back(fills[i * fills.size() / kFills]);
      fills = std::move(kept);
    }
  }

  const Store& store_;
  std::unique_ptr<SystemRecord> record_;
  ReportData& data_;
  std::vector<Posting> postings_;
  std::map<std::uint32_t, std::vector<std::pair<std::uint64_t, double>>> traded_;
  std::map<std::uint32_t, std::size_t> next_fill_;
  std::map<std::uint32_t, double> prices_;
  std::set<std::uint32_t> quoted_;
  std::map<Key, Book> books_;
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
