// Feed "fix": market data of a venue that speaks FIX 4.4, one subscription per instrument.
#include <algorithm>
#include <holdfast/fix/client.hpp>
#include <holdfast/fix/tags.hpp>
#include <stdexcept>

#include "book.hpp"

namespace holdfast::fix_feed {

namespace tag = fix::tag;

class FixFeed final : public Feed {
 public:
  struct Config : fix::ClientSettings {
    std::vector<InstrumentId> instruments;
    int depth = 1;
    Duration stale_after = std::chrono::seconds{10};
  };
  static Schema<Config> schema() {
    return fix::client_schema<Config>()
        .field("instruments", &Config::instruments, "Symbols to subscribe to; all that the system has when empty.")
        .field("depth", &Config::depth, "Price levels of each side; 1 gives quotes, more give the book.", between(1, 100))
        .field("stale_after", &Config::stale_after,
               "An instrument of which nothing was told for so long is subscribed to anew, heartbeats or not; 0s: never.",
               between(Duration{}, Duration{std::chrono::hours{24}}));
  }

  FixFeed(const Config& config, const PluginContext& context) : config_{config} {
    auto wanted = config.instruments;
    if (wanted.empty())
      for (const auto& [number, instrument] : context.instruments->all()) wanted.push_back(instrument.id);
    for (const InstrumentId id : wanted)
      if (find(id) == nullptr) subscriptions_.push_back({context.instruments->find(id)->symbol, "", {}, Book{id, config.depth == 1}, id});
  }

  void open(std::uint64_t after, std::function<void()> wake) override {
    position_ = after;
    client_.emplace(config_, fix::ClientSession{.silence = config_.stale_after}, std::move(wake));
  }

  Step next(Tape& tape) override {
    while (const auto heard = client_->take()) {
      Record record{tape, position_};
      hear(*heard, record);
      if (record.written) return Step::record;
    }
    return Step::idle;
  }

 private:
  struct Subscription {
    std::string symbol;
    std::string id;  ///< MDReqID (262), never used again; empty: not subscribed.
    Time told;       ///< By the venue's clock; zero: nothing was heard since it was asked for.
    Book book;
    InstrumentId instrument;
  };
  /// What one message leads to is one record.
  struct Record final : Book::Sink {
    Record(Tape& to, std::uint64_t& counter) : tape{to}, position{counter} {}
    std::uint64_t at() { return std::exchange(written, true) ? position : ++position; }
    void quote(const Quote& e) override { tape.quote(e, at()); }
    void trade(const Trade& e) override { tape.trade(e, at()); }
    void level(const BookLevel& e) override { tape.level(e, at()); }
    void clear(const BookClear& e) override { tape.clear(e, at()); }
    void bad(const BadTick& e) override { tape.bad(e, at()); }
    Tape& tape;
    std::uint64_t& position;
    bool written = false;
  };

  Subscription* find(InstrumentId id) {
    const auto found = std::ranges::find(subscriptions_, id, &Subscription::instrument);
    return found == subscriptions_.end() ? nullptr : &*found;
  }
  Subscription* find(const std::string& id) {
    const auto found = std::ranges::find(subscriptions_, id, &Subscription::id);
    return found == subscriptions_.end() || id.empty() ? nullptr : &*found;
  }

  void hear(const fix::Heard& heard, Record& record) {
    using Kind = fix::Heard::Kind;
    if (heard.kind == Kind::message) return hear(heard.message, record);
    if (heard.kind == Kind::admin) return;
    for (Subscription& one : subscriptions_) {
      if (heard.kind == Kind::logout) lose(one, record);
      else subscribe(one);
    }
  }

  void hear(const fix::Message& message, Record& record) {
    now_ = std::max(now_, message.sending_time);
    Subscription* const meant = find(fix::text(message, tag::MDReqID));
    if (meant == nullptr) return;  // Of a subscription that was given up.
    if (message.type() == "Y")
      throw std::runtime_error{"the venue refuses the market data of " + meant->symbol + ": " + fix::text(message, tag::Text)};
    meant->told = now_;
    // One that cannot be read is not asked for again at once: the next would most likely be the same.
    if (message.type() == "W") meant->book.snapshot(message, record);
    if (message.type() == "X") update(message, *meant, record);
    look_for_stale();
  }

  void update(const fix::Message& message, Subscription& meant, Record& record) {
    std::vector<const fix::Entry*> entries;
    for (const auto& entry : message.entries(tag::NoMDEntries)) {
      const auto symbol = fix::text(entry, tag::Symbol);
      if (symbol.empty() || symbol == meant.symbol) entries.push_back(&entry);
    }
    if (meant.book.update(entries, message.sending_time, record) == Book::Outcome::lost) subscribe(meant);
  }

  /// Others are told of, and one is not: by the venue's own clock.
  void look_for_stale() {
    if (config_.stale_after == Duration{}) return;
    for (Subscription& one : subscriptions_) {
      if (one.told == Time{}) one.told = now_;
      if (!one.id.empty() && now_ - one.told >= config_.stale_after) subscribe(one);
    }
  }

  void lose(Subscription& one, Record& record) {
    one.id.clear();
    one.book.lose(now_, record);
  }

  /// Anew, if it was before. What is known stays until the snapshot comes, unless it was lost.
  void subscribe(Subscription& one) {
    if (!one.id.empty()) client_->send(request(one, '2'));
    one.id = "m" + std::to_string(++requests_);
    one.told = {};
    client_->send(request(one, '1'));
  }

  fix::Message request(const Subscription& one, char type) const {
    fix::Message m{"V"};
    m.set(tag::MDReqID, one.id).set(tag::SubscriptionRequestType, type).set(tag::MarketDepth, config_.depth).set(tag::MDUpdateType, 1);
    for (const char* kind : {"0", "1", "2"}) m.add(tag::NoMDEntryTypes, {{tag::MDEntryType, kind}});
    return m.add(tag::NoRelatedSym, {{tag::Symbol, one.symbol}});
  }

  Config config_;
  std::vector<Subscription> subscriptions_;
  std::uint64_t position_ = 0, requests_ = 0;
  Time now_;  ///< The newest SendingTime (52).
  std::optional<fix::Client> client_;
};

}  // namespace holdfast::fix_feed

using holdfast::fix_feed::FixFeed;
HOLDFAST_PLUGIN(FixFeed, "fix", "1.0.0", "Market data of a venue that is reached by FIX 4.4")
