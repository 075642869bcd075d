#include <holdfast/venue/crowd.hpp>

#include <algorithm>

namespace holdfast::venue {

Crowd::Crowd(std::vector<CrowdTerms> terms, std::uint64_t seed) : random_{seed} {
  for (auto& one : terms) walks_.push_back({std::move(one), {}, {}});
}

void Crowd::tick(Time now, Exchange& exchange, Reports& out) {
  for (Walk& walk : walks_) {
    if (now < walk.next) continue;
    walk.next = now + walk.terms.every;
    const auto* record = exchange.records().listing(walk.terms.symbol);
    if (walk.middle.is_zero()) walk.middle = exchange.reference(walk.terms.symbol);
    if (record == nullptr || walk.middle.is_zero()) continue;
    std::vector<NewOrder> orders;
    update(walk, record->listing, orders);
    exchange.crowd(walk.terms.symbol, orders, now, out);
  }
}

/// Half to one and a half times as much, in whole lots, at least one.
Quantity Crowd::some(Quantity about, const Listing& listing) {
  const std::int64_t lots = about.raw() / listing.lot.raw();
  const auto half = static_cast<std::uint64_t>(lots / 2);
  return listing.lot * std::max<std::int64_t>(1, static_cast<std::int64_t>(half + random_.below(2 * half + 1)));
}

void Crowd::update(Walk& walk, const Listing& listing, std::vector<NewOrder>& orders) {
  const CrowdTerms& terms = walk.terms;
  const auto ticks = [&](Price price) { return std::max<std::int64_t>(0, price.raw() / listing.tick.raw()); };
  const std::int64_t reach = ticks(terms.step), half = std::max<std::int64_t>(1, ticks(terms.spread) / 2);
  const auto moved = static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(2 * reach + 1))) - reach;
  const std::int64_t lowest = half + terms.levels;  // So that every bid is above zero.
  const std::int64_t middle = std::max(lowest, ticks(walk.middle) + moved);
  walk.middle = listing.tick * middle;
  for (std::int64_t i = 0; i < terms.levels; ++i)
    for (const Side side : {Side::buy, Side::sell}) {
      NewOrder& quote = orders.emplace_back();
      quote.side = side;
      quote.quantity = some(terms.depth, listing);
      quote.price = listing.tick * (side == Side::buy ? middle - half - i : middle + half + i);
    }
  if (terms.trade_every <= Duration{}) return;
  const auto chance = static_cast<std::uint64_t>(terms.every.count()), of = static_cast<std::uint64_t>(terms.trade_every.count());
  if (random_.below(std::max(chance, of)) >= chance) return;
  NewOrder& taker = orders.emplace_back();
  taker.side = random_.below(2) == 0 ? Side::buy : Side::sell;
  taker.type = OrdType::market;
  taker.tif = TimeInForce::ioc;
  taker.quantity = some(Quantity::from_raw(terms.depth.raw() / 2), listing);
}

}  // namespace holdfast::venue
