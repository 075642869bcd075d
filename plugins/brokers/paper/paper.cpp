#include <algorithm>
#include <holdfast/sdk.hpp>
#include <set>

#include "market.hpp"

using namespace holdfast;
using paper::Market;
using paper::Working;

/// A venue on paper: matches orders against recorded or synthetic market data.
///
/// An order that can trade on arrival walks what is shown and pays the taker fee. A resting order
/// is filled at its own price when the other side of the market comes to it, up to the size shown
/// there, or when a trade prints through its price, up to the size of the trade; with fill_at_touch
/// also when trades print at its price, after what was shown there on its arrival has traded. Who
/// was the aggressor of a trade is not asked, since not every feed knows. The market is never moved
/// by paper orders, which never trade with each other, and a size once taken is not there again
/// before the venue has shown it anew.
class Paper final : public Broker {
 public:
  static constexpr const char* kPurity = "pure";
  struct Config {
    Duration latency{};
    Rate maker_fee;
    Rate taker_fee;
    bool fill_at_touch = false;
    std::string when_closed = "reject";
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("latency", &Config::latency, "How long orders and cancels take to the venue.",
               between(Duration{}, Duration{std::chrono::hours{1}}))
        .field("maker_fee", &Config::maker_fee,
               "Share of the value of a resting fill: 0.001 is ten basis points, negative is a rebate.",
               between(-Rate::of(1), Rate::of(1)))
        .field("taker_fee", &Config::taker_fee, "Share of the value of a fill on arrival.",
               between(-Rate::of(1), Rate::of(1)))
        .field("fill_at_touch", &Config::fill_at_touch,
               "Fill resting orders also by trades at their price, behind what was shown there before.")
        .field("when_closed", &Config::when_closed,
               "What becomes of orders while the instrument's session is closed; held ones wait for the next.",
               one_of({"reject", "hold"}));
  }

  Paper(const Config& c, const PluginContext& context) : config_{c}, instruments_{context.instruments} {}

  bool pure() const override { return true; }
  BrokerCapabilities capabilities() const override {
    using enum TimeInForce;
    return {.tifs = {day, gtc, ioc, fok, gtd}, .exec_insts = ExecInst::post_only, .replace = true};
  }

  void send(const ApprovedOrder& order, Blotter& blotter) override {
    Working working;
    working.terms = order.terms();
    working.leaves_qty = order.terms().quantity;
    travel(Request::order, working, blotter);
  }

  void cancel(const WorkingOrder& order, std::uint64_t, Blotter& blotter) override {
    Working working;
    working.terms.cl_ord_id = order.terms.cl_ord_id;
    travel(Request::cancel, working, blotter);
  }

  void replace(const WorkingOrder& order, const ApprovedReplace& change, std::uint64_t revision,
               Blotter& blotter) override {
    Working working;
    working.terms.cl_ord_id = order.terms.cl_ord_id;
    working.terms.quantity = change.quantity();
    working.terms.price = change.price();
    working.revision = revision;
    travel(Request::replace, working, blotter);
  }

  void hear(const Event& event, Blotter& blotter) override {
    if (event.type() != EventType::book_level) mid_message_ = false;
    end_due(blotter);
    arrive(blotter);
    switch (event.type()) {
      case EventType::quote: return on_quote(event.as<Quote>(), blotter);
      case EventType::trade: return on_trade(event.as<Trade>(), blotter);
      case EventType::book_level: return on_level(event.as<BookLevel>(), blotter);
      case EventType::book_clear: return show(event.as<BookClear>());
      default: return;
    }
  }
  bool quiet() const override {
    return on_the_way_.empty() && std::ranges::all_of(books_, [](const Book& b) { return b.bids.empty() && b.offers.empty(); });
  }
  void hear_market(std::span<const std::byte> stretch) override {
    // Of quotes that follow one another in one instrument only the last one is known afterwards.
    const Quote* newest = nullptr;
    const auto keep = [&](const Quote* next) {
      if (newest != nullptr && (next == nullptr || next->instrument != newest->instrument)) show(*newest);
      newest = next;
    };
    for_each_event(stretch, [&](const Event& event) {
      mid_message_ = false;
      if (event.type() == EventType::quote) {
        const auto& quote = event.as<Quote>();
        if (quote.flaw == TickFlaw::none) keep(&quote);
        else at(quote.instrument);  // No price, but an instrument that is known from now on.
        return;
      }
      keep(nullptr);
      if (event.type() == EventType::trade) show(event.as<Trade>());
      if (event.type() == EventType::book_clear) show(event.as<BookClear>());
      if (event.type() != EventType::book_level) return;
      const auto& level = event.as<BookLevel>();
      show(level);
      mid_message_ = level.last == 0;
    });
    keep(nullptr);
  }

