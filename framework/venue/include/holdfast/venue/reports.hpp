#pragma once

#include <holdfast/venue/records.hpp>

namespace holdfast::venue {

/// FIX ExecType (150).
enum class ExecType : char {
  created = '0', cancelled = '4', replaced = '5', rejected = '8', expired = 'C', trade = 'F', corrected = 'G', busted = 'H',
  status = 'I'
};
/// FIX OrdRejReason (103).
enum class OrdRejReason : int {
  exchange_option = 0, unknown_symbol = 1, exchange_closed = 2, exceeds_limit = 3, unknown_order = 5, duplicate = 6,
  unsupported = 11, incorrect_quantity = 13, other = 99
};
/// FIX CxlRejReason (102).
enum class CxlRejReason : int { too_late = 0, unknown_order = 1, exchange_option = 2, duplicate = 6, other = 99 };

/// What somebody asks for: FIX D, F and G.
struct Request {
  std::string account, session;  ///< `session`: the CompID that asks.
  std::string cl_ord_id;
  std::string orig_cl_ord_id;    ///< F and G: the order meant, unless `order_id` says it.
  std::uint64_t order_id = 0;
  std::string symbol;            ///< F and G: may be empty.
  NewOrder terms;                ///< F: nothing. G: price, stop price (zero: as before) and quantity.
  bool reduce_only = false;      ///< Refused, or later cancelled, as far as it exceeds the position.
};

/// What a client must be told: an ExecutionReport (8), or an OrderCancelReject (9).
struct Report {
  enum class Kind : std::uint8_t { execution, cancel_reject };
  Kind kind = Kind::execution;
  ExecType exec_type = ExecType::status;
  Order order;                       ///< As it is right after this; OrderID 0: none.
  std::uint64_t exec_id = 0;         ///< 0 where nothing happened: in a status, in a cancel reject.
  std::uint64_t ref_exec_id = 0;     ///< FIX ExecRefID (19).
  std::string cl_ord_id, orig_cl_ord_id;
  Price last_px;
  Quantity last_qty;
  Money fee;
  Liquidity liquidity = Liquidity::taker;
  OrdRejReason ord_rej{};            ///< When rejected.
  CxlRejReason cxl_rej{};            ///< Of a cancel reject.
  bool to_replace = false;           ///< Of a cancel reject: it answers a G.
  std::string text;
  Time time;
};
using Reports = std::vector<Report>;

}  // namespace holdfast::venue
