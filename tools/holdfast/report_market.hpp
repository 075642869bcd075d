#pragma once

#include <limits>
#include <utility>
#include <vector>

#include "report_data.hpp"

namespace holdfast::cli {

/// Who in which instrument.
using BookKey = std::pair<std::uint16_t, std::uint32_t>;

/// What changes the books: a booked fill, or the price somebody paid.
struct Posting {
  std::uint64_t seq = 0;
  BookKey key;
  double cash = 0, position = 0;
  double price = std::numeric_limits<double>::quiet_NaN();  ///< Set: tells a price and books nothing.
};

/// Goes through the market up to `head` and fills in the lines of `data`: prices, equity by
/// currency and owner, drawdown. `postings` are in sequence order.
void read_market(const Store& store, const SystemRecord& record, const std::vector<Posting>& postings,
                 std::uint64_t head, ReportData& data);

}  // namespace holdfast::cli
