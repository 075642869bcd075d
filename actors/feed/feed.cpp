#include <algorithm>
#include <array>
#include <holdfast/sdk.hpp>

#include "recorder.hpp"
#include "screen.hpp"

using namespace holdfast;
using feed::Policy;

/// Hosts one feed plugin: pulls records, screens them, keeps the pace, and resumes after the last
/// record that reached the journal.
class FeedActor final : public Actor {
 public:
  static constexpr const char* kPurity = "edge";
  struct Config {
    PluginSlot<Feed> source;
    std::string on_crossed = "drop";
    std::string on_locked = "flag";
    std::string on_zero = "drop";
    std::string on_out_of_order = "drop";
    std::string when_behind = "wait";
    double speed = 0.0;
  };

  static Schema<Config> schema() {
    const auto policy = one_of({"drop", "flag", "pass"});
    return Schema<Config>{}
        .required("source", &Config::source, "The feed, as {plugin: name, its settings}.")
        .field("on_crossed", &Config::on_crossed, "What to do with a quote whose bid is above its ask.",
               policy)
        .field("on_locked", &Config::on_locked, "What to do with a quote whose bid equals its ask.", policy)
        .field("on_zero", &Config::on_zero,
               "What to do with a price that is not above zero, or a size below zero.", policy)
        .field("on_out_of_order", &Config::on_out_of_order,
               "What to do with a quote or trade older than the newest of its instrument.", policy)
        .field("when_behind", &Config::when_behind,
               "When the system cannot keep up: wait, or keep only the newest quote of each instrument.",
               one_of({"wait", "conflate"}))
        .field("speed", &Config::speed,
               "Pace by the venue's time: 1 is as it happened, 10 ten times faster, 0 as fast as possible.",
               between(0.0, 1e9));
  }

  FeedActor(const Config& config, const PluginContext& context)
      : config_{config},
        source_{config.source.plugin},
        self_{context.id},
        screen_{policies(config)},
        recorder_{screen_, context.id} {}

  void hear(const Event& event, Stage&) override {
    if (stream_of(event.type()) == Stream::market) hear_tick(event);
    else if (event.type() == EventType::feed_ended && event.author() == self_) ended_ = true;
  }
  bool quiet() const override { return true; }
  void hear_market(std::span<const std::byte> stretch) override {
    for_each_event(stretch, [this](const Event& event) { hear_tick(event); });
  }

  /// What the source itself remembers is no part of it: that is no fold over events, and whoever
  /// folds the journal again could not arrive at it. The source finds its place by the position.
  void state(Archive& a) override { a(position_, counts_, clocks_, ended_); }

  void open(std::function<void()> wake) override {
    if (ended_) return;
    recorder_.start(clocks_);
    source_->open(position_, std::move(wake));
  }

  Pace act(Outside& outside) override {
    if (ended_ || end_written_) return {};
    if (hold_until_ && outside.now() < *hold_until_) return {.again = false, .at = hold_until_};
    const std::size_t room = outside.room();
    if (room == 0) return stalled(outside);
    hold_until_.reset();
    EventBuffer& facts = outside.facts();
    const std::size_t before = facts.count();
    write_waiting(outside);
    recorder_.record_to(paced() ? held_ : facts);
    for (int n = 0; n < kRecords && !source_ended_; ++n) {
      // One record is never split, whatever the room, because a resumed feed starts behind it.
      if (const std::size_t used = facts.count() - before; used > 0 && used + kSlack > room) break;
      if (!pull()) return source_ended_ ? end(outside) : Pace{};
      if (!paced()) continue;
      if (ahead(outside.now())) return {.again = false, .at = hold_until_};
      facts.append(held_);
      held_.clear();
    }
    return source_ended_ ? end(outside) : Pace{.again = true, .at = {}};
  }

 private:
  static constexpr int kRecords = 4096;
  static constexpr std::size_t kSlack = 64;

  static feed::Screen::Policies policies(const Config& c) {
    const auto read = [](const std::string& word) {
      return word == "pass" ? Policy::pass : word == "flag" ? Policy::flag : Policy::drop;
    };
    feed::Screen::Policies table{};
    table[static_cast<std::size_t>(TickFlaw::crossed)] = read(c.on_crossed);
    table[static_cast<std::size_t>(TickFlaw::locked)] = read(c.on_locked);
    table[static_cast<std::size_t>(TickFlaw::zero)] = read(c.on_zero);
    table[static_cast<std::size_t>(TickFlaw::out_of_order)] = read(c.on_out_of_order);
    table[static_cast<std::size_t>(TickFlaw::not_a_number)] = Policy::drop;
    return table;
  }

