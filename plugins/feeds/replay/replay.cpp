// Feed "replay": recorded market data, read where it lies and as it is published.
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "fields.hpp"
#include "format.hpp"

namespace holdfast::replay {

Time midnight(const Options& options, const LineReader& file) {
  const auto found = options.date.empty() ? day_in_name(file.path()) : day(options.date);
  if (!found)
    file.fail("the file's name does not tell its day", "write date: YYYY-MM-DD in the settings of the feed");
  return *found - options.utc_offset;
}

bool not_a_number(const Options& options, Time time, std::uint64_t position, Tape& tape) {
  tape.bad({options.instrument, TickFlaw::not_a_number, time}, position);
  return true;
}

namespace {

/// Reads without telling: what was told in an earlier life is not told again.
class MutedTape : public Tape {
 public:
  void quote(const Quote&, std::uint64_t) override {}
  void trade(const Trade&, std::uint64_t) override {}
  void level(const BookLevel&, std::uint64_t) override {}
  void clear(const BookClear&, std::uint64_t) override {}
  void bad(const BadTick&, std::uint64_t) override {}
};

Limit<std::string> empty_or(const char* words, bool (*holds)(std::string_view)) {
  return {words, [holds](const std::string& text) { return text.empty() || holds(text); }};
}

}  // namespace

class ReplayFeed : public Feed {
 public:
  struct Config {
    std::string format;
    InstrumentId instrument;
    std::string file;
    std::vector<std::string> files;
    std::string date;
    std::string utc_offset = "0h";
    std::string book;
    std::int64_t price_scale = 10'000;
    std::string time_unit = "ns";
    Quantity default_size = Quantity::of(1);
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("format", &Config::format, "what the files are",
                  one_of({"binance", "lean", "lobster", "csv"}))
        .required("instrument", &Config::instrument, "symbol of the instrument the files are about")
        .field("file", &Config::file,
               "file to replay: plain, gzipped or a zip of one csv; relative to the configuration")
        .field("files", &Config::files, "several files, one after another")
        .field("date", &Config::date, "lean, lobster: day of the file, if its name does not tell",
               empty_or("a day such as 2013-10-08", [](std::string_view t) { return day(t).has_value(); }))
        .field("utc_offset", &Config::utc_offset,
               "lean, lobster: the exchange's clock against UTC, such as -4h in New York's summer",
               empty_or("hours such as -4h or -04:00",
                        [](std::string_view t) { return utc_offset(t).has_value(); }))
        .field("book", &Config::book,
               "lobster: order book file whose first row is the book after the first message")
        .field("price_scale", &Config::price_scale, "lean equities, lobster: a price of 1 is written as this",
               Limit<std::int64_t>{"1, 10, 100 … 100000000",
                                   [](std::int64_t n) { return n > 0 && Price::kOne % n == 0; }})
        .field("time_unit", &Config::time_unit, "csv: how the time column counts",
               one_of({"ns", "us", "ms", "s", "rfc3339"}))
        .field("default_size", &Config::default_size, "size of quotes where the file has none",
               more_than(Quantity{}))
        .check("neither file nor files names anything to replay",
               [](const Config& c) { return !c.file.empty() || !c.files.empty(); })
        .check("file and files are both written, must be one of them",
               [](const Config& c) { return c.file.empty() || c.files.empty(); })
        .check("date and book are about one file, must not be written with several files",
               [](const Config& c) { return c.files.size() < 2 || (c.date.empty() && c.book.empty()); });
  }

  ReplayFeed(const Config& config, const PluginContext& context) : format_name_{config.format} {
    const std::filesystem::path base{context.base_dir};
    if (!config.file.empty()) paths_.push_back((base / config.file).string());
    for (const auto& name : config.files) paths_.push_back((base / name).string());
    options_.instrument = config.instrument;
    options_.default_size = config.default_size;
    options_.utc_offset = utc_offset(config.utc_offset).value_or(Duration{0});
    options_.date = config.date;
    if (!config.book.empty()) options_.book = (base / config.book).string();
    options_.price_scale = config.price_scale;
    options_.time_unit = config.time_unit;
  }

  void open(std::uint64_t after, std::function<void()>) override {
    format_ = make();
    // A wrong name is better told now than in the middle of a run.
    for (const auto& path : paths_) LineReader{path};
    // A state from beyond where the journal ends is of no use: then everything is read again.
    if (saved_.position > 0 && saved_.position <= after) {
      std::string_view line;
      while (position_ < saved_.position) need_line(line, saved_.position);
      Archive archive{std::as_bytes(std::span{saved_.format}), 1};
      format_->state(archive);
    }
    MutedTape muted;
    std::string_view line;
    while (position_ < after) {
      need_line(line, after);
      format_->record({line, position_, *reader_}, muted);
    }
  }

  Step next(Tape& tape) override {
    std::string_view line;
    while (next_line(line))
      if (format_->record({line, position_, *reader_}, tape)) return Step::record;
    return Step::ended;
  }

  void state(Archive& a) override {
    if (!a.loading() && format_ != nullptr) {
      Archive inner;
      format_->state(inner);
      const auto bytes = inner.take();
      saved_.format.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      saved_.position = position_;
    }
    a(saved_.position, saved_.format);
  }

 private:
  struct Saved {
    std::uint64_t position = 0;
    std::string format;
  };

  std::unique_ptr<Format> make() const {
    if (format_name_ == "binance") return make_binance(options_);
    if (format_name_ == "lean") return make_lean(options_);
    if (format_name_ == "lobster") return make_lobster(options_);
    return make_csv(options_);
  }

  /// The next line over all files; header lines are read by the format and not counted.
  bool next_line(std::string_view& line) {
    for (;;) {
      if (reader_ != nullptr && reader_->next(line)) {
        ++position_;
        return true;
      }
      if (opened_ == paths_.size()) return false;
      reader_ = std::make_unique<LineReader>(paths_[opened_++]);
      format_->begin(*reader_);
    }
  }

  void need_line(std::string_view& line, std::uint64_t wanted) {
    if (next_line(line)) return;
    throw std::runtime_error{paths_.back() + ": the journal holds record " + std::to_string(wanted) +
                             ", but the files end after " + std::to_string(position_) +
                             "; put back the files the run began with"};
  }

  std::string format_name_;
  std::vector<std::string> paths_;
  Options options_;
  Saved saved_;
  std::unique_ptr<Format> format_;
  std::unique_ptr<LineReader> reader_;
  std::size_t opened_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace holdfast::replay

using holdfast::replay::ReplayFeed;
HOLDFAST_PLUGIN(ReplayFeed, "replay", "1.0.0",
                "Recorded market data: Binance captures, Lean ticks, LOBSTER, CSV")
