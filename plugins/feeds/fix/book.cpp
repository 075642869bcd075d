#include "book.hpp"

#include <holdfast/fix/tags.hpp>

namespace holdfast::fix_feed {

namespace tag = fix::tag;

namespace {

constexpr char kBid = '0', kOffer = '1', kTrade = '2', kDelete = '2';  // MDEntryType (269), MDUpdateAction (279)

std::uint64_t number(std::optional<std::int64_t> value) { return value && *value > 0 ? static_cast<std::uint64_t>(*value) : 0; }

std::optional<Trade> trade_of(const fix::Entry& entry, InstrumentId instrument, Time time) {
  const auto price = fix::price(entry, tag::MDEntryPx);
  const auto quantity = fix::quantity(entry, tag::MDEntrySize);
  if (!price || !quantity) return std::nullopt;
  Trade trade;
  trade.instrument = instrument;
  trade.aggressor = fix::character(entry, tag::Side) == '2' ? Side::sell : Side::buy;
  trade.price = *price;
  trade.quantity = *quantity;
  // Not that of the entry: it may be before what was told of the book in the meantime.
  trade.venue_time = time;
  return trade;
}

bool same_prices(const Quote& a, const Quote& b) {
  return a.bid == b.bid && a.ask == b.ask && a.bid_size == b.bid_size && a.ask_size == b.ask_size;
}

}  // namespace

Book::Outcome Book::snapshot(const fix::Message& message, Sink& sink) {
  const Time time = message.sending_time;
  // A quote is replaced by the next one; levels are not.
  if (!top_only_) lose(time, sink);
  bids_.clear();
  offers_.clear();
  last_ = {};
  std::vector<Change> changes;
  for (const auto& entry : message.entries(tag::NoMDEntries)) {
    const auto type = fix::character(entry, tag::MDEntryType);
    if (type != kBid && type != kOffer) continue;  // The last trade is no news, nor is that there is nothing.
    if (!read_level(entry, false, changes.emplace_back())) return garbled(time, sink);
  }
  seq_ = number(fix::integer(message, tag::RptSeq));
  if (seq_ == 0) return garbled(time, sink);
  for (const Change& change : changes) apply(change);
  write(changes, time, sink);
  return Outcome::fine;
}

Book::Outcome Book::update(const std::vector<const fix::Entry*>& entries, Time time, Sink& sink) {
  if (seq_ == 0) return Outcome::fine;  // Asked for anew, and on its way.
  const std::uint64_t before = seq_;
  std::vector<Change> changes;
  std::vector<Trade> trades;
  for (const fix::Entry* entry : entries) {
    bool gap = false;
    if (!in_sequence(*entry, before, gap)) {
      if (!gap) continue;  // Told before.
      lose(time, sink);
      return Outcome::lost;
    }
    const auto type = fix::character(*entry, tag::MDEntryType);
    if (type == kTrade) {
      const auto trade = trade_of(*entry, instrument_, time);
      if (!trade) return garbled(time, sink);
      trades.push_back(*trade);
    } else if (type == kBid || type == kOffer) {
      const bool removed = fix::character(*entry, tag::MDUpdateAction) == kDelete;
      if (!read_level(*entry, removed, changes.emplace_back())) return garbled(time, sink);
    }
  }
  for (const Trade& trade : trades) sink.trade(trade);
  for (const Change& change : changes) apply(change);
  write(changes, time, sink);
  return Outcome::fine;
}

void Book::lose(Time time, Sink& sink) {
  seq_ = 0;
  bids_.clear();
  offers_.clear();
  take_back(time, sink);
}

void Book::take_back(Time time, Sink& sink) {
  last_ = {};
  if (!std::exchange(shown_, false)) return;
  BookClear clear;
  clear.instrument = instrument_;
  clear.venue_time = time;
  sink.clear(clear);
}

bool Book::read_level(const fix::Entry& entry, bool removed, Change& out) const {
  const auto price = fix::price(entry, tag::MDEntryPx);
  const auto quantity = fix::quantity(entry, tag::MDEntrySize);
  if (!price || (!quantity && !removed) || (quantity && *quantity < Quantity{})) return false;
  out.side = fix::character(entry, tag::MDEntryType) == kBid ? Side::buy : Side::sell;
  out.price = *price;
  out.quantity = removed ? Quantity{} : *quantity;
  return true;
}

/// The entries of one message may share a number, or count on.
bool Book::in_sequence(const fix::Entry& entry, std::uint64_t before, bool& gap) {
  const std::uint64_t seq = number(fix::integer(entry, tag::RptSeq));
  if (seq == seq_ + 1) ++seq_;
  else if (seq == 0 || seq > seq_) gap = true;
  return !gap && seq == seq_ && seq != before;
}

/// A number that is none, and with it the whole book.
Book::Outcome Book::garbled(Time time, Sink& sink) {
  BadTick bad;
  bad.instrument = instrument_;
  bad.flaw = TickFlaw::not_a_number;
  bad.venue_time = time;
  sink.bad(bad);
  lose(time, sink);
  return Outcome::lost;
}

void Book::apply(const Change& change) {
  const auto set = [&](auto& side) {
    if (change.quantity.is_zero()) side.erase(change.price);
    else side[change.price] = change.quantity;
  };
  if (change.side == Side::buy) set(bids_);
  else set(offers_);
}

void Book::write(const std::vector<Change>& changes, Time time, Sink& sink) {
  if (top_only_) return write_top(time, sink);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    BookLevel level;
    level.instrument = instrument_;
    level.side = changes[i].side;
    level.last = i + 1 == changes.size() ? 1 : 0;
    level.price = changes[i].price;
    level.quantity = changes[i].quantity;
    level.venue_time = time;
    sink.level(level);
    shown_ = true;
  }
}

/// A book with one side has no quote; what was quoted before is taken back.
void Book::write_top(Time time, Sink& sink) {
  if (bids_.empty() || offers_.empty()) return take_back(time, sink);
  Quote quote;
  quote.instrument = instrument_;
  quote.bid = bids_.begin()->first;
  quote.bid_size = bids_.begin()->second;
  quote.ask = offers_.begin()->first;
  quote.ask_size = offers_.begin()->second;
  quote.venue_time = time;
  if (same_prices(quote, last_)) return;
  last_ = quote;
  shown_ = true;
  sink.quote(quote);
}

}  // namespace holdfast::fix_feed
