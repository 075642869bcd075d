// Binance captures: one WebSocket message of a combined stream per line, behind the nanosecond at
// which it was received; REST depth snapshots stand between them.
#include <simdjson.h>

#include <array>

#include "binance_sync.hpp"
#include "fields.hpp"
#include "format.hpp"

namespace holdfast::replay {

namespace {

using simdjson::ondemand::array;
using simdjson::ondemand::document;
using simdjson::ondemand::object;

/// Whether every number of a message could be read; what cannot be found at all throws.
struct Numbers {
  bool good = true;

  template <class T>
  T take(std::optional<T> number) {
    good &= number.has_value();
    return number.value_or(T{});
  }
  void levels(array from, Side side, std::vector<DepthLevel>& out) {
    for (array pair : from) {
      // Counted: a pair may hold nothing, or more than two as it once did.
      std::array<std::string_view, 2> texts;
      std::size_t count = 0;
      for (auto text : pair) {
        // Passed over, an error would leave nothing that may be read on.
        if (text.error() != simdjson::SUCCESS) throw simdjson::simdjson_error{text.error()};
        if (++count <= texts.size()) texts[count - 1] = text.get_string();
      }
      if (count < texts.size()) throw simdjson::simdjson_error{simdjson::INDEX_OUT_OF_BOUNDS};
      const auto price = Price::parse(texts[0]);
      out.push_back({side, take(price), take(Quantity::parse(texts[1]))});
    }
  }
};

class Binance : public Format {
 public:
  explicit Binance(const Options& options) : options_{options} {}

  void begin(LineReader&) override {}

  bool record(const Record& record, Tape& tape) override {
    if (record.text.empty()) return false;
    const std::size_t space = record.text.find(' ');
    const auto received =
        space == std::string_view::npos ? std::nullopt : whole(record.text.substr(0, space));
    if (!received) refuse(record, "");
    time_ = Time{*received};
    const std::string_view json = record.text.substr(space + 1);
    try {
      document line = parser_.iterate(simdjson::padded_string_view{json, json.size() + LineReader::kPadding});
      object message = line.get_object();
      std::string_view stream;
      if (has(message.find_field_unordered("stream").get(stream)))
        return hear(record, stream, message.find_field_unordered("data").get_object(), tape);
      return snapshot(record, message, tape);
    } catch (const simdjson::simdjson_error& error) {
      refuse(record, std::string{" ("} + error.what() + ")");
    }
  }

  void state(Archive& a) override { a(time_, symbol_, trades_, sync_); }

 private:
  [[noreturn]] static void refuse(const Record& record, const std::string& why) {
    record.file.fail("this is no line of a Binance capture" + why,
                     "a line is the receive time in nanoseconds, a space and one message as JSON");
  }

  /// Whether a field is there. One that cannot be read leaves nothing that may be read on.
  static bool has(simdjson::error_code error) {
    if (error != simdjson::SUCCESS && error != simdjson::NO_SUCH_FIELD) throw simdjson::simdjson_error{error};
    return error == simdjson::SUCCESS;
  }

  bool hear(const Record& record, std::string_view stream, object data, Tape& tape) {
    const std::size_t at = stream.find('@');
    const std::string_view symbol = stream.substr(0, at);
    const std::string_view what = at == std::string_view::npos ? "" : stream.substr(at + 1);
    if (symbol_.empty()) symbol_ = symbol;
    if (symbol_ != symbol)
      record.file.fail("the capture holds both " + symbol_ + " and " + std::string{symbol},
                       "a feed replays one instrument; cut the capture by symbol");
    if (what.starts_with("bookTicker")) return quote(record, data, tape);
    if (what.starts_with("trade") || what.starts_with("aggTrade")) {
      // A capture of both would tell every trade twice.
      const std::string_view kind = what.substr(0, what.find('@'));
      if (trades_.empty()) trades_ = kind;
      return trades_ == kind && trade(record, data, tape);
    }
    if (what.starts_with("depth")) return depth(record, data, tape);
    return false;
  }

