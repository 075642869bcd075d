#pragma once

#include <holdfast/trading/orders.hpp>
#include <string_view>
#include <vector>

/// Events about one order, short to write.
namespace holdfast::test {

inline constexpr ActorId kOwner{3};
inline constexpr InstrumentId kInstrument{4};

inline OrderTerms terms(std::uint64_t counter = 1, Side side = Side::buy, ActorId owner = kOwner) {
  OrderTerms t;
  t.cl_ord_id = ClOrdId::make(owner, counter);
  t.instrument = kInstrument;
  t.side = side;
  t.type = OrdType::limit;
  t.quantity = Quantity::of(10);
  t.price = Price::of(100);
  return t;
}

/// Writes one event and lets `orders` hear it.
template <class E>
Orders::Change tell(Orders& orders, const E& payload, std::string_view tail = {}) {
  EventBuffer buffer;
  return orders.hear(buffer.at(buffer.append(payload, kOwner, 1, false, Time{55}, tail)));
}

inline OrderFilled fill(const OrderTerms& t, int last, int cum, int leaves) {
  OrderFilled f;
  f.cl_ord_id = t.cl_ord_id;
  f.instrument = t.instrument;
  f.side = t.side;
  f.last_px = Price::of(100);
  f.last_qty = Quantity::of(last);
  f.cum_qty = Quantity::of(cum);
  f.leaves_qty = Quantity::of(leaves);
  return f;
}

inline FillBusted bust(const OrderTerms& t, int size) {
  FillBusted b;
  b.cl_ord_id = t.cl_ord_id;
  b.instrument = t.instrument;
  b.side = t.side;
  b.last_px = Price::of(100);
  b.last_qty = Quantity::of(size);
  return b;
}

inline OrderAdopted adopt(const OrderTerms& t, int cum, int leaves) {
  OrderAdopted a;
  a.terms = t;
  a.cum_qty = Quantity::of(cum);
  a.leaves_qty = Quantity::of(leaves);
  a.venue_order_id = 77;
  return a;
}

inline OrderReplaced replaced(const OrderTerms& t, int size, int limit, int leaves, std::uint64_t revision) {
  return {t.cl_ord_id, Quantity::of(size), Price::of(limit), Quantity::of(leaves), 0, revision};
}

inline std::vector<std::byte> save(Orders& orders) {
  Archive archive;
  orders.state(archive);
  return archive.take();
}

}  // namespace holdfast::test
