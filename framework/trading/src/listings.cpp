#include <holdfast/trading/listings.hpp>

namespace holdfast {

void Listings::Stated::state(Archive& a) {
  a(what.instrument, what.status, what.tick, what.lot, what.min_qty, what.max_qty, what.min_notional, what.price_band,
    what.expiry);
}

void Listings::hear(const Event& event) {
  if (event.type() != EventType::instrument_changed) return;
  const auto& changed = event.as<InstrumentChanged>();
  stated_[{changed.instrument, event.author()}].what = changed;
}

const InstrumentChanged* Listings::find(ActorId broker, InstrumentId instrument) const {
  const auto at = stated_.lower_bound({instrument, broker});
  if (at == stated_.end() || at->first.first != instrument) return nullptr;
  return broker == ActorId{} || at->first.second == broker ? &at->second.what : nullptr;
}

namespace {

using Why = std::optional<std::string>;

Why filtered_price(const char* name, Price price, const InstrumentChanged& listing, std::optional<Price> middle) {
  const std::string said = name + (" is " + price.str());
  if (listing.tick > Price{} && price.raw() % listing.tick.raw() != 0)
    return said + ", and the venue's tick is " + listing.tick.str();
  if (listing.price_band == Rate{} || !middle) return {};
  const Price reach = Price::from_raw(detail::mul_div(middle->raw(), listing.price_band.raw(), Rate::kOne));
  if ((price - *middle).abs() <= reach) return {};
  return said + ", outside the venue's band of " + (*middle - reach).str() + " to " + (*middle + reach).str();
}

Why filtered_size(Quantity quantity, const InstrumentChanged& listing) {
  const std::string said = "quantity is " + quantity.str();
  if (listing.lot > Quantity{} && quantity.raw() % listing.lot.raw() != 0)
    return said + ", and the venue's lot is " + listing.lot.str();
  if (quantity < listing.min_qty) return said + ", below the venue's least, " + listing.min_qty.str();
  if (!listing.max_qty.is_zero() && quantity > listing.max_qty)
    return said + ", above the venue's most, " + listing.max_qty.str();
  return {};
}

}  // namespace

std::optional<std::string> filtered(const OrderTerms& order, const InstrumentChanged& listing, Time now,
                                    std::optional<Price> price, std::optional<Price> middle) {
  if (listing.expiry != Time{} && listing.expiry <= now) return "the instrument expired at " + listing.expiry.str();
  if (auto why = filtered_size(order.quantity, listing)) return why;
  if (has_limit(order.type))
    if (auto why = filtered_price("limit price", order.price, listing, middle)) return why;
  if (has_stop(order.type))
    if (auto why = filtered_price("stop price", order.stop_px, listing, std::nullopt)) return why;
  if (price)
    if (const Money worth = notional(*price, order.quantity); worth < listing.min_notional)
      return order.quantity.str() + " at " + price->str() + " is worth " + worth.str() + ", below the venue's least, " +
             listing.min_notional.str();
  return {};
}

}  // namespace holdfast
