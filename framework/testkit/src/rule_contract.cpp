#include <holdfast/testkit/contract.hpp>
#include <holdfast/testkit/watch.hpp>
#include <optional>

namespace holdfast::testkit {

namespace {

/// One state of the world, as a rule may see it.
struct World final : Exposure {
  const Instruments* known = nullptr;
  Time at{1'700'000'000'000'000'000}, asked = at;
  Quantity held, open;
  std::optional<Quote> best;

  Time now() const override { return at; }
  Time intent_time() const override { return asked; }
  const Instrument* instrument(InstrumentId id) const override { return known->find(id); }
  Quantity position(ActorId, InstrumentId) const override { return held; }
  Quantity position(InstrumentId) const override { return held; }
  Quantity working(ActorId, InstrumentId, Side) const override { return open; }
  Quantity working(InstrumentId, Side) const override { return open; }
  const Quote* quote(InstrumentId) const override { return best ? &*best : nullptr; }
  std::optional<Price> last_price(InstrumentId) const override {
    return best ? std::optional{best->bid} : std::nullopt;
  }
};

std::vector<World> worlds(const Instruments& instruments) {
  std::vector<World> all;
  for (const std::int64_t age_ms : {0, 500, 60'000})
    for (const std::int64_t held : {-1'000, -1, 0, 1, 1'000})
      for (const bool quoted : {false, true}) {
        World world;
        world.known = &instruments;
        world.asked = world.at - Duration{age_ms * 1'000'000};
        world.held = Quantity::of(held);
        world.open = Quantity::of(held < 0 ? -held : 0);
        if (quoted) {
          world.best = Quote{{1}, TickFlaw::none, Price::of(100), Price::of(101), Quantity::of(1), Quantity::of(1), world.asked};
        }
        all.push_back(world);
      }
  return all;
}

std::vector<OrderTerms> orders() {
  std::vector<OrderTerms> all;
  std::uint64_t counter = 0;
  for (const Side side : {Side::buy, Side::sell})
    for (const std::int64_t size : {1'000LL, 100'000'000LL, 10'000'000'000LL, 100'000'000'000'000LL})
      for (const std::int64_t price : {0, 1, 50, 100, 200, 100'000}) {
        OrderTerms terms;
        terms.cl_ord_id = ClOrdId::make({7}, ++counter);
        terms.instrument = {1};
        terms.side = side;
        terms.type = price == 0 ? OrdType::market : OrdType::limit;
        terms.quantity = Quantity::from_raw(size);
        terms.price = Price::of(price);
        all.push_back(terms);
      }
  return all;
}

std::vector<Verdict> verdicts(const RiskRule& rule, const std::vector<World>& seen, const std::vector<OrderTerms>& asked,
                              bool backwards) {
  std::vector<Verdict> all(seen.size() * asked.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t at = backwards ? all.size() - 1 - i : i;
    all[at] = rule.check(asked[at % asked.size()], seen[at / asked.size()]);
  }
  return all;
}

}  // namespace

Findings check_risk_rule(const Subject& subject) {
  Findings found = check_settings(subject);
  if (!found.empty()) return found;
  const auto context = subject.context();
  const auto seen = worlds(*context.instruments);
  const auto asked = orders();
  Watch::take();
  try {
    const Watch watch;
    const auto once = verdicts(*subject.make<RiskRule>(), seen, asked, false);
    if (once != verdicts(*subject.make<RiskRule>(), seen, asked, true))
      found.push_back({"pure", "its verdict depends on what it was asked before: a rule remembers nothing"});
    std::size_t refused = 0;
    bool silent = false;
    for (const auto& verdict : once) {
      refused += verdict ? 1 : 0;
      silent = silent || (verdict && verdict->empty());
    }
    if (silent) found.push_back({"reason", "it says no without a reason: say which number breaks which limit"});
    if (refused == 0) found.push_back({"refuses", "it refuses nothing, so nothing is proved: choose tighter settings"});
    if (refused == once.size()) found.push_back({"passes", "it lets nothing pass, so nothing is proved: choose wider settings"});
  } catch (const std::exception& error) {
    found.push_back({"throws", std::string{error.what()} + ": a verdict is yes or no, whatever is missing"});
  }
  for (const auto& what : Watch::take())
    found.push_back({"outside", "it asks for " + what + ": all it may look at is its exposure"});
  return found;
}

Findings check_notifier(const Subject& subject) {
  Findings found = check_settings(subject);
  if (!found.empty()) return found;
  using Severity = Alert::Severity;
  try {
    const auto notifier = subject.make<Notifier>();
    std::uint64_t seq = 0;
    for (const auto severity : {Severity::info, Severity::warning, Severity::critical})
      for (const auto& text : {std::string{"trend failed: boom"}, std::string{}, std::string(5'000, 'x'), std::string{"\xc3\xa9t\xc3\xa9"}}) {
        const Alert alert{severity, ++seq, Time{static_cast<std::int64_t>(seq)}, text};
        notifier->notify(alert);
        notifier->notify(alert);  // After a crash the last one may come again.
      }
  } catch (const std::runtime_error& error) {
    if (std::string{error.what()}.empty()) found.push_back({"reason", "it refuses an alert without a reason"});
  } catch (const std::exception& error) {
    found.push_back({"throws", std::string{error.what()} + ": what cannot be told is a std::runtime_error"});
  }
  return found;
}

}  // namespace holdfast::testkit