  Time wake_at() const override {
    const Time end = ends_.empty() ? Time{} : ends_.begin()->first;
    if (on_the_way_.empty()) return end;
    return end == Time{} ? on_the_way_.front().due : std::min(end, on_the_way_.front().due);
  }

  void state(Archive& a) override { a(books_, on_the_way_, ends_, mid_message_, next_exec_, next_venue_id_); }

 private:
  enum class Request : std::uint8_t { order, cancel, replace };
  struct Travel {
    Time due;
    Request request{};
    Working order;
    void state(Archive& a) { a(due, request, order); }
  };
  /// One instrument: the market, and our resting orders, best price first, then first come.
  struct Book {
    Market market;
    std::vector<Working> bids, offers;
    std::optional<paper::Hours> hours;  ///< Since they were asked for.
    std::vector<Working>& resting(Side side) { return side == Side::buy ? bids : offers; }
    void state(Archive& a) { a(market, bids, offers); }
  };

  Book& at(InstrumentId instrument) {
    if (instrument.value >= books_.size()) books_.resize(instrument.value + 1);
    return books_[instrument.value];
  }

  /// The session that `now` lies in, or the next.
  const Calendar::Session& session(InstrumentId instrument, Time now) {
    Book& book = at(instrument);
    if (!book.hours) book.hours.emplace(instruments_->find(instrument));
    return book.hours->session(now);
  }
  bool open(InstrumentId instrument, Time now) { return session(instrument, now).opens <= now; }

  /// Orders that were good up to now.
  void end_due(Blotter& blotter) {
    while (!ends_.empty() && ends_.begin()->first <= blotter.now()) {
      const auto order = extract(ends_.begin()->second);
      const bool day = order->terms.tif == TimeInForce::day;
      blotter.expired({order->terms.cl_ord_id, order->leaves_qty}, day ? "its session has ended" : "its time has come");
    }
  }

  template <class Shown>
  void show(const Shown& what) {
    at(what.instrument).market.hear(what);
  }

  void on_quote(const Quote& quote, Blotter& blotter) {
    Book& book = at(quote.instrument);
    book.market.hear(quote);
    meet(quote.instrument, blotter);
  }

  void on_level(const BookLevel& level, Blotter& blotter) {
    Book& book = at(level.instrument);
    book.market.hear(level);
    // Halfway through a message of the venue the book may be crossed by itself.
    mid_message_ = level.last == 0;
    if (mid_message_) return;
    meet(level.instrument, blotter);
    arrive(blotter);
  }

  void on_trade(const Trade& trade, Blotter& blotter) {
    Book& book = at(trade.instrument);
    book.market.hear(trade);
    if ((book.bids.empty() && book.offers.empty()) || !open(trade.instrument, blotter.now())) return;
    Quantity printed = trade.quantity;
    for (const Side side : {Side::buy, Side::sell}) {
      auto& resting = book.resting(side);
      if (resting.empty()) continue;
      for (Working& order : resting) {
        const bool touched = trade.price == order.terms.price;
        const bool through =
            side == Side::buy ? trade.price < order.terms.price : trade.price > order.terms.price;
        if (!through && !(touched && config_.fill_at_touch)) break;  // Sorted: nobody behind is better.
        const Quantity before = touched ? std::min(order.ahead, trade.quantity) : Quantity{};
        if (touched) order.ahead -= before;
        const Quantity part = std::min({order.leaves_qty, printed, trade.quantity - before});
        if (part <= Quantity{}) continue;
        printed -= part;
        fill(order, order.terms.price, part, Liquidity::maker, blotter);
      }
      drop_filled(resting);
    }
  }