  bool paced() const { return config_.speed > 0.0; }

  void hear_tick(const Event& event) {
    if (event.author() != self_) return;
    if (event.type() != EventType::quote) [[unlikely]] return hear_other(event);
    const auto& quote = event.as<Quote>();
    // An unmarked quote may still be a bad one, let through by policy; it is counted all the same.
    count(quote.flaw != TickFlaw::none ? quote.flaw : screen_.flaw(quote, clocks_));
    clocks_.advance(quote.instrument, quote.venue_time);
    position_ = event.header().origin;
  }

  void hear_other(const Event& event) {
    switch (event.type()) {
      case EventType::trade: {
        const auto& trade = event.as<Trade>();
        count(screen_.flaw(trade, clocks_));
        clocks_.advance(trade.instrument, trade.venue_time);
        break;
      }
      case EventType::book_level: {
        const auto& level = event.as<BookLevel>();
        count(screen_.flaw(level));
        clocks_.advance(level.instrument, level.venue_time);
        break;
      }
      case EventType::book_clear: {
        const auto& clear = event.as<BookClear>();
        clocks_.advance(clear.instrument, clear.venue_time);
        break;
      }
      case EventType::bad_tick: count(event.as<BadTick>().flaw); break;
      default: return;
    }
    position_ = event.header().origin;
  }

  void count(TickFlaw flaw) {
    if (flaw == TickFlaw::none) return;
    if (const auto at = static_cast<std::size_t>(flaw); at < counts_.size()) ++counts_[at];
  }

  /// Takes one record from the source; false when it has none now.
  bool pull() {
    const Feed::Step step = source_->next(recorder_);
    if (step == Feed::Step::ended) source_ended_ = true;
    return step == Feed::Step::record;
  }

  /// Is the newest record ahead of the pace? Sets hold_until_ when it is.
  bool ahead(Time now) {
    if (!first_venue_) {
      first_venue_ = recorder_.venue_time();
      first_now_ = now;
    }
    const double since =
        static_cast<double>((recorder_.venue_time() - *first_venue_).count()) / config_.speed;
    constexpr double kLongest = 4e18;
    const Time due = first_now_ + Duration{static_cast<std::int64_t>(std::clamp(since, 0.0, kLongest))};
    if (due <= now) return false;
    hold_until_ = due;
    return true;
  }

  /// No room at all: waits, or reads on and keeps the newest quotes.
  Pace stalled(Outside& outside) {
    const Pace again{.again = true, .at = {}};
    if (config_.when_behind != "conflate" || source_ended_ || !held_.empty()) return again;
    recorder_.record_to(held_);
    recorder_.conflate(true);
    // Anything but a quote has to be written in its place, so reading stops there.
    for (int n = 0; n < kRecords && held_.empty() && pull(); ++n)
      if (paced() && ahead(outside.now())) break;
    recorder_.conflate(false);
    return again;
  }

  void write_waiting(Outside& outside) {
    recorder_.flush(outside.facts());
    if (const std::uint64_t replaced = recorder_.take_conflated(); replaced > 0)
      outside.log("the system was behind: " + std::to_string(replaced) +
                  " quotes were replaced by newer ones");
    outside.facts().append(held_);
    held_.clear();
  }

  Pace end(Outside& outside) {
    FeedEnded ended;
    ended.feed = self_;
    outside.emit(ended, std::max(position_, recorder_.position()) + 1, recorder_.venue_time());
    end_written_ = true;
    return {};
  }

  Config config_;
  std::shared_ptr<Feed> source_;
  ActorId self_;
  feed::Screen screen_;
  feed::Recorder recorder_;

  std::uint64_t position_ = 0;  ///< Of the last record in the journal.
  std::array<std::uint64_t, feed::Screen::kFlaws> counts_{};
  feed::Clocks clocks_;
  bool ended_ = false;

  // Not state: what this incarnation has read and not heard back.
  EventBuffer held_;  ///< A record ahead of the pace, or one that could not be conflated.
  std::optional<Time> hold_until_, first_venue_;
  Time first_now_;
  bool source_ended_ = false, end_written_ = false;
};

HOLDFAST_PLUGIN(FeedActor, "feed", "1.0.0", "Hosts one feed plugin.")
