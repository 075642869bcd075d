#include "feed_rig.hpp"

namespace holdfast::testkit {

namespace {

constexpr Duration kStep = std::chrono::milliseconds{20};

}  // namespace

void Told::judge(InstrumentId id, Price price, Quantity size, Time time, const char* what) {
  ++ticks_;
  if ((price <= Price{} || size < Quantity{}) && impossible_.size() < 10)
    impossible_.push_back(std::string{what} + " of " + size.str() + " at " + price.str() + ", position " + std::to_string(last_position_));
  Time& newest = newest_[id];
  if (time < newest) ++backwards_;
  newest = std::max(newest, time);
}

void Told::quote(const Quote& quote, std::uint64_t at) {
  note(at);
  judge(quote.instrument, quote.bid, quote.bid_size, quote.venue_time, "a bid");
  judge(quote.instrument, quote.ask, quote.ask_size, quote.venue_time, "an ask");
  if (quote.bid >= quote.ask) ++crossed_;
  if (quote.instrument != of_) return;
  bids_ = {{quote.bid, quote.bid_size}};
  asks_ = {{quote.ask, quote.ask_size}};
}

void Told::trade(const Trade& trade, std::uint64_t at) {
  note(at);
  judge(trade.instrument, trade.price, trade.quantity, trade.venue_time, "a trade");
}

void Told::level(const BookLevel& level, std::uint64_t at) {
  note(at);
  judge(level.instrument, level.price, level.quantity, level.venue_time, "a level");
  if (level.instrument != of_) return;
  auto& side = level.side == Side::buy ? bids_ : asks_;
  if (level.quantity.is_zero()) side.erase(level.price);
  else side[level.price] = level.quantity;
}

void Told::clear(const BookClear& clear, std::uint64_t at) {
  note(at);
  if (clear.instrument != of_) return;
  ++clears_;
  bids_.clear();
  asks_.clear();
}

std::optional<std::pair<Price, Price>> Told::top() const {
  if (bids_.empty() || asks_.empty()) return std::nullopt;
  return std::pair{bids_.rbegin()->first, asks_.begin()->first};
}

FeedRig::~FeedRig() = default;

bool FeedRig::meets(Need need) const {
  switch (need) {
    case Need::recorded: return !subject_.venue;
    case Need::connection: return static_cast<bool>(subject_.venue);
    case Need::onlooker: return subject_.onlooker != nullptr;
    case Need::secret: return !subject_.canary.empty();
    default: return false;
  }
}

void FeedRig::prepare() {
  if (venue_ != nullptr || !subject_.venue) return;
  venue_ = subject_.venue();
  hosted_.settings = venue_->settings(subject_.plugin.settings);
}

std::shared_ptr<Feed> FeedRig::feed() {
  prepare();
  return hosted_.make<Feed>();
}

void FeedRig::open(const std::shared_ptr<void>& plugin) { std::static_pointer_cast<Feed>(plugin)->open(0, [] {}); }

void FeedRig::ask(const std::shared_ptr<void>& plugin) {
  WrittenTape tape;
  std::static_pointer_cast<Feed>(plugin)->next(tape);
}

std::shared_ptr<Feed> FeedRig::opened(std::uint64_t after, const State* state) {
  const auto made = feed();
  if (state != nullptr) {
    Archive archive{*state, 1};
    made->state(archive);
    expect(archive.at_end(), "state() does not read all it wrote");
  }
  made->open(after, [] {});
  return made;
}

WrittenTape FeedRig::listen(Feed& feed, std::uint64_t records) {
  WrittenTape tape;
  play(feed, tape, records);
  return tape;
}

const WrittenTape& FeedRig::whole() {
  if (!whole_) whole_ = listen(*opened(0));
  expect(whole_->lines.size() >= subject_.records, "it tells " + std::to_string(whole_->lines.size()) + " records, this case needs " +
                                                       std::to_string(subject_.records));
  return *whole_;
}

void FeedRig::expect_same(const std::vector<std::string>& wanted, const std::vector<std::string>& got, const std::string& who) {
  for (std::size_t i = 0; i < std::min(wanted.size(), got.size()); ++i)
    expect(wanted[i] == got[i], who + " says '" + got[i] + "' where the whole recording says '" + wanted[i] + "'");
  // A feed that never ends was cut where both had said enough.
  expect(wanted.size() == got.size() || whole().positions.size() >= kEnough,
         who + " says " + std::to_string(got.size()) + " records, " + std::to_string(wanted.size()) + " are left");
}

std::vector<std::string> FeedRig::rest(std::uint64_t after) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < whole().lines.size(); ++i)
    if (whole().positions[i] > after) lines.push_back(whole().lines[i]);
  return lines;
}

void FeedRig::take_wrong_secrets() {
  hosted_.secrets = [](const std::string& name, Problem&) {
    return std::optional<Secret>{{name, "not-the-key", "00000000"}};
  };
}

int FeedRig::port() {
  const Setting* port = hosted_.settings.find("port");
  if (port == nullptr) throw CaseSkipped{"its settings name no port"};
  return std::stoi(port->text);
}

Price FeedRig::px(int ticks) const {
  const auto known = subject_.plugin.context().instruments;
  return Price::from_raw(subject_.price.raw() + ticks * known->find(subject_.instrument)->tick.raw());
}

void FeedRig::quote(int bid_ticks, int ask_ticks) {
  venue().quote(subject_.instrument, px(bid_ticks), px(ask_ticks), subject_.size);
}

void FeedRig::inject(const std::string& pathology) {
  if (!venue().inject(pathology)) throw CaseSkipped{"its venue does not know how to do wrong: " + pathology};
}

void FeedRig::pump(Duration patience) {
  if (feed_ == nullptr) {
    feed_ = feed();
    feed_->open(0, [waker = waker_] { waker.wake(); });
  }
  while (feed_->next(told_) == Feed::Step::record) {
  }
  waker_.wait(patience);
}

void FeedRig::until(const std::function<bool()>& so, const std::string& what) {
  for (const Duration from = real_time(); !so(); pump(kStep))
    expect(real_time() - from < subject_.patience,
           "not so within " + std::to_string(subject_.patience / std::chrono::seconds{1}) + " s: " + what);
}

void FeedRig::until_top(int bid_ticks, int ask_ticks, const std::string& what) {
  until([&] { return told_.top() == std::pair{px(bid_ticks), px(ask_ticks)}; }, what);
}

void FeedRig::listen_for(Duration time) {
  for (const Duration from = real_time(); real_time() - from < time;) pump(kStep);
}

}  // namespace holdfast::testkit
