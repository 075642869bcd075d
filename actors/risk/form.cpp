#include "form.hpp"

namespace holdfast::risk {

namespace {

/// Sums of what works and is held must fit 64 bits with room to spare.
constexpr Quantity kLargest = Quantity::of(10'000'000'000);

bool known_words(const OrderTerms& order) {
  const bool side = order.side == Side::buy || order.side == Side::sell;
  const bool type = order.type == OrdType::market || order.type == OrdType::limit;
  const bool tif =
      order.tif == TimeInForce::gtc || order.tif == TimeInForce::ioc || order.tif == TimeInForce::fok;
  return side && type && tif;
}

}  // namespace

Verdict malformed(const OrderTerms& order, const Instrument& instrument, std::optional<Price> reference) {
  if (!known_words(order)) return "side, type or time in force is no word of ours";
  if (order.quantity <= Quantity{}) return "quantity is " + order.quantity.str() + ", must be more than 0";
  if (order.quantity > kLargest)
    return "quantity is " + order.quantity.str() + ", must be at most " + kLargest.str();
  if (instrument.lot > Quantity{} && order.quantity.raw() % instrument.lot.raw() != 0)
    return "quantity is " + order.quantity.str() + ", must be a multiple of the lot " + instrument.lot.str();
  if (order.type == OrdType::limit) {
    if (order.price <= Price{}) return "limit price is " + order.price.str() + ", must be more than 0";
    if (instrument.tick > Price{} && order.price.raw() % instrument.tick.raw() != 0)
      return "limit price is " + order.price.str() + ", must be a multiple of the tick " +
             instrument.tick.str();
    reference = order.price;
  }
  using detail::Wide;
  if (reference && Wide{reference->raw()} * order.quantity.raw() / Price::kOne > INT64_MAX)
    return order.quantity.str() + " units at " + reference->str() + " are worth more than can be counted";
  return {};
}

}  // namespace holdfast::risk
