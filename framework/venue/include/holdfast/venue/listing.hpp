#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <holdfast/venue/book.hpp>

namespace holdfast::venue {

/// An instrument as the venue lists it. Zero means no limit wherever there may be one.
struct Listing {
  std::string symbol;
  std::string currency;  ///< Of prices and fees.
  std::string base;      ///< What is delivered: its balance moves against that of `currency`. Empty: nothing is.
  Price tick;            ///< Prices are multiples of it.
  Quantity lot;          ///< Quantities are multiples of it.
  Quantity min_qty, max_qty;
  Money min_notional;
  Rate price_band;            ///< How far a limit may be from the last trade, as a part of it.
  Rate maker_fee, taker_fee;  ///< Parts of what a fill is worth; negative is a rebate.
  std::string session = "24x7";  ///< See trading/calendar.hpp.
  Time expiry;                ///< No order lives longer.
  Price reference;            ///< Stands for the last trade until there is one.

  friend bool operator==(const Listing&, const Listing&) = default;
};

/// An account as a person sets it up.
struct Member {
  std::string account;
  std::vector<std::string> sessions;      ///< CompIDs of its clients.
  std::map<std::string, Money> balances;  ///< What it starts with, by currency.
  SelfTrade self_trade = SelfTrade::allowed;
  bool cancel_on_disconnect = false;
  int throttle = 0;  ///< Messages a second; zero: any number.
};

}  // namespace holdfast::venue
