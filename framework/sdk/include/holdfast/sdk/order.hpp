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
enum class OrdType : std::uint8_t { market = 1, limit = 2, stop = 3, stop_limit = 4 };
/// FIX TimeInForce (59).
enum class TimeInForce : std::uint8_t { day = 0, gtc = 1, ioc = 3, fok = 4, gtd = 6 };
/// FIX ExecInst (18), as flags.
enum class ExecInst : std::uint8_t {
  none = 0,
  post_only = 1,    ///< FIX `6`: refused instead of taking.
  reduce_only = 2,  ///< FIX `E`: never makes the account's position larger.
};
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

constexpr bool has(ExecInst all, ExecInst one) {
  return (static_cast<unsigned>(all) & static_cast<unsigned>(one)) != 0;
}
constexpr ExecInst operator|(ExecInst a, ExecInst b) {
  return static_cast<ExecInst>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has_limit(OrdType type) { return type == OrdType::limit || type == OrdType::stop_limit; }
constexpr bool has_stop(OrdType type) { return type == OrdType::stop || type == OrdType::stop_limit; }

class Archive;

/// What an order says, the same 72 bytes from the strategy's wish to the venue.
struct OrderTerms {
  ClOrdId cl_ord_id;
  InstrumentId instrument;
  Side side = Side::buy;
  OrdType type = OrdType::market;
  TimeInForce tif = TimeInForce::gtc;
  ExecInst exec_inst = ExecInst::none;
  Quantity quantity;
  Price price;               ///< Limit price; zero for orders without.
  Time release_deadline;     ///< Not released after this instant; zero means never too late.
  Price stop_px;             ///< Stop and stop-limit: what sets them free.
  Quantity display_qty;      ///< Shown of it at a time; zero: all.
  Time expire_time;          ///< `gtd`: gone from this instant on.
  ActorId broker;            ///< Who brings it to a venue, as risk decided; 0: the only one there is.
  std::uint16_t reserved[3] = {};

  void state(Archive& a);
};
static_assert(sizeof(OrderTerms) == 72);

/// What a strategy asks for; the desk adds the id.
struct OrderRequest {
  InstrumentId instrument;
  Side side = Side::buy;
  Quantity quantity;
  OrdType type = OrdType::market;
  Price price = {};
  TimeInForce tif = TimeInForce::gtc;
  ExecInst exec_inst = ExecInst::none;
  Price stop_px = {};
  Quantity display_qty = {};
  Time expire_time = {};
};

/// A market order, immediate by nature.
inline OrderRequest market(Side side, Quantity quantity, InstrumentId instrument) {
  return {.instrument = instrument, .side = side, .quantity = quantity, .tif = TimeInForce::ioc};
}
/// A limit order that rests until filled or cancelled unless `tif` says otherwise.
inline OrderRequest limit(Side side, Quantity quantity, InstrumentId instrument, Price price,
                          TimeInForce tif = TimeInForce::gtc) {
  return {.instrument = instrument, .side = side, .quantity = quantity, .type = OrdType::limit, .price = price, .tif = tif};
}

/// Waits until a trade is at `stop_px` or beyond, then is a market order.
inline OrderRequest stop(Side side, Quantity quantity, InstrumentId instrument, Price stop_px,
                         TimeInForce tif = TimeInForce::gtc) {
  return {.instrument = instrument, .side = side, .quantity = quantity, .type = OrdType::stop, .price = {}, .tif = tif,
          .stop_px = stop_px};
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

/// A change of a working order that risk has approved; made like an ApprovedOrder.
class ApprovedReplace {
 public:
  /// Counts what is filled already, as FIX OrderQty (38) of a 35=G does.
  Quantity quantity() const { return quantity_; }
  Price price() const { return price_; }

 private:
  friend class Event;
  ApprovedReplace(Quantity quantity, Price price) : quantity_{quantity}, price_{price} {}
  Quantity quantity_;
  Price price_;
};

}  // namespace holdfast
