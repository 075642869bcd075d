#include "rig.hpp"

#include <set>
#include <thread>

#include "hosted.hpp"

/// The actor that hosts brokers, built into this library under another name.
extern "C" const holdfast::PluginManifest* holdfast_broker_actor();

namespace holdfast::testkit {

namespace {

constexpr ActorId kStrategy{7};
constexpr Duration kStep = std::chrono::milliseconds{20};
/// How long is waited for what must not come: a venue answers much faster.
constexpr Duration kSettling = std::chrono::milliseconds{400};

}  // namespace

Rig::Rig(const BrokerSubject& subject, std::uint64_t seed)
    : PluginRig{Broker::kKind, subject.plugin, seed}, subject_{subject}, hosted_{subject.plugin} {
  const auto plugin = subject_.plugin.make<Broker>();
  can_ = plugin->capabilities();
  pure_ = plugin->pure();
}

Rig::~Rig() = default;

std::shared_ptr<Broker> Rig::plugin() {
  Subject here = subject_.plugin;
  here.settings = venue().settings(here.settings);
  return here.make<Broker>();
}

void Rig::open(const std::shared_ptr<void>& plugin) { std::static_pointer_cast<Broker>(plugin)->open([] {}); }

void Rig::ask(const std::shared_ptr<void>& plugin) {
  Notebook blotter;
  std::static_pointer_cast<Broker>(plugin)->poll(blotter);
}

VenueUnderTest& Rig::venue() {
  if (venue_ == nullptr) venue_ = subject_.venue ? subject_.venue() : market_venue();
  return *venue_;
}

Bench::Make Rig::maker() const {
  Fields intervals;
  // An edge's books are compared often, so that a case is done soon.
  if (!pure_)
    intervals = {{"answer_within", "1s"},   {"check_in_flight", "200ms"}, {"check_orders", "500ms"},
                 {"check_positions", "1s"}, {"check_balances", "5s"},     {"patience", "400ms"}};
  return hosted(*holdfast_broker_actor(), "broker", hosted_, intervals);
}

Bench& Rig::bench() {
  if (bench_ != nullptr) return *bench_;
  hosted_.settings = venue().settings(subject_.plugin.settings);
  Bench::Options options;
  options.act_by_itself = pure_;
  if (!pure_) options.start = wall_time();
  start_ = options.start;
  options.on_wake = [waker = waker_] { waker.wake(); };
  bench_ = std::make_unique<Bench>(maker(), options);
  began_ = real_time();
  venue_->attach(*bench_);
  if (pure_) bench_->run();
  else until([this] { return armed_; }, "the broker is connected, and its book is the venue's");
  return *bench_;
}

Price Rig::px(int ticks) const {
  const auto known = subject_.plugin.context().instruments;
  const Instrument* instrument = known->find(subject_.instrument);
  return Price::from_raw(subject_.price.raw() + ticks * instrument->tick.raw());
}

Quantity Rig::qty(int units) const { return Quantity::from_raw(subject_.size.raw() * units); }

OrderTerms Rig::terms(OrdType type, Side side, int units, int ticks, TimeInForce tif) {
  OrderTerms terms;
  terms.cl_ord_id = ClOrdId::make(kStrategy, ++counter_);
  terms.instrument = subject_.instrument;
  terms.side = side;
  terms.type = type;
  terms.tif = tif;
  terms.quantity = qty(units);
  if (has_limit(type)) terms.price = px(ticks);
  if (has_stop(type)) terms.stop_px = px(ticks);
  return terms;
}

void Rig::approve(const OrderTerms& terms) {
  Bench& b = bench();
  records_[terms.cl_ord_id].terms = terms;
  b.tell(OrderIntent{terms, b.now()}, "conformance", kStrategy);
  b.tell(OrderApproved{terms});
}

ClOrdId Rig::send(const OrderTerms& terms) {
  approve(terms);
  pump({});
  return terms.cl_ord_id;
}

void Rig::die_sending(const OrderTerms& terms) {
  approve(terms);
  bench().act_and_die([this] {
    // That the venue has it when the successor begins is what this is about. Whether it ever has, the case finds out.
    const Duration deadline = real_time() + subject_.patience;
    while (venue().oracle() && orders_at_venue() == 0 && real_time() < deadline) std::this_thread::yield();
  });
  until_succeeded();
}

void Rig::die_cancelling(ClOrdId id) {
  bench().tell(CancelIntent{id}, "conformance", kStrategy);
  bench().act_and_die();
  until_succeeded();
}

ClOrdId Rig::resting(Side side, int units, int ticks) {
  const ClOrdId id = limit(side, units, ticks);
  until_working(id);
  return id;
}

void Rig::cancel(ClOrdId id) {
  bench().tell(CancelIntent{id}, "conformance", kStrategy);
  pump({});
}

void Rig::replace(ClOrdId id, int units, int ticks) {
  bench().tell(ReplaceIntent{id, qty(units), px(ticks)}, "conformance", kStrategy);
  bench().tell(ReplaceApproved{id, qty(units), px(ticks)});
  pump({});
}

void Rig::quote(int bid_ticks, int ask_ticks, int units) {
  bench();
  venue().quote(subject_.instrument, px(bid_ticks), px(ask_ticks), qty(units));
  pump({});
}

void Rig::trade_with(ClOrdId id, int units) {
  venue().trade_with(order(id).terms, qty(units));
  pump({});
}

std::uint64_t Rig::place_of(EventType type, ClOrdId id) {
  std::uint64_t place = 0, at = 0;
  for_each_event(bench().journal().bytes(), [&](const Event& event) {
    ++at;
    if (place == 0 && event.type() == type && order_of(event) == id) place = at;
  });
  expect(place != 0, "there is no " + std::string{to_string(type)} + ": " + stories());
  return place;
}

const OrderRecord& Rig::order(ClOrdId id) {
  listen();
  return records_.at(id);
}

std::vector<ClOrdId> Rig::orders() const {
  std::vector<ClOrdId> all;
  for (const auto& [id, record] : records_) all.push_back(id);
  return all;
}

const std::vector<std::string>& Rig::illegal() {
  listen();
  return illegal_;
}

void Rig::pump(Duration patience) {
  if (pure_) {
    bench_->run();
    if (patience > Duration{}) bench_->advance(patience);
    listen();
    return;
  }
  const Duration deadline = real_time() + patience;
  bench_->advance_to(start_ + (real_time() - began_));
  for (std::uint64_t before = bench_->head() + 1; before != bench_->head();) {
    before = bench_->head();
    const Pace pace = bench_->act();
    act_at_ = pace.again ? bench_->now() : pace.at.value_or(Time{INT64_MAX});
  }
  listen();
  const Duration left = std::min(deadline - real_time(), act_at_ - bench_->now());
  if (left > Duration{}) waker_.wait(left);
}

void Rig::until(const std::function<bool()>& so, const std::string& what) {
  bench();
  const Duration patience = subject_.patience;
  Duration waited{};
  for (const Duration from = real_time(); !so(); waited = pure_ ? waited + kStep : real_time() - from) {
    if (waited >= patience)
      throw CaseFailed{"not so within " + std::to_string(patience / std::chrono::seconds{1}) + " s: " + what + ". " +
                       stories()};
    pump(kStep);
  }
}

void Rig::until_working(ClOrdId id) {
  until([&] { return order(id).acknowledgements > 0 || order(id).ended(); }, "the venue has acknowledged the order");
  expect(!order(id).ended(), "an order that nobody trades with has ended at once: " + stories());
}

void Rig::until_ended(ClOrdId id) {
  until([&] { return order(id).ended(); }, "the order has ended");
}

void Rig::until_filled(ClOrdId id, int units) {
  until([&] { return order(id).filled >= qty(units); }, qty(units).str() + " of the order are filled");
}

void Rig::take_wrong_secrets() {
  hosted_.secrets = [](const std::string& name, Problem&) {
    return std::optional<Secret>{{name, "not-the-key", "00000000"}};
  };
}

void Rig::inject(const std::string& pathology) {
  bench();
  if (!venue().inject(pathology)) throw CaseSkipped{"its venue does not know how to do wrong: " + pathology};
}

std::size_t Rig::orders_at_venue() {
  const auto known = venue().oracle();
  if (!known) throw CaseSkipped{"its venue cannot be asked past the broker"};
  return known->asked.size();
}

void Rig::until_venue_agrees() {
  if (!venue().oracle()) throw CaseSkipped{"its venue cannot be asked past the broker"};
  until(
      [this] {
        const auto known = *venue().oracle();
        std::set<std::uint64_t> ours, theirs;
        std::size_t open = 0, fills = 0;
        for (const auto& [id, record] : records_) {
          open += record.ended() ? 0 : 1;
          fills += record.fills.size();
          for (const auto& fill : record.fills) ours.insert(fill.exec_id);
        }
        for (const auto& fill : *known.fills) theirs.insert(fill.exec_id);
        return ours == theirs && fills == ours.size() && open == known.open->size();
      },
      "every fill and every open order of the venue is in our book, once");
}

void Rig::settle() {
  if (pure_) return pump(std::chrono::seconds{5});
  for (const Duration from = real_time(); real_time() - from < kSettling;) pump(kStep);
}

void Rig::restart() {
  bench().restart();
  until_succeeded();
}

void Rig::until_succeeded() {
  armed_ = false;
  if (pure_) bench_->run();
  else until([this] { return armed_; }, "the restarted broker is connected again, and its book is the venue's");
  listen();
}

}  // namespace holdfast::testkit