  /// Fills resting orders that the other side of the market has come to.
  void meet(InstrumentId instrument, Blotter& blotter) {
    Book& book = at(instrument);
    if (book.bids.empty() && book.offers.empty()) return;  // As before almost every quote.
    if (!open(instrument, blotter.now())) return;
    for (const Side side : {Side::buy, Side::sell}) {
      auto& resting = book.resting(side);
      if (resting.empty()) continue;
      const auto other = book.market.best(opposite(side));
      const Price front = resting.front().terms.price;
      if (!other || (side == Side::buy ? *other > front : *other < front)) continue;
      for (Working& order : resting)
        for (const auto& level : book.market.available(side, order.terms.price)) {
          const Quantity part = std::min(order.leaves_qty, level.quantity);
          if (part <= Quantity{}) break;
          book.market.take(opposite(side), level.price, part);
          fill(order, order.terms.price, part, Liquidity::maker, blotter);
        }
      drop_filled(resting);
    }
  }

  /// Lets everything arrive that is due, in the order it was sent.
  void arrive(Blotter& blotter) {
    while (!mid_message_ && !on_the_way_.empty() && on_the_way_.front().due <= blotter.now()) {
      const Travel travel = std::move(on_the_way_.front());
      on_the_way_.pop_front();
      switch (travel.request) {
        case Request::order: enter(travel.order, blotter); break;
        case Request::cancel: take_back(travel.order.terms.cl_ord_id, blotter); break;
        case Request::replace: change(travel.order, blotter); break;
      }
    }
  }

  void travel(Request request, const Working& order, Blotter& blotter) {
    on_the_way_.push_back({blotter.now() + config_.latency, request, order});
    arrive(blotter);
  }

  void enter(const Working& order, Blotter& blotter) {
    const OrderTerms& terms = order.terms;
    const Time now = blotter.now();
    const auto& hours = session(terms.instrument, now);
    const bool waits = hours.opens > now;
    if (waits && (config_.when_closed == "reject" || terms.type == OrdType::market || immediate(terms.tif)))
      return blotter.rejected({terms.cl_ord_id}, "closed until " + hours.opens.str());
    if (terms.tif == TimeInForce::gtd && terms.expire_time <= now)
      return blotter.rejected({terms.cl_ord_id}, "its time, " + terms.expire_time.str() + ", is over");
    if (!waits && would_take(terms)) return blotter.rejected({terms.cl_ord_id}, "post only, and it would take");
    Working entered = order;
    if (terms.tif == TimeInForce::day) entered.until = hours.closes;
    if (terms.tif == TimeInForce::gtd) entered.until = terms.expire_time;
    blotter.acknowledged({terms.cl_ord_id, next_venue_id_++});
    if (waits) rest(at(terms.instrument), entered);
    else trade(entered, blotter);
  }

  static bool immediate(TimeInForce tif) { return tif == TimeInForce::ioc || tif == TimeInForce::fok; }

  /// Post only, and there is something to take.
  bool would_take(const OrderTerms& terms) {
    return has(terms.exec_inst, ExecInst::post_only) && !at(terms.instrument).market.available(terms.side, limit_of(terms)).empty();
  }
  static std::optional<Price> limit_of(const OrderTerms& terms) {
    return terms.type == OrdType::market ? std::nullopt : std::optional{terms.price};
  }

  void trade(Working order, Blotter& blotter) {
    const OrderTerms& terms = order.terms;
    Book& book = at(terms.instrument);
    const bool market = terms.type == OrdType::market;
    const auto levels = book.market.available(terms.side, limit_of(terms));
    if (terms.tif == TimeInForce::fok && !enough(levels, terms.quantity))
      return blotter.expired({terms.cl_ord_id, order.leaves_qty}, "fill or kill, and not all of it is there");
    for (const auto& level : levels) {
      const Quantity part = std::min(order.leaves_qty, level.quantity);
      if (part <= Quantity{}) break;
      book.market.take(opposite(terms.side), level.price, part);
      fill(order, level.price, part, Liquidity::taker, blotter);
    }
    if (order.leaves_qty.is_zero()) return;
    if (market) return blotter.expired({terms.cl_ord_id, order.leaves_qty}, "no liquidity");
    if (immediate(terms.tif))
      return blotter.expired({terms.cl_ord_id, order.leaves_qty}, "immediate or cancel");
    rest(book, order);
  }

