#pragma once

#include <holdfast/trading/calendar.hpp>
#include <holdfast/venue/exchange.hpp>

namespace holdfast::venue {

/// One instrument while the exchange runs.
struct Exchange::Market {
  static constexpr std::size_t kTrades = 1000;

  Book book;
  Calendar calendar;
  std::unordered_map<OrderId, std::uint64_t> orders;  ///< OrderIDs of clients' orders, by their place in the book.
  std::vector<OrderId> crowd;                         ///< Nobody's orders, gone ones included.
  std::uint64_t updates = 0, trades_made = 0;
  std::deque<PublicTrade> trades;
};

constexpr auto kBadClOrdId = "a ClOrdID has 1 to 64 printable characters and no spaces";
bool good_cl_ord_id(std::string_view id);

}  // namespace holdfast::venue
