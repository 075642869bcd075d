#include "form.hpp"

namespace holdfast::risk {

namespace {

/// Sums of what works and is held must fit 64 bits with room to spare.
constexpr Quantity kLargest = Quantity::of(10'000'000'000);

bool known_words(const OrderTerms& order) {
  const bool side = order.side == Side::buy || order.side == Side::sell;
  const bool type = order.type >= OrdType::market && order.type <= OrdType::stop_limit;
  const bool tif = to_string(order.tif) != "unknown";
  return side && type && tif;
}

Verdict malformed(const char* what, Price price, const Instrument& instrument) {
  if (price <= Price{}) return std::string{what} + " is " + price.str() + ", must be more than 0";
  if (instrument.tick > Price{} && price.raw() % instrument.tick.raw() != 0)
    return std::string{what} + " is " + price.str() + ", must be a multiple of the tick " + instrument.tick.str();
  return {};
}

}  // namespace

Verdict malformed(const OrderTerms& order, const Instrument& instrument, std::optional<Price> reference) {
  if (!known_words(order)) return "side, type or time in force is no word of ours";
  if (order.quantity <= Quantity{}) return "quantity is " + order.quantity.str() + ", must be more than 0";
  if (order.quantity > kLargest)
    return "quantity is " + order.quantity.str() + ", must be at most " + kLargest.str();
  if (instrument.lot > Quantity{} && order.quantity.raw() % instrument.lot.raw() != 0)
    return "quantity is " + order.quantity.str() + ", must be a multiple of the lot " + instrument.lot.str();
  if (has_stop(order.type)) {
    if (auto why = malformed("stop price", order.stop_px, instrument)) return why;
    reference = order.stop_px;
  }
  if (has_limit(order.type)) {
    if (auto why = malformed("limit price", order.price, instrument)) return why;
    reference = order.price;
  }
  if (order.display_qty < Quantity{} || order.display_qty > order.quantity)
    return "display quantity is " + order.display_qty.str() + ", must be 0 to " + order.quantity.str();
  if (order.tif == TimeInForce::gtd && order.expire_time == Time{}) return "a gtd order says no expire time";
  using detail::Wide;
  if (reference && Wide{reference->raw()} * order.quantity.raw() / Price::kOne > INT64_MAX)
    return order.quantity.str() + " units at " + reference->str() + " are worth more than can be counted";
  return {};
}

}  // namespace holdfast::risk