  static bool enough(const std::vector<Market::Level>& levels, Quantity wanted) {
    for (const auto& level : levels) {
      if (level.quantity >= wanted) return true;
      wanted -= level.quantity;
    }
    return false;
  }

  void rest(Book& book, Working& order) {
    if (order.until != Time{}) ends_.insert({order.until, order.terms.cl_ord_id});
    const Side side = order.terms.side;
    order.ahead = book.market.shown(side, order.terms.price);
    auto& resting = book.resting(side);
    const auto place = std::upper_bound(resting.begin(), resting.end(), order, [&](auto& a, auto& b) {
      return side == Side::buy ? a.terms.price > b.terms.price : a.terms.price < b.terms.price;
    });
    resting.insert(place, order);
  }

  /// Null when it does not rest.
  const Working* find(ClOrdId id) const {
    for (const Book& book : books_)
      for (const auto* resting : {&book.bids, &book.offers})
        for (const Working& order : *resting)
          if (order.terms.cl_ord_id == id) return &order;
    return nullptr;
  }
  /// Takes it out of its book; empty when it does not rest.
  std::optional<Working> extract(ClOrdId id) {
    const Working* resting = find(id);
    if (resting == nullptr) return std::nullopt;
    Working found = *resting;
    ends_.erase({found.until, id});
    auto& there = at(found.terms.instrument).resting(found.terms.side);
    there.erase(there.begin() + (resting - there.data()));
    return found;
  }

  void take_back(ClOrdId id, Blotter& blotter) {
    if (const auto order = extract(id)) blotter.cancelled({id, order->leaves_qty}, "asked for");
    else blotter.cancel_rejected({id}, "no such order is open");
  }

  /// A changed order comes anew, behind those at its price.
  void change(const Working& wanted, Blotter& blotter) {
    const ClOrdId id = wanted.terms.cl_ord_id;
    const Working* resting = find(id);
    if (resting == nullptr) return blotter.replace_rejected({id}, "no such order is open");
    OrderTerms terms = resting->terms;
    terms.quantity = wanted.terms.quantity;
    terms.price = wanted.terms.price;
    const bool waits = !open(terms.instrument, blotter.now());
    if (waits && config_.when_closed == "reject") return blotter.replace_rejected({id}, "closed");
    if (!waits && would_take(terms)) return blotter.replace_rejected({id}, "post only, and it would take");
    auto order = extract(id);
    order->terms = terms;
    order->leaves_qty = std::max(Quantity{}, wanted.terms.quantity - order->cum_qty);
    blotter.replaced({id, wanted.terms.quantity, wanted.terms.price, order->leaves_qty, 0, wanted.revision});
    if (order->leaves_qty.is_zero()) return blotter.cancelled({id, {}}, "changed to what is filled already");
    if (waits) rest(at(terms.instrument), *order);
    else trade(*order, blotter);
  }

  void fill(Working& order, Price price, Quantity quantity, Liquidity liquidity, Blotter& blotter) {
    order.cum_qty += quantity;
    order.leaves_qty -= quantity;
    OrderFilled report;
    report.cl_ord_id = order.terms.cl_ord_id;
    report.exec_id = next_exec_++;
    report.instrument = order.terms.instrument;
    report.side = order.terms.side;
    report.liquidity = liquidity;
    report.last_px = price;
    report.last_qty = quantity;
    report.cum_qty = order.cum_qty;
    report.leaves_qty = order.leaves_qty;
    report.fee = scaled(notional(price, quantity),
                        liquidity == Liquidity::maker ? config_.maker_fee : config_.taker_fee);
    blotter.filled(report);
  }

  void drop_filled(std::vector<Working>& resting) {
    std::erase_if(resting, [this](const Working& order) {
      if (order.leaves_qty.is_zero()) ends_.erase({order.until, order.terms.cl_ord_id});
      return order.leaves_qty.is_zero();
    });
  }

  Config config_;
  std::shared_ptr<const Instruments> instruments_;
  std::vector<Book> books_;
  std::deque<Travel> on_the_way_;
  std::set<std::pair<Time, ClOrdId>> ends_;  ///< Of resting orders that do not stay.
  bool mid_message_ = false;
  std::uint64_t next_exec_ = 1, next_venue_id_ = 1;
};

HOLDFAST_PLUGIN(Paper, "paper", "1.0.0", "Matches orders on paper against the market data heard.")
