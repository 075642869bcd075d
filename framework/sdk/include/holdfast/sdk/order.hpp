#pragma once

#include <cstdint>
#include <string_view>

#include <holdfast/sdk/ids.hpp>
#include <holdfast/sdk/money.hpp>
#include <holdfast/sdk/time.hpp>

namespace holdfast {

// Values are on disk: never renumber.

/// FIX Side (54).
enum class Side : std::uint8_t { buy = 1, sell = 2 };
/// FIX OrdType (40).
enum class OrdType : std::uint8_t { market = 1, limit = 2 };
/// FIX TimeInForce (59).
enum class TimeInForce : std::uint8_t { gtc = 1, ioc = 3, fok = 4 };
/// FIX LastLiquidityInd (851).
enum class Liquidity : std::uint8_t { maker = 1, taker = 2 };

constexpr Side opposite(Side side) { return side == Side::buy ? Side::sell : Side::buy; }
/// `quantity` with the sign a fill of `side` has on a position.
constexpr Quantity signed_quantity(Side side, Quantity quantity) {
  return side == Side::buy ? quantity : -quantity;
}
std::string_view to_string(Side);
std::string_view to_string(OrdType);
std::string_view to_string(TimeInForce);

/// What an order says, the same 40 bytes from the strategy's wish to the venue.
struct OrderTerms {
  ClOrdId cl_ord_id;
  InstrumentId instrument;
  Side side = Side::buy;
  OrdType type = OrdType::market;
  TimeInForce tif = TimeInForce::gtc;
  std::uint8_t reserved = 0;
  Quantity quantity;
  Price price;               ///< Limit price; zero for a market order.
  Time release_deadline;     ///< Not released after this instant; zero means never too late.
};
static_assert(sizeof(OrderTerms) == 40);

/// What a strategy asks for; the desk adds the id.
struct OrderRequest {
  InstrumentId instrument;
  Side side = Side::buy;
  Quantity quantity;
  OrdType type = OrdType::market;
  Price price;
  TimeInForce tif = TimeInForce::gtc;
};

/// A market order, immediate by nature.
inline OrderRequest market(Side side, Quantity quantity, InstrumentId instrument) {
  return {instrument, side, quantity, OrdType::market, {}, TimeInForce::ioc};
}
/// A limit order that rests until filled or cancelled unless `tif` says otherwise.
inline OrderRequest limit(Side side, Quantity quantity, InstrumentId instrument, Price price,
                          TimeInForce tif = TimeInForce::gtc) {
  return {instrument, side, quantity, OrdType::limit, price, tif};
}

/// An order that risk has approved: the only thing a broker accepts.
///
/// Nobody but the reader of a journaled OrderApproved can make one, and the journal takes that
/// event from the risk actor alone; so the unsafe path does not compile.
class ApprovedOrder {
 public:
  const OrderTerms& terms() const { return terms_; }

 private:
  friend class Event;
  explicit ApprovedOrder(const OrderTerms& terms) : terms_{terms} {}
  OrderTerms terms_;
};

}  // namespace holdfast
