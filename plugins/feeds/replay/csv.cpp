// Plain CSV with a header: quotes (time,bid,ask[,bid_size,ask_size]) or trades
// (time,price,quantity[,side]), columns in any order, further columns ignored.
#include <algorithm>
#include <array>

#include "fields.hpp"
#include "format.hpp"

namespace holdfast::replay {

namespace {

constexpr std::size_t kMaxColumns = 64;
constexpr std::size_t kNone = kMaxColumns;

std::int64_t unit_of(const std::string& name) {
  if (name == "ns") return 1;
  if (name == "us") return 1'000;
  if (name == "ms") return 1'000'000;
  if (name == "s") return 1'000'000'000;
  return 0;
}

class Csv : public Format {
 public:
  explicit Csv(const Options& options) : options_{options}, unit_{unit_of(options.time_unit)} {}

  void begin(LineReader& file) override {
    std::string_view header;
    if (!file.next(header)) file.fail("this file is empty", "its first line must name the columns");
    if (header.starts_with("\xef\xbb\xbf")) header.remove_prefix(3);
    std::array<std::string_view, kMaxColumns> names;
    columns_ = split(header, names);
    if (columns_ > kMaxColumns) file.fail("more than 64 columns", "keep those the feed needs");
    const auto known = std::span{names}.first(columns_);
    for (const auto name : {"time", "bid", "ask", "bid_size", "ask_size", "price", "quantity", "side"})
      if (std::count(known.begin(), known.end(), name) > 1)
        file.fail(std::string{"the first line names "} + name + " twice", "keep the one that is meant");
    const auto column = [&](std::string_view name) {
      const auto found = std::find(known.begin(), known.end(), name);
      return found == known.end() ? kNone : static_cast<std::size_t>(found - known.begin());
    };
    time_ = column("time");
    bid_ = column("bid"), ask_ = column("ask");
    bid_size_ = column("bid_size"), ask_size_ = column("ask_size");
    price_ = column("price"), quantity_ = column("quantity"), side_ = column("side");
    quotes_ = bid_ != kNone && ask_ != kNone;
    const bool trades = price_ != kNone && quantity_ != kNone;
    if (time_ == kNone || quotes_ == trades)
      file.fail("the first line does not name the columns of quotes or of trades",
                "write time,bid,ask,bid_size,ask_size or time,price,quantity,side");
  }

  bool record(const Record& record, Tape& tape) override {
    if (record.text.empty()) return false;
    std::array<std::string_view, kMaxColumns> fields;
    if (split(record.text, fields) != columns_)
      record.file.fail("the line has not as many fields as the first line has names",
                       "there must be " + std::to_string(columns_));
    const auto time = unit_ == 0 ? rfc3339(fields[time_]) : time_after(Time{}, fields[time_], unit_);
    if (!time) return not_a_number(options_, last_time_, record.position, tape);
    last_time_ = *time;
    return quotes_ ? quote(fields, record.position, tape) : trade(fields, record.position, tape);
  }

  void state(Archive& a) override { a(last_time_, rule_); }

 private:
  using Fields = std::array<std::string_view, kMaxColumns>;

  bool quote(const Fields& fields, std::uint64_t position, Tape& tape) {
    const auto size = [&](std::size_t column) {
      return column == kNone ? std::optional{options_.default_size} : Quantity::parse(fields[column]);
    };
    const auto bid = Price::parse(fields[bid_]), ask = Price::parse(fields[ask_]);
    const auto bid_size = size(bid_size_), ask_size = size(ask_size_);
    if (!bid || !ask || !bid_size || !ask_size) return not_a_number(options_, last_time_, position, tape);
    tape.quote({options_.instrument, TickFlaw::none, *bid, *ask, *bid_size, *ask_size, last_time_}, position);
    return true;
  }

  bool trade(const Fields& fields, std::uint64_t position, Tape& tape) {
    const auto price = Price::parse(fields[price_]);
    const auto quantity = Quantity::parse(fields[quantity_]);
    if (!price || !quantity) return not_a_number(options_, last_time_, position, tape);
    Side side = rule_.next(*price);
    const std::string_view word = side_ == kNone ? "" : fields[side_];
    if (word == "buy" || word == "BUY" || word == "b" || word == "B") side = Side::buy;
    else if (word == "sell" || word == "SELL" || word == "s" || word == "S") side = Side::sell;
    else if (!word.empty()) return not_a_number(options_, last_time_, position, tape);
    tape.trade({options_.instrument, side, 0, 0, *price, *quantity, last_time_}, position);
    return true;
  }

  Options options_;
  std::int64_t unit_;
  bool quotes_ = false;
  std::size_t columns_ = 0;
  std::size_t time_ = kNone, bid_ = kNone, ask_ = kNone, bid_size_ = kNone, ask_size_ = kNone;
  std::size_t price_ = kNone, quantity_ = kNone, side_ = kNone;
  Time last_time_;
  TickRule rule_;
};

}  // namespace

std::unique_ptr<Format> make_csv(const Options& options) { return std::make_unique<Csv>(options); }

}  // namespace holdfast::replay
