#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <holdfast/venue/listing.hpp>

/// What happened at the venue to its clients: all it keeps. Names are those in its file, see docs/venue.md.
/// OrderIDs and ExecIDs count from 1 for ever. `fields` names every field once, for reading and for writing.
namespace holdfast::venue {

/// FIX OrdStatus (39).
enum class OrdStatus : char {
  created = '0', partially_filled = '1', filled = '2', cancelled = '4', replaced = '5', rejected = '8', expired = 'C'
};

/// An instrument is listed, or on other terms than before.
struct Listed {
  static constexpr auto kName = "listed";
  Listing listing;
  void fields(auto& f) {
    auto& l = listing;
    f("symbol", l.symbol), f("currency", l.currency), f("base", l.base), f("tick", l.tick), f("lot", l.lot);
    f("min_qty", l.min_qty), f("max_qty", l.max_qty), f("min_notional", l.min_notional), f("price_band", l.price_band);
    f("maker_fee", l.maker_fee), f("taker_fee", l.taker_fee), f("session", l.session), f("expiry", l.expiry);
    f("reference", l.reference);
  }
};

/// An account, seen for the first time.
struct Opened {
  static constexpr auto kName = "opened";
  std::string account;
  std::map<std::string, Money> balances;
  void fields(auto& f) { f("account", account), f("balances", balances); }
};

struct Accepted {
  static constexpr auto kName = "accepted";
  std::uint64_t order = 0, exec = 0;
  std::string account, session, cl_ord_id, symbol;
  NewOrder terms;  ///< Without its account.
  bool reduce_only = false;
  Time until;      ///< When it expires by itself; zero: never.
  void fields(auto& f) {
    auto& t = terms;
    f("order", order), f("exec", exec), f("account", account), f("session", session), f("cl_ord_id", cl_ord_id);
    f("symbol", symbol), f("side", t.side), f("type", t.type), f("tif", t.tif), f("self_trade", t.self_trade);
    f("post_only", t.post_only), f("reduce_only", reduce_only), f("quantity", t.quantity), f("display_qty", t.display_qty);
    f("price", t.price), f("stop_px", t.stop_px), f("expire_time", t.expire_time), f("until", until);
  }
};

/// Of a new order; its ClOrdID counts as used.
struct Rejected {
  static constexpr auto kName = "rejected";
  std::uint64_t exec = 0;
  std::string account, cl_ord_id, text;
  void fields(auto& f) { f("exec", exec), f("account", account), f("cl_ord_id", cl_ord_id), f("text", text); }
};

/// A stop became the order that it stands for.
struct Triggered {
  static constexpr auto kName = "triggered";
  std::uint64_t order = 0;
  void fields(auto& f) { f("order", order); }
};

/// One side of a trade.
struct Filled {
  static constexpr auto kName = "filled";
  std::uint64_t order = 0, exec = 0;
  std::uint64_t contra = 0;  ///< ExecID of the other side; zero: nobody's account.
  Price price;
  Quantity quantity;
  Money fee;
  Liquidity liquidity = Liquidity::taker;
  void fields(auto& f) {
    f("order", order), f("exec", exec), f("contra", contra), f("price", price), f("quantity", quantity), f("fee", fee);
    f("liquidity", liquidity);
  }
};

/// The order goes by another ClOrdID and has other terms.
struct Replaced {
  static constexpr auto kName = "replaced";
  std::uint64_t order = 0, exec = 0;
  std::string cl_ord_id;
  Quantity quantity;
  Price price, stop_px;
  void fields(auto& f) {
    f("order", order), f("exec", exec), f("cl_ord_id", cl_ord_id), f("quantity", quantity), f("price", price);
    f("stop_px", stop_px);
  }
};

/// Without being filled.
struct Ended {
  static constexpr auto kName = "ended";
  std::uint64_t order = 0, exec = 0;
  std::string cl_ord_id;  ///< Of the request that asked for it, if one did.
  OrdStatus status = OrdStatus::cancelled;
  std::string text;
  void fields(auto& f) { f("order", order), f("exec", exec), f("cl_ord_id", cl_ord_id), f("status", status), f("text", text); }
};

/// The fill `ref` never happened.
struct Busted {
  static constexpr auto kName = "busted";
  std::uint64_t exec = 0, ref = 0;
  std::string text;
  void fields(auto& f) { f("exec", exec), f("ref", ref), f("text", text); }
};

/// The fill `ref` was at another price, or of another quantity.
struct Corrected {
  static constexpr auto kName = "corrected";
  std::uint64_t exec = 0, ref = 0;
  Price price;
  Quantity quantity;
  Money fee;
  void fields(auto& f) { f("exec", exec), f("ref", ref), f("price", price), f("quantity", quantity), f("fee", fee); }
};

/// A position moved without any fill.
struct Adjusted {
  static constexpr auto kName = "adjusted";
  std::string account, symbol;
  Quantity quantity;  ///< By this much, with its sign.
  Price price;
  void fields(auto& f) { f("account", account), f("symbol", symbol), f("quantity", quantity), f("price", price); }
};

struct Halted {
  static constexpr auto kName = "halted";
  std::string symbol;
  bool halted = false;  ///< Or trading again.
  void fields(auto& f) { f("symbol", symbol), f("halted", halted); }
};

/// Every order, fill and position is gone; ids, balances and used ClOrdIDs stay.
struct Forgot {
  static constexpr auto kName = "forgot";
  void fields(auto&) {}
};

using Fact = std::variant<Listed, Opened, Accepted, Rejected, Triggered, Filled, Replaced, Ended, Busted, Corrected, Adjusted,
                          Halted, Forgot>;

/// What one call did: all of it is kept, or nothing.
struct Batch {
  Time time;
  std::vector<Fact> facts;
};

}  // namespace holdfast::venue
