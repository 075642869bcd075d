#include <holdfast/venue/recording.hpp>

#include <algorithm>

namespace holdfast::venue {

namespace {

/// Records of one tick; clients want to be heard in between.
constexpr int kAtOnce = 2000;

/// To the tick, away from the other side; a quantity down to the lot.
template <class T>
T down(T value, T step) {
  return step * (value.raw() / step.raw());
}
Price up(Price price, Price tick) { return down(Price::from_raw(price.raw() + tick.raw() - 1), tick); }

NewOrder quote_of(Side side, Price price, Quantity quantity) {
  NewOrder order;
  order.side = side;
  order.price = price;
  order.quantity = quantity;
  return order;
}

}  // namespace

Recording::Recording(RecordingTerms terms) : terms_{std::move(terms)} {
  terms_.feed->open(0, [] {});
}

void Recording::hear(InstrumentId instrument, Time time, const Said& said) {
  if (instrument != terms_.instrument) return;
  said_.push_back(said);
  said_at_ = std::max(said_at_, time);
}

/// The next record, if it came no later than that after the first.
bool Recording::read(Duration played) {
  while (!waiting_ && !ended_) {
    said_.clear();
    const auto step = terms_.feed->next(*this);
    ended_ = step == Feed::Step::ended;
    if (step == Feed::Step::idle) return false;
    waiting_ = !said_.empty();
  }
  if (!waiting_) return false;
  if (first_ == Time{}) first_ = said_at_;
  if (said_at_ > first_ + played) return false;
  waiting_ = false;
  return true;
}

void Recording::tick(Time now, Exchange& exchange, Reports& out) {
  if (began_ == Time{}) began_ = now;
  const auto* record = exchange.records().listing(terms_.symbol);
  if (record == nullptr) return;
  const Duration played{detail::mul_div((now - began_).count(), terms_.speed.raw(), Rate::kOne)};
  bool changed = false;
  for (int n = 0; n < kAtOnce && read(played); ++n) {
    std::vector<NewOrder> takers;
    for (const Said& said : said_) changed |= play(said, record->listing, takers);
    if (takers.empty()) continue;
    std::vector<NewOrder> all = orders(record->listing);
    all.insert(all.end(), takers.begin(), takers.end());
    exchange.crowd(terms_.symbol, all, now, out);
    changed = true;
  }
  if (changed) exchange.crowd(terms_.symbol, orders(record->listing), now, out);
}

/// True when what stands is another; trades are added to `takers`.
bool Recording::play(const Said& said, const Listing& listing, std::vector<NewOrder>& takers) {
  if (const auto* quote = std::get_if<Quote>(&said)) return stand(*quote);
  if (const auto* trade = std::get_if<Trade>(&said)) {
    const Price price = trade->aggressor == Side::buy ? up(trade->price, listing.tick) : down(trade->price, listing.tick);
    const Quantity quantity = down(trade->quantity, listing.lot);
    if (price <= Price{} || quantity <= Quantity{}) return false;
    takers.push_back(quote_of(trade->aggressor, price, quantity));
    takers.back().tif = TimeInForce::ioc;
    return false;
  }
  if (const auto* level = std::get_if<BookLevel>(&said)) {
    has_book_ = true;
    const auto set = [&](auto& side) {
      if (level->quantity <= Quantity{}) side.erase(level->price);
      else side[level->price] = level->quantity;
    };
    if (level->side == Side::buy) set(bids_);
    else set(offers_);
    return true;
  }
  bids_.clear();
  offers_.clear();
  return true;
}

/// A quote is the whole market, unless levels tell more.
bool Recording::stand(const Quote& quote) {
  if (has_book_) return false;
  bids_ = {{quote.bid, quote.bid_size}};
  offers_ = {{quote.ask, quote.ask_size}};
  return true;
}

/// Prices that nobody can quote, and a book that is crossed, are left out.
std::vector<NewOrder> Recording::orders(const Listing& listing) const {
  std::vector<NewOrder> all;
  if (!bids_.empty() && !offers_.empty() && bids_.begin()->first >= offers_.begin()->first) return all;
  const auto add = [&](Side side, const auto& levels) {
    int count = 0;
    for (const auto& [recorded, size] : levels) {
      if (++count > terms_.levels) return;
      const Price price = side == Side::buy ? down(recorded, listing.tick) : up(recorded, listing.tick);
      const Quantity quantity = down(size, listing.lot);
      if (price > Price{} && quantity > Quantity{}) all.push_back(quote_of(side, price, quantity));
    }
  };
  add(Side::buy, bids_);
  add(Side::sell, offers_);
  return all;
}

}  // namespace holdfast::venue
