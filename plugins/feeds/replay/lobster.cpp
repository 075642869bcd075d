// LOBSTER message files: every change of one Nasdaq book, order by order, told here as totals.
#include <array>
#include <holdfast/trading/order_book.hpp>

#include "fields.hpp"
#include "format.hpp"

namespace holdfast::replay {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// Nobody orders more shares at once; within it no total of a day overflows.
constexpr std::int64_t kMostShares = 1'000'000'000;

enum class Message : std::uint8_t {
  add = 1,
  partial_cancel,
  deletion,
  execution,
  hidden_execution,
  cross,
  halt,
};

struct Line {
  Message type{};
  Quantity size;
  Price price;
  Side side{};  ///< Of the resting order.
};

std::optional<Quantity> shares(std::string_view text) {
  const auto count = whole(text);
  if (!count || *count < 0 || *count > kMostShares) return std::nullopt;
  return Quantity::of(*count);
}

class Lobster : public Format {
 public:
  explicit Lobster(const Options& options) : options_{options} {}

  void begin(LineReader& file) override {
    midnight_ = midnight(options_, file);
    last_time_ = midnight_;
    first_ = true;
    book_.clear();
    told_ = {};
    opening_.clear();
    if (!options_.book.empty()) read_opening();
  }

  bool record(const Record& record, Tape& tape) override {
    if (record.text.empty()) return false;
    std::array<std::string_view, 6> fields;
    if (split(record.text, fields) != 6)
      record.file.fail("this is no line of a LOBSTER message file",
                       "a line is time,type,order id,size,price,direction");
    const auto time = time_after(midnight_, fields[0], kSecond);
    if (!time && record.file.line() == 1)
      record.file.fail("the first row begins with no time", "a LOBSTER message file has no header; check format");
    const auto line = read(fields);
    if (time) last_time_ = *time;
    if (!time || !line) return not_a_number(options_, last_time_, record.position, tape);
    bool told = false;
    const bool included = first_ && !opening_.empty();
    if (first_) told = start(record.position, tape);
    if (line->type == Message::execution || line->type == Message::hidden_execution ||
        line->type == Message::cross)
      told = trade(*line, record.position, tape);
    // The published book already holds what its own message did.
    if (!included) told |= apply(*line, record.position, tape);
    return told | tell_best(record.position, tape);
  }

  void state(Archive& a) override { a(last_time_, first_, book_, told_); }

 private:
  using Fields = std::array<std::string_view, 6>;
  struct Best {
    Price bid, ask;
    Quantity bid_size, ask_size;
    friend bool operator==(const Best&, const Best&) = default;
    void state(Archive& a) { a(bid, ask, bid_size, ask_size); }
  };

  std::optional<Line> read(const Fields& fields) const {
    const auto type = whole(fields[1]), direction = whole(fields[5]);
    const auto size = shares(fields[3]);
    const auto price = scaled_price(fields[4], options_.price_scale);
    if (!type || *type < 1 || *type > 7 || !direction || (*direction != 1 && *direction != -1)) return {};
    // A halt writes -1 where a price or 0 where a size would be.
    if (static_cast<Message>(*type) == Message::halt) return Line{Message::halt, {}, {}, Side::buy};
    if (!size || !price) return {};
    return Line{static_cast<Message>(*type), *size, *price, *direction == 1 ? Side::buy : Side::sell};
  }

  /// Row 1 of the published book: ask, size, bid, size, and so on, best first.
  void read_opening() {
    LineReader file{options_.book};
    std::string_view row;
    std::array<std::string_view, 800> fields;
    const bool any = file.next(row);
    const std::size_t count = any ? split(row, fields) : 0;
    if (count == 0 || count > fields.size() || count % 4 != 0)
      file.fail("this is no row of a LOBSTER order book file", "a row is ask,size,bid,size for every level");
    for (std::size_t i = 0; i < count; i += 2) {
      const auto price = scaled_price(fields[i], options_.price_scale);
      const auto size = shares(fields[i + 1]);
      if (!price || !size)
        file.fail("field " + std::to_string(i + 1) + " is no price and size", "check the file");
      if (!size->is_zero()) opening_.push_back({i % 4 == 0 ? Side::sell : Side::buy, *price, *size});
    }
  }

  bool start(std::uint64_t position, Tape& tape) {
    first_ = false;
    tape.clear({options_.instrument, 0, last_time_}, position);
    for (std::size_t i = 0; i < opening_.size(); ++i) {
      const auto& [side, price, size] = opening_[i];
      book_.set(side, price, size);
      tape.level(level(side, price, size, i + 1 == opening_.size()), position);
    }
    return true;
  }

  bool trade(const Line& line, std::uint64_t position, Tape& tape) {
    const bool hidden = line.type != Message::execution;
    tape.trade({options_.instrument, opposite(line.side), hidden, 0, line.price, line.size, last_time_},
               position);
    return true;
  }

  /// Changes the total at the message's price; what was there before the file began is unknown,
  /// so that a total may have to stop at zero.
  bool apply(const Line& line, std::uint64_t position, Tape& tape) {
    Quantity total = book_.at(line.side, line.price);
    switch (line.type) {
      case Message::add:
        if (total > Quantity::from_raw(INT64_MAX) - line.size)
          return not_a_number(options_, last_time_, position, tape);
        total += line.size;
        break;
      case Message::partial_cancel:
      case Message::deletion:
      case Message::execution: total = total > line.size ? total - line.size : Quantity{}; break;
      case Message::hidden_execution:
      case Message::cross:
      case Message::halt: return false;
    }
    book_.set(line.side, line.price, total);
    tape.level(level(line.side, line.price, total, true), position);
    return true;
  }

  BookLevel level(Side side, Price price, Quantity size, bool last) const {
    return {options_.instrument, side, last, 0, price, size, last_time_};
  }

  bool tell_best(std::uint64_t position, Tape& tape) {
    const auto bid = book_.best(Side::buy), ask = book_.best(Side::sell);
    if (!bid || !ask) return false;
    const Best best{bid->price, ask->price, bid->quantity, ask->quantity};
    if (best == told_) return false;
    told_ = best;
    tape.quote(
        {options_.instrument, TickFlaw::none, best.bid, best.ask, best.bid_size, best.ask_size, last_time_},
        position);
    return true;
  }

  struct Opening {
    Side side;
    Price price;
    Quantity size;
  };

  Options options_;
  Time midnight_;
  std::vector<Opening> opening_;
  Time last_time_;
  bool first_ = true;
  OrderBook book_;
  Best told_;
};

}  // namespace

std::unique_ptr<Format> make_lobster(const Options& options) { return std::make_unique<Lobster>(options); }

}  // namespace holdfast::replay
