#include "market.hpp"

#include <algorithm>
#include <stdexcept>

namespace holdfast::paper {

void Market::hear(const Quote& quote) {
  // A flagged quote is not a price anybody would honour.
  if (quote.flaw != TickFlaw::none) return;
  quoted_ = true;
  bid_ = quote.bid;
  ask_ = quote.ask;
  bid_size_ = quote.bid_size;
  ask_size_ = quote.ask_size;
  if (!taken_.empty() && book_.empty()) taken_.clear();
}

void Market::hear(const Trade& trade) {
  last_price_ = trade.price;
  last_quantity_ = trade.quantity;
  if (!taken_.empty() && book_.empty() && !quoted_) taken_.clear();
}

void Market::hear(const BookLevel& level) {
  if (level.price <= Price{}) return;
  if (!taken_.empty()) {
    // The first level after quotes: what was taken of a quote says nothing about the book.
    if (book_.empty()) taken_.clear();
    else taken_.erase({level.side, level.price});
  }
  book_.hear(level);
}

void Market::hear(const BookClear&) {
  book_.clear();
  taken_.clear();
}

Quantity Market::free(Side side, Price price, Quantity shown) const {
  if (!taken_.empty())
    if (const auto taken = taken_.find({side, price}); taken != taken_.end()) shown -= taken->second;
  return std::max(shown, Quantity{});
}

std::vector<Market::Level> Market::available(Side side, std::optional<Price> limit) const {
  const Side resting = opposite(side);
  std::vector<Level> found;
  const auto visit = [&](const Level& level) {
    if (limit && (side == Side::buy ? level.price > *limit : level.price < *limit)) return false;
    if (const Quantity open = free(resting, level.price, level.quantity); open > Quantity{})
      found.push_back({level.price, open});
    return true;
  };
  if (!book_.empty()) book_.walk(resting, visit);
  else if (quoted_) visit(resting == Side::sell ? Level{ask_, ask_size_} : Level{bid_, bid_size_});
  else if (last_price_ > Price{}) visit({last_price_, last_quantity_});
  return found;
}

std::optional<Price> Market::best(Side side) const {
  if (!book_.empty()) {
    const auto best = book_.best(side);
    return best ? std::optional{best->price} : std::nullopt;
  }
  if (!quoted_) return std::nullopt;
  return side == Side::buy ? bid_ : ask_;
}

Quantity Market::shown(Side side, Price price) const {
  if (!book_.empty()) return book_.at(side, price);
  if (!quoted_) return {};
  if (side == Side::buy) return price == bid_ ? bid_size_ : Quantity{};
  return price == ask_ ? ask_size_ : Quantity{};
}

void Market::take(Side side, Price price, Quantity quantity) { taken_[{side, price}] += quantity; }

void Market::state(Archive& a) {
  a(book_, quoted_, bid_, ask_, bid_size_, ask_size_, last_price_, last_quantity_, taken_);
}

Hours::Hours(const Instrument* instrument) {
  if (instrument == nullptr) return;
  std::string why;
  const auto calendar = Calendar::parse(instrument->session, &why);
  if (!calendar) throw std::runtime_error{"the session of " + instrument->symbol + " is '" + instrument->session + "': " + why};
  calendar_ = *calendar;
}

void Working::state(Archive& a) {
  a(terms, cum_qty, leaves_qty, ahead, revision, until);
}

}  // namespace holdfast::paper
