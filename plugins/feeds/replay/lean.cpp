// Lean tick files: one day each, named after it, milliseconds since midnight of the exchange.
// The number of fields tells what a row is: 3 forex quote, 6 equity trade, 8 equity quote.
#include <algorithm>
#include <array>
#include <map>

#include "fields.hpp"
#include "format.hpp"

namespace holdfast::replay {

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

struct Half {
  Price price;
  Quantity size;
  friend bool operator==(const Half&, const Half&) = default;
  void state(Archive& a) { a(price, size); }
};
/// What one exchange last said; rows bring one side each.
struct Exchange {
  Half bid, ask;
  void state(Archive& a) { a(bid, ask); }
};

Quantity add_clamped(Quantity a, Quantity b) {
  std::int64_t sum = 0;
  return Quantity::from_raw(__builtin_add_overflow(a.raw(), b.raw(), &sum) ? INT64_MAX : sum);
}

class Lean : public Format {
 public:
  explicit Lean(const Options& options) : options_{options} {}

  void begin(LineReader& file) override {
    midnight_ = midnight(options_, file);
    last_time_ = midnight_;
    exchanges_.clear();
    best_ = {};
  }

  bool record(const Record& record, Tape& tape) override {
    if (record.text.empty()) return false;
    std::array<std::string_view, 8> fields;
    const std::size_t count = split(record.text, fields);
    if (count != 3 && count != 6 && count != 8)
      record.file.fail("a row of " + std::to_string(count) + " fields is none of a Lean tick file",
                       "rows have 3 (forex quote), 6 (trade) or 8 (equity quote)");
    const auto time = time_after(midnight_, fields[0], kMillisecond);
    if (!time && record.file.line() == 1)
      record.file.fail("the first row begins with no time", "a Lean tick file has no header; check format");
    if (!time) return not_a_number(options_, last_time_, record.position, tape);
    last_time_ = *time;
    if (count == 3) return forex(fields, record.position, tape);
    // The source itself takes a suspicious row back.
    if (fields[count - 1] == "1") return false;
    return count == 6 ? trade(fields, record.position, tape) : side(fields, record.position, tape);
  }

  void state(Archive& a) override { a(last_time_, exchanges_, best_, rule_); }

 private:
  using Fields = std::array<std::string_view, 8>;

  bool forex(const Fields& fields, std::uint64_t position, Tape& tape) {
    const auto bid = Price::parse(fields[1]), ask = Price::parse(fields[2]);
    if (!bid || !ask) return not_a_number(options_, last_time_, position, tape);
    const Quantity size = options_.default_size;
    tape.quote({options_.instrument, TickFlaw::none, *bid, *ask, size, size, last_time_}, position);
    return true;
  }

  bool trade(const Fields& fields, std::uint64_t position, Tape& tape) {
    const auto price = scaled_price(fields[1], options_.price_scale);
    const auto quantity = Quantity::parse(fields[2]);
    if (!price || !quantity) return not_a_number(options_, last_time_, position, tape);
    tape.trade({options_.instrument, rule_.next(*price), 0, 0, *price, *quantity, last_time_}, position);
    return true;
  }

  bool side(const Fields& fields, std::uint64_t position, Tape& tape) {
    const auto bid = scaled_price(fields[1], options_.price_scale);
    const auto ask = scaled_price(fields[3], options_.price_scale);
    const auto bid_size = Quantity::parse(fields[2]), ask_size = Quantity::parse(fields[4]);
    if (!bid || !ask || !bid_size || !ask_size) return not_a_number(options_, last_time_, position, tape);
    auto at = exchanges_.find(fields[5]);
    if (at == exchanges_.end()) at = exchanges_.emplace(std::string{fields[5]}, Exchange{}).first;
    // A price of zero is the side the row does not speak of; a size of zero withdraws its side.
    if (!bid->is_zero()) at->second.bid = {*bid, *bid_size};
    if (!ask->is_zero()) at->second.ask = {*ask, *ask_size};
    return tell_best(position, tape);
  }

  /// The best prices over all exchanges, with what rests there everywhere; told when it changed.
  bool tell_best(std::uint64_t position, Tape& tape) {
    Exchange best;
    for (const auto& [name, x] : exchanges_) {
      better(best.bid, x.bid, x.bid.price > best.bid.price);
      better(best.ask, x.ask, x.ask.price < best.ask.price);
    }
    if (best.bid == best_.bid && best.ask == best_.ask) return false;
    best_ = best;
    if (best.bid.price.is_zero() || best.ask.price.is_zero()) return false;
    tape.quote({options_.instrument, TickFlaw::none, best.bid.price, best.ask.price, best.bid.size,
                best.ask.size, last_time_},
               position);
    return true;
  }

  static void better(Half& best, const Half& other, bool ahead) {
    if (other.size <= Quantity{}) return;
    if (ahead || best.price.is_zero()) best = other;
    else if (other.price == best.price) best.size = add_clamped(best.size, other.size);
  }

  Options options_;
  Time midnight_;
  Time last_time_;
  std::map<std::string, Exchange, std::less<>> exchanges_;
  Exchange best_;
  TickRule rule_;
};

}  // namespace

std::unique_ptr<Format> make_lean(const Options& options) { return std::make_unique<Lean>(options); }

}  // namespace holdfast::replay
