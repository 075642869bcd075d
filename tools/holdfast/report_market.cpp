#include "report_market.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace holdfast::cli {

namespace {

constexpr std::uint64_t kPoints = 600;
/// Events looked at per point: journals of up to kPoints times as many are read whole.
constexpr std::uint64_t kLook = 4096;

/// A value that moves within a stretch of events.
struct Moving {
  double value = 0, low = 0, high = 0;
  void begin() { low = high = value; }
  void set(double now) {
    value = now;
    low = std::min(low, now);
    high = std::max(high, now);
  }
  ReportPoint at(double time) const { return {time, value, low, high}; }
};

struct Book {
  double cash = 0, position = 0;
};

/// An instrument: its price, and what everybody together holds of it.
struct Market {
  Moving price;
  bool known = false, quoted = false;
  double held = 0;
  std::size_t currency = 0;
};

/// All that is owned in one currency, valued at every tick.
struct Sum {
  std::string currency;
  double cash = 0, held = 0, peak = 0;
  Moving total, drawdown;
  void value() {
    total.set(cash + held);
    peak = std::max(peak, total.value);
    drawdown.set(total.value - peak);
  }
};

class Walk {
 public:
  Walk(const Store& store, const SystemRecord& record, const std::vector<Posting>& postings, ReportData& data)
      : store_{store}, record_{record}, postings_{postings}, data_{data} {
    for (const auto& [id, entry] : record.instruments()) {
      auto sum = std::ranges::find(sums_, entry.currency, &Sum::currency);
      if (sum == sums_.end()) sum = sums_.insert(sums_.end(), Sum{}), sum->currency = entry.currency;
      market(id).currency = static_cast<std::size_t>(sum - sums_.begin());
    }
    for (const auto& p : postings)
      if (std::isnan(p.price)) traded_.insert(market(p.key.second).currency);
  }

  void go(std::uint64_t head) {
    const std::uint64_t first = std::max<std::uint64_t>(store_.market_pruned_below(), 1);
    const std::uint64_t step = std::max<std::uint64_t>((head - std::min(head, first)) / kPoints, 1);
    data_.sampled = step > kLook;
    for (std::uint64_t seq = first; seq <= head; seq = std::max(seq + step, last_ + 1))
      stretch(seq, std::min(seq + step, head + 1));
    if (last_ < head) stretch(head, head + 1);
  }

 private:
  Market& market(std::uint32_t id) {
    if (markets_.size() <= id) markets_.resize(id + 1u);
    return markets_[id];
  }

  /// The events in [from, until), or as many of them as are looked at, as one point of every line.
  void stretch(std::uint64_t from, std::uint64_t until) {
    begin();
    last_ = from;
    const std::uint64_t enough = from + kLook;
    store_.scan(from, [&](const FramePtr& frame) {
      frame->for_each([&](const Event& e) {
        if (e.seq() >= from && e.seq() < until) hear(e);
      });
      return frame->header.last_seq() + 1 < until && frame->header.last_seq() < enough;
    });
    if (data_.from > 0) add_points();
  }

  void begin() {
    for (auto& m : markets_) m.price.begin();
    for (auto& s : sums_) {
      s.total.begin();
      s.drawdown.begin();
    }
  }

  void hear(const Event& e) {
    last_ = e.seq();
    post_until(e.seq());
    if (e.type() == EventType::quote) {
      const auto& q = e.as<Quote>();
      market(q.instrument.value).quoted = true;
      if (q.flaw == TickFlaw::none && q.bid > Price{} && q.ask > Price{})
        tell(q.instrument.value, (q.bid.approx() + q.ask.approx()) / 2);
    } else if (e.type() == EventType::trade) {
      const auto& t = e.as<Trade>();
      if (!market(t.instrument.value).quoted) tell(t.instrument.value, t.price.approx());
    }
    // The first run may say things about itself before recorded data has told any time.
    if (is_lifecycle(e.type()) && data_.from == 0) return;
    time_ = static_cast<double>(e.time().ns) / 1e9;
    if (data_.from == 0) data_.from = time_;
  }

  void post_until(std::uint64_t seq) {
    for (; posted_ < postings_.size() && postings_[posted_].seq <= seq; ++posted_) {
      const Posting& p = postings_[posted_];
      if (std::isnan(p.price)) book(p);
      else if (!market(p.key.second).quoted) tell(p.key.second, p.price);
    }
  }

  void tell(std::uint32_t id, double price) {
    Market& m = market(id);
    Sum& sum = sums_.at(m.currency);
    sum.held += m.held * (m.known ? price - m.price.value : price);
    if (!m.known) {
      m.known = true;
      m.price.value = price;
      m.price.begin();
    }
    m.price.set(price);
    if (m.held != 0) sum.value();
  }

  void book(const Posting& p) {
    Book& book = books_[p.key];
    Market& m = market(p.key.second);
    Sum& sum = sums_.at(m.currency);
    const double change = p.position - book.position;
    book.cash += p.cash;
    book.position = p.position;
    m.held += change;
    sum.cash += p.cash;
    if (m.known) sum.held += change * m.price.value;
    sum.value();
  }

  void add_points() {
    for (const auto& [id, entry] : record_.instruments())
      if (market(id).known) data_.prices[entry.symbol].push_back(market(id).price.at(time_));
    std::map<std::pair<std::size_t, std::uint16_t>, double> owned;
    for (const auto& [key, book] : books_) {
      const Market& m = market(key.second);
      owned[{m.currency, key.first}] += book.cash + (m.known ? book.position * m.price.value : 0);
    }
    for (const auto& [key, value] : owned)
      data_.equity[sums_[key.first].currency][record_.actor_name(ActorId{key.second})].push_back(
          {time_, value, value, value});
    for (const std::size_t i : traded_) {
      data_.total[sums_[i].currency].push_back(sums_[i].total.at(time_));
      data_.drawdown[sums_[i].currency].push_back(sums_[i].drawdown.at(time_));
    }
  }

  const Store& store_;
  const SystemRecord& record_;
  const std::vector<Posting>& postings_;
  ReportData& data_;
  std::vector<Market> markets_;  ///< By instrument id.
  std::vector<Sum> sums_;
  std::set<std::size_t> traded_;  ///< Currencies in which there was a fill.
  std::map<BookKey, Book> books_;
  std::size_t posted_ = 0;
  std::uint64_t last_ = 0;
  double time_ = 0;
};

}  // namespace

void read_market(const Store& store, const SystemRecord& record, const std::vector<Posting>& postings,
                 std::uint64_t head, ReportData& data) {
  Walk{store, record, postings, data}.go(head);
}

}  // namespace holdfast::cli
