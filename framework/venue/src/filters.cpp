#include <algorithm>

#include "market.hpp"

/// What the venue does not accept, and what it says then.
namespace holdfast::venue {

namespace {

/// An order is worth at most this, so that balances stay within 64 bits.
constexpr std::int64_t kMostWorth = 1'000'000'000;

bool limited(const NewOrder& o) { return o.type == OrdType::limit || o.type == OrdType::stop_limit; }
bool stops(const NewOrder& o) { return o.type == OrdType::stop || o.type == OrdType::stop_limit; }

/// What contradicts itself in an order; empty: nothing.
std::string contradiction(const NewOrder& o, Time now) {
  const bool immediate = o.tif == TimeInForce::ioc || o.tif == TimeInForce::fok;
  if (limited(o) && o.price <= Price{}) return "a limit order needs a Price above zero, not " + o.price.str();
  if (!limited(o) && !o.price.is_zero()) return "an order without limit has no Price, not " + o.price.str();
  if (stops(o) && o.stop_px <= Price{}) return "a stop needs a StopPx above zero, not " + o.stop_px.str();
  if (!stops(o) && !o.stop_px.is_zero()) return "an order that is no stop has no StopPx, not " + o.stop_px.str();
  if (o.tif == TimeInForce::gtd && o.expire_time <= now) return "ExpireTime " + o.expire_time.str() + " is over";
  if (o.tif != TimeInForce::gtd && o.expire_time != Time{}) return "only TimeInForce 6 has an ExpireTime";
  if (o.post_only && (o.type != OrdType::limit || immediate)) return "post-only is for limit orders that may rest";
  if (!o.display_qty.is_zero() && (!limited(o) || immediate)) return "DisplayQty is for limit orders that may rest";
  if (o.display_qty < Quantity{} || o.display_qty > o.quantity)
    return "DisplayQty " + o.display_qty.str() + " is not within OrderQty " + o.quantity.str();
  return "";
}

/// What `quantity` is worth at `price`, as far as it can be said in 64 bits.
bool worth_too_much(Price price, Quantity quantity) {
  const auto worth = static_cast<detail::Wide>(price.raw()) * quantity.raw() / Price::kOne;
  return worth > static_cast<detail::Wide>(kMostWorth) * Money::kOne;
}

}  // namespace

bool good_cl_ord_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::optional<Exchange::Refusal> Exchange::refusal(const Request& request) const {
  using enum OrdRejReason;
  const auto* owner = records_.account(request.account);
  if (owner == nullptr) return Refusal{other, "there is no account " + request.account};
  if (!good_cl_ord_id(request.cl_ord_id)) return Refusal{other, kBadClOrdId};
  if (const auto used = owner->used.find(request.cl_ord_id); used != owner->used.end())
    return Refusal{duplicate, "ClOrdID " + request.cl_ord_id + " has been used before, by " +
                                  (used->second == 0 ? "an order that was rejected" : "order " + std::to_string(used->second))};
  const auto* record = records_.listing(request.symbol);
  if (record == nullptr) return Refusal{unknown_symbol, "there is no instrument " + request.symbol};
  const Listing& listing = record->listing;
  if (listing.expiry != Time{} && listing.expiry <= batch_.time)
    return Refusal{exchange_closed, request.symbol + " expired at " + listing.expiry.str()};
  if (record->halted) return Refusal{exchange_closed, request.symbol + " is halted"};
  if (trading(request.symbol, batch_.time) != Trading::open)
    return Refusal{exchange_closed, request.symbol + " is closed: it trades " + listing.session};
  if (auto refused = refused_terms(request, listing)) return refused;
  if (auto refused = refused_reduction(request, 0)) return refused;
  return std::nullopt;
}

std::optional<Exchange::Refusal> Exchange::refused_terms(const Request& request, const Listing& listing) const {
  const NewOrder& terms = request.terms;
  if (auto refused = refused_size(request, listing)) return refused;
  if (std::string what = contradiction(terms, batch_.time); !what.empty()) return Refusal{OrdRejReason::unsupported, what};
  if (limited(terms))
    if (auto refused = refused_price("Price", terms.price, listing)) return refused;
  if (stops(terms) && terms.stop_px.raw() % listing.tick.raw() != 0)
    return Refusal{OrdRejReason::other, "StopPx " + terms.stop_px.str() + " is not a multiple of the tick " + listing.tick.str()};
  const Side others = opposite(terms.side);
  const auto best = markets_.at(request.symbol)->book.level(others);
  if (terms.post_only && best && (terms.side == Side::buy ? best->price <= terms.price : best->price >= terms.price))
    return Refusal{OrdRejReason::other, "post-only at " + terms.price.str() + " would take: the best " +
                                            (others == Side::sell ? "offer is " : "bid is ") + best->price.str()};
  return std::nullopt;
}

std::optional<Exchange::Refusal> Exchange::refused_price(const char* name, Price price, const Listing& listing) const {
  const std::string said = name + (" " + price.str());
  if (price.raw() % listing.tick.raw() != 0) return Refusal{OrdRejReason::other, said + " is not a multiple of the tick " + listing.tick.str()};
  const Price middle = reference(listing.symbol);
  if (listing.price_band == Rate{} || middle.is_zero()) return std::nullopt;
  const Price reach = Price::from_raw(detail::mul_div(middle.raw(), listing.price_band.raw(), Rate::kOne));
  if ((price - middle).abs() <= reach) return std::nullopt;
  return Refusal{OrdRejReason::other, said + " is outside the band " + (middle - reach).str() + " to " + (middle + reach).str()};
}

std::optional<Exchange::Refusal> Exchange::refused_size(const Request& request, const Listing& listing) const {
  using enum OrdRejReason;
  const NewOrder& terms = request.terms;
  const std::string said = "OrderQty " + terms.quantity.str();
  if (terms.quantity <= Quantity{}) return Refusal{incorrect_quantity, said + " is not above zero"};
  if (terms.quantity.raw() % listing.lot.raw() != 0)
    return Refusal{incorrect_quantity, said + " is not a multiple of the lot " + listing.lot.str()};
  if (terms.quantity < listing.min_qty) return Refusal{incorrect_quantity, said + " is below the least, " + listing.min_qty.str()};
  if (!listing.max_qty.is_zero() && terms.quantity > listing.max_qty)
    return Refusal{exceeds_limit, said + " is above the most, " + listing.max_qty.str()};
  const Price price = !terms.price.is_zero() ? terms.price : !terms.stop_px.is_zero() ? terms.stop_px : reference(listing.symbol);
  if (price < Price{} || worth_too_much(price, terms.quantity))
    return Refusal{exceeds_limit, said + " at " + price.str() + " is worth more than " + std::to_string(kMostWorth)};
  const Money worth = notional(price, terms.quantity);
  if (!price.is_zero() && worth < listing.min_notional)
    return Refusal{other, said + " at " + price.str() + " is worth " + worth.str() + ", below the least, " + listing.min_notional.str()};
  return std::nullopt;
}

Quantity Exchange::reducible(const std::string& account, const std::string& symbol, Side side, std::uint64_t except) const {
  const auto& owner = *records_.account(account);
  const auto position = owner.positions.find(symbol);
  const Quantity held = position == owner.positions.end() ? Quantity{} : position->second.quantity();
  if (side == Side::buy ? held >= Quantity{} : held <= Quantity{}) return {};
  Quantity left = held.abs();
  for (const auto order_id : owner.open) {
    const Order& order = *records_.order(order_id);
    if (order_id != except && order.reduce_only && order.symbol == symbol && order.terms.side == side) left -= order.leaves_qty;
  }
  return std::max(left, Quantity{});
}

std::optional<Exchange::Refusal> Exchange::refused_reduction(const Request& request, std::uint64_t except) const {
  if (!request.reduce_only) return std::nullopt;
  Quantity wanted = request.terms.quantity;
  if (except != 0) {
    const Order& order = *records_.order(except);
    wanted -= order.cum_qty + order.busted_qty;
  }
  const Quantity left = reducible(request.account, request.symbol, request.terms.side, except);
  if (wanted <= left) return std::nullopt;
  return Refusal{OrdRejReason::other, "reduce-only " + wanted.str() + " exceeds what is left to reduce, " + left.str()};
}

}  // namespace holdfast::venue
