// BC-190: orders at random, against the order state machine and the sums of an account.
#include <algorithm>

#include "rig.hpp"

namespace holdfast::testkit {

namespace {

constexpr int kSteps = 300;

/// One seeded script. What it does is written down, so that a failure can be read.
class Script {
 public:
  explicit Script(Rig& rig) : rig_{rig} {}

  void play(int steps, bool restarts) {
    rig_.quote(-3, 3, 5);
    for (int i = 0; i < steps; ++i) {
      step(restarts);
      rig_.pump(std::chrono::microseconds{any(2'000)});
      try {
        rig_.expect_sane();
      } catch (const CaseFailed& failed) {
        throw CaseFailed{"after " + std::to_string(i + 1) + " steps, with --seed " + std::to_string(rig_.seed()) +
                         ": " + failed.what() + last_steps()};
      }
    }
    the_end();
  }

 private:
  std::uint64_t any(std::uint64_t below) { return rig_.chance().below(below); }
  int between(int low, int high) { return low + static_cast<int>(any(static_cast<std::uint64_t>(high - low + 1))); }

  void did(std::string what) {
    did_.push_back(std::move(what));
    if (did_.size() > 12) did_.erase(did_.begin());
  }
  std::string last_steps() const {
    std::string text = "; the last steps were";
    for (const auto& step : did_) text += " | " + step;
    return text;
  }

  std::optional<ClOrdId> some_open() {
    std::vector<ClOrdId> open;
    for (const ClOrdId id : rig_.orders())
      if (!rig_.order(id).ended()) open.push_back(id);
    if (open.empty()) return std::nullopt;
    return open[any(open.size())];
  }

  void step(bool restarts) {
    const auto which = any(20);
    if (which < 8) return order();
    if (which < 12) return market();
    if (which < 15) return cancel();
    if (which < 18) return replace();
    if (which < 19 || !restarts) {
      did("time passes");
      return rig_.settle();
    }
    did("restart");
    rig_.restart();
  }

  void order() {
    const auto& can = rig_.can();
    const Side side = any(2) == 0 ? Side::buy : Side::sell;
    const bool takes_market = std::ranges::find(can.types, OrdType::market) != can.types.end();
    const int units = between(1, 9), ticks = between(-6, 6);
    if (takes_market && any(5) == 0) {
      did(std::string{to_string(side)} + " " + std::to_string(units) + " at the market");
      rig_.market(side, units);
      return;
    }
    std::vector<TimeInForce> tifs;
    for (const auto tif : can.tifs)
      if (tif != TimeInForce::gtd) tifs.push_back(tif);
    if (tifs.empty()) return;
    const TimeInForce tif = tifs[any(tifs.size())];
    OrderTerms terms = rig_.terms(OrdType::limit, side, units, ticks, tif);
    if (has(can.exec_insts, ExecInst::post_only) && any(4) == 0) terms.exec_inst = ExecInst::post_only;
    did(std::string{to_string(side)} + " " + std::to_string(units) + " at " + std::to_string(ticks) + " ticks, " +
        std::string{to_string(tif)});
    rig_.send(terms);
  }

  void market() {
    const int middle = between(-4, 4), width = between(1, 4), units = between(1, 6);
    did("quote " + std::to_string(middle - width) + "/" + std::to_string(middle + width) + " ticks, " +
        std::to_string(units));
    rig_.quote(middle - width, middle + width, units);
  }

  void cancel() {
    const auto id = some_open();
    if (!id) return;
    did("cancel " + std::to_string(id->counter()));
    rig_.cancel(*id);
  }

  void replace() {
    const auto id = some_open();
    if (!id || !rig_.can().replace || !has_limit(rig_.order(*id).terms.type)) return;
    // Risk approves changes of orders that work, one at a time.
    const OrdStatus status = rig_.order(*id).status;
    if (status != OrdStatus::acknowledged && status != OrdStatus::partially_filled) return;
    const int units = between(1, 9), ticks = between(-6, 6);
    did("change " + std::to_string(id->counter()) + " to " + std::to_string(units) + " at " + std::to_string(ticks) +
        " ticks");
    rig_.replace(*id, units, ticks);
  }

  /// All is cancelled, and what each order has become adds up.
  void the_end() {
    rig_.settle();
    for (const ClOrdId id : rig_.orders())
      if (!rig_.order(id).ended()) rig_.cancel(id);
    for (const ClOrdId id : rig_.orders()) rig_.until_ended(id);
    rig_.settle();
    rig_.expect_sane();
    for (const ClOrdId id : rig_.orders()) {
      const OrderRecord& order = rig_.order(id);
      const bool refused = order.status == OrdStatus::rejected;
      if (refused) Rig::expect(order.fills.empty(), "a rejected order was filled: " + order.story);
      else
        Rig::expect(order.filled + order.cancelled_leaves == std::max(order.terms.quantity, order.filled),
                    "order " + std::to_string(id.counter()) + ": " + order.filled.str() + " filled and " +
                        order.cancelled_leaves.str() + " left are not " + order.terms.quantity.str() +
                        ", with --seed " + std::to_string(rig_.seed()));
    }
  }

  Rig& rig_;
  std::vector<std::string> did_;
};

}  // namespace

std::vector<BrokerCase> fuzz_cases() {
  return {
      {"BC-190", "Orders at random keep the order state machine",
       "300 seeded steps: orders, changes, cancels, quotes", Level::live, {Need::limit},
       [](Rig& rig) { Script{rig}.play(kSteps, false); }},
      {"BC-191", "So they do with restarts in between", "300 seeded steps, with restarts", Level::live, {Need::limit},
       [](Rig& rig) { Script{rig}.play(kSteps, true); }},
  };
}

}  // namespace holdfast::testkit
