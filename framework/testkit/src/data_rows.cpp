// Formats whose rows stand for themselves.
#include <algorithm>
#include <array>
#include <holdfast/sdk/money.hpp>
#include <holdfast/sdk/random.hpp>
#include <holdfast/testkit/data_files.hpp>

namespace holdfast::testkit {

namespace {

constexpr std::int64_t kMidnight = 1'704'153'600'000'000'000;  // 2024-01-02
constexpr std::int64_t kOpen = 34'200'000;                     // 09:30 in milliseconds
constexpr std::array<char, 5> kExchanges{'P', 'Q', 'Z', 'K', 'D'};

/// A random walk that never leaves the neighbourhood of where it began.
struct Walk {
  Random random;
  std::int64_t at;
  std::int64_t middle = at;

  std::int64_t step() {
    at += static_cast<std::int64_t>(random.below(5)) - 2 + (middle - at) / 16;
    return at;
  }
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  }
};

std::string decimal(std::int64_t hundred_thousandths) {
  return Price::from_raw(hundred_thousandths * 1'000).str();
}

std::string row(std::initializer_list<std::string> fields) {
  std::string text;
  for (const auto& field : fields) text += (text.empty() ? "" : ",") + field;
  return text + "\n";
}

}  // namespace

std::string lean_trades(std::uint64_t seed, std::size_t rows) {
  Walk walk{Random{seed}, 1'674'000};
  std::int64_t time = kOpen;
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) {
    time += walk.pick(0, 400);
    text += row({std::to_string(time), std::to_string(walk.step() / 100 * 100),
                 std::to_string(100 * walk.pick(1, 9)),
                 std::string{kExchanges[walk.random.below(kExchanges.size())]}, "1", "0"});
  }
  return text;
}

std::string lean_equity_quotes(std::uint64_t seed, std::size_t rows) {
  Walk walk{Random{seed}, 1'816'000};
  std::int64_t time = kOpen;
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) {
    time += walk.pick(0, 50);
    const bool bid = walk.random.below(2) == 0;
    const std::string price = std::to_string(walk.step() / 100 * 100 + (bid ? -200 : 200));
    const std::string size = std::to_string(100 * walk.pick(1, 9));
    const std::string exchange{kExchanges[walk.random.below(kExchanges.size())]};
    text += bid ? row({std::to_string(time), price, size, "0", "0", exchange, "1", "0"})
                : row({std::to_string(time), "0", "0", price, size, exchange, "1", "0"});
  }
  return text;
}

std::string lean_forex_quotes(std::uint64_t seed, std::size_t rows, std::size_t crossed) {
  Walk walk{Random{seed}, 139'000};
  std::int64_t time = 0;
  std::string text;
  for (std::size_t i = 1; i <= rows; ++i) {
    time += walk.pick(0, 700);
    const std::int64_t bid = walk.step();
    const bool cross = crossed != 0 && i % crossed == 0;
    text += row({std::to_string(time), decimal(bid), decimal(bid + (cross ? -1 : walk.pick(1, 3)))});
  }
  return text;
}

std::string csv_quotes(std::uint64_t seed, std::size_t rows) {
  Walk walk{Random{seed}, 10'000};
  std::int64_t time = kMidnight;
  std::string text = "time,bid,ask,bid_size,ask_size\n";
  for (std::size_t i = 0; i < rows; ++i) {
    time += walk.pick(1, 5'000'000);
    const std::int64_t bid = walk.step();
    text += row({std::to_string(time), decimal(1'000 * bid), decimal(1'000 * (bid + walk.pick(1, 3))),
                 std::to_string(walk.pick(1, 20)), std::to_string(walk.pick(1, 20))});
  }
  return text;
}

std::string csv_trades(std::uint64_t seed, std::size_t rows) {
  Walk walk{Random{seed}, 10'000};
  std::int64_t time = kMidnight;
  std::string text = "time,price,quantity,side\n";
  for (std::size_t i = 0; i < rows; ++i) {
    time += walk.pick(1, 5'000'000);
    text += row({std::to_string(time), decimal(1'000 * walk.step()), std::to_string(walk.pick(1, 20)),
                 walk.random.below(2) == 0 ? "buy" : "sell"});
  }
  return text;
}

}  // namespace holdfast::testkit