  bool quote(const Record& record, object data, Tape& tape) {
    Numbers n;
    Quote quote;
    quote.instrument = options_.instrument;
    quote.bid = n.take(Price::parse(data["b"].get_string()));
    quote.bid_size = n.take(Quantity::parse(data["B"].get_string()));
    quote.ask = n.take(Price::parse(data["a"].get_string()));
    quote.ask_size = n.take(Quantity::parse(data["A"].get_string()));
    quote.venue_time = time_;
    if (!n.good) return not_a_number(options_, time_, record.position, tape);
    tape.quote(quote, record.position);
    return true;
  }

  bool trade(const Record& record, object data, Tape& tape) {
    Numbers n;
    Trade trade;
    trade.instrument = options_.instrument;
    trade.price = n.take(Price::parse(data["p"].get_string()));
    trade.quantity = n.take(Quantity::parse(data["q"].get_string()));
    // m: the buyer was the maker.
    trade.aggressor = data["m"].get_bool() ? Side::sell : Side::buy;
    trade.venue_time = time_;
    if (!n.good) return not_a_number(options_, time_, record.position, tape);
    tape.trade(trade, record.position);
    return true;
  }

  bool depth(const Record& record, object data, Tape& tape) {
    Numbers n;
    change_.first_id = data["U"].get_uint64();
    change_.last_id = data["u"].get_uint64();
    change_.futures = has(data["pu"].get_uint64().get(change_.previous_id));
    change_.levels.clear();
    n.levels(data["b"].get_array(), Side::buy, change_.levels);
    n.levels(data["a"].get_array(), Side::sell, change_.levels);
    if (!n.good) return lose(record, tape);
    switch (sync_.hear(change_)) {
      case BinanceSync::Verdict::apply: return tell(change_.levels, record, tape);
      case BinanceSync::Verdict::hold: return false;
      case BinanceSync::Verdict::lost: return clear(record, tape);
    }
    return false;
  }

  bool snapshot(const Record& record, object message, Tape& tape) {
    Numbers n;
    const std::uint64_t id = message["lastUpdateId"].get_uint64();
    std::vector<DepthLevel> levels;
    n.levels(message["bids"].get_array(), Side::buy, levels);
    n.levels(message["asks"].get_array(), Side::sell, levels);
    if (!n.good) return not_a_number(options_, time_, record.position, tape);
    if (!sync_.begin(id)) return false;
    clear(record, tape);
    tell(levels, record, tape);
    Depth change;
    for (BinanceSync::Verdict verdict{}; sync_.next_waiting(change, verdict);) {
      if (verdict == BinanceSync::Verdict::apply) tell(change.levels, record, tape);
      if (verdict == BinanceSync::Verdict::lost) return clear(record, tape);
    }
    return true;
  }

  /// A change that cannot be read leaves a book that is wrong from here on.
  bool lose(const Record& record, Tape& tape) {
    not_a_number(options_, time_, record.position, tape);
    sync_.lose();
    return clear(record, tape);
  }

  bool clear(const Record& record, Tape& tape) {
    tape.clear({options_.instrument, 0, time_}, record.position);
    return true;
  }

  bool tell(const std::vector<DepthLevel>& levels, const Record& record, Tape& tape) {
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const auto& [side, price, quantity] = levels[i];
      const bool last = i + 1 == levels.size();
      tape.level({options_.instrument, side, last, 0, price, quantity, time_}, record.position);
    }
    return !levels.empty();
  }

  Options options_;
  simdjson::ondemand::parser parser_;
  Depth change_;  ///< Kept for its memory.
  Time time_;
  std::string symbol_;
  std::string trades_;  ///< The one stream of trades that is told.
  BinanceSync sync_;
};

}  // namespace

std::unique_ptr<Format> make_binance(const Options& options) { return std::make_unique<Binance>(options); }

}  // namespace holdfast::replay
