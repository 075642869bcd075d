#include "link.hpp"

#include <algorithm>
#include <limits>

namespace holdfast::broker {

namespace {

/// How often the venue must deny that it knows an order, or disagree about a position, before it is believed.
constexpr int kDenials = 3;
constexpr Time kNever{std::numeric_limits<std::int64_t>::max()};

bool awaits_answer(OrdStatus status) {
  return status == OrdStatus::sent || status == OrdStatus::pending_cancel || status == OrdStatus::pending_replace;
}

}  // namespace

Link::Link(Broker& plugin, Pen& pen, const Intervals& intervals, const Instruments& instruments)
    : plugin_{plugin},
      pen_{pen},
      intervals_{intervals},
      instruments_{instruments},
      asks_{plugin.capabilities().asks},
      asks_positions_{asks_ && plugin.capabilities().positions} {
  const DeskState& view = pen_.view();
  fills_up_to_ = view.fills_up_to();
  for (const ClOrdId id : view.outbox()) (asks_ ? in_doubt_ : repeats_).insert(id);
  for (const auto& [id, order] : view.orders().open())
    if (view.mine(order) && awaits_answer(order.status)) awaited_[id] = {};
}

void Link::change(LinkState state, std::string_view why) {
  state_ = state;
  LinkChanged changed;
  changed.broker = pen_.outside().self();
  changed.state = state;
  pen_.report(changed, why);
}

void Link::connected() {
  if (up()) return;
  down_since_.reset();
  doubts_.clear();
  mismatches_.clear();
  question_deadline_.reset();
  again_ = true;
  retry_at_ = {};
  change(LinkState::reconciling, "connected");
  if (!asks_) change(LinkState::armed, "the venue cannot be asked what it holds");
}

void Link::disconnected(std::string_view why) {
  if (!up()) return;
  down_since_ = pen_.outside().now();
  question_deadline_.reset();
  // What was on the way either arrived or did not.
  std::vector<ClOrdId> lost;
  for (const auto& [id, order] : pen_.view().orders().open())
    if (pen_.view().mine(order) && awaits_answer(order.status)) lost.push_back(id);
  for (const ClOrdId id : lost) pen_.report(OrderUnknown{id}, why);
  awaited_.clear();
  change(LinkState::down, why);
}

Time Link::tick(FactBlotter& blotter) {
  const Time now = pen_.outside().now();
  if (!down_since_ && !up()) down_since_ = now;
  if (!up()) return kNever;
  look_at_overdue(now);
  if (!asks_) return next_time();
  if (question_deadline_ && now >= *question_deadline_) {
    question_deadline_.reset();
    again_ = true;
    change(LinkState::reconciling, "the venue did not say in time what it holds");
  }
  if (!question_deadline_) ask(blotter, now);
  return next_time();
}

void Link::look_at_overdue(Time now) {
  for (auto at = awaited_.begin(); at != awaited_.end();) {
    const Order* order = pen_.view().orders().find(at->first);
    const bool open = order != nullptr && awaits_answer(order->status);
    if (open && now - at->second < intervals_.answer_within) {
      ++at;
      continue;
    }
    const auto [id, since] = *at;
    at = awaited_.erase(at);
    if (!open) continue;
    const auto waited = std::to_string(intervals_.answer_within.count() / 1'000'000);
    pen_.report(OrderUnknown{id}, since == Time{} ? "released before this life of the broker began"
                                                  : "no answer within " + waited + " ms");
    by_name_.insert(id);
    next_in_flight_ = now;
  }
}

void Link::ask(FactBlotter& blotter, Time now) {
  VenueQuestion question;
  const bool whole = again_ && now >= retry_at_;
  question.open_orders = whole || (armed() && now >= next_orders_);
  question.positions = asks_positions_ && (whole || (armed() && now >= next_positions_));
  question.balances = whole || (armed() && now >= next_balances_);
  // Positions mean nothing without the fills that lead to them.
  question.fills = question.open_orders || question.positions || question.balances;
  const bool named = whole || now >= next_in_flight_;
  if (named) {
    std::set<ClOrdId> names = by_name_;
    names.insert(pen_.view().unknown().begin(), pen_.view().unknown().end());
    names.insert(in_doubt_.begin(), in_doubt_.end());
    for (const ClOrdId id : names)
      if (const Order* order = pen_.view().orders().find(id)) question.orders.push_back(order->working());
    question.fills |= !question.orders.empty();
  }
  next_in_flight_ = std::max(next_in_flight_, named ? now + intervals_.in_flight : now);
  if (!question.open_orders && !question.positions && !question.balances && question.orders.empty()) return;
  if (question.open_orders) next_orders_ = now + intervals_.orders;
  if (question.positions) next_positions_ = now + intervals_.positions;
  if (question.balances) next_balances_ = now + intervals_.balances;
  question.number = ++question_;
  question.fills_after = fills_up_to_;
  question_deadline_ = now + intervals_.answer_within;
  plugin_.ask(question, blotter);
}

void Link::hear(const VenueStatement& statement) {
  if (!up() || !question_deadline_ || statement.question != question_) return;
  question_deadline_.reset();
  const Time now = pen_.outside().now();
  by_name_.clear();
  if (statement.fills)
    for (const VenueFill& fill : *statement.fills) fills_up_to_ = std::max(fills_up_to_, fill.exec_id);
  const Reconciliation found = reconcile(pen_.view().book(), statement);
  write(found);
  bool pending = weigh_missing(found, now);
  pending |= weigh_orders(found, now);
  if (statement.positions) pending |= weigh_positions(found);
  if (statement.balances && !pending) compare_balances(statement);
  settle(statement, pending, found.corrections.size(), now);
}

bool Link::is_whole(const VenueStatement& statement) const {
  return statement.open && statement.fills && (statement.positions || !asks_positions_);
}

void Link::settle(const VenueStatement& statement, bool pending, std::size_t corrections, Time now) {
  const bool whole = is_whole(statement);
  again_ = pending || (again_ && !whole);
  if (again_) retry_at_ = now + intervals_.patience / (kDenials + 1);
  if (!pending) doubts_.clear();
  const bool arms = !pending && whole && !armed();
  if (corrections != 0 || arms) {
    Reconciled done;
    done.broker = pen_.outside().self();
    done.corrections = static_cast<std::uint32_t>(corrections);
    done.differences = static_cast<std::uint32_t>(pen_.view().unexplained().size() + pen_.view().missing().size());
    done.orders = static_cast<std::uint32_t>(statement.open ? statement.open->size() : 0);
    done.fills_up_to = fills_up_to_;
    pen_.report(done);
  }
  if (!arms) return;
  change(LinkState::armed, asks_positions_ ? "the books agree" : "the books agree; the venue tells no positions");
}

void Link::was_sent(const OrderTerms& terms) {
  pen_.release(OrderSent{terms, pen_.outside().now()}, terms.cl_ord_id);
  in_doubt_.erase(terms.cl_ord_id);
  repeats_.erase(terms.cl_ord_id);
}

void Link::write(const Reconciliation& found) {
  for (const Correction& correction : found.corrections)
    std::visit(
        [&](const auto& what) {
          using E = std::decay_t<decltype(what)>;
          if constexpr (std::is_same_v<E, OrderSent>) {
            was_sent(what.terms);
          } else {
            pen_.report(what, correction.text);
          }
        },
        correction.what);
}

bool Link::weigh_missing(const Reconciliation& found, Time now) {
  bool pending = !found.absent.empty();
  by_name_.insert(found.absent.begin(), found.absent.end());
  for (const ClOrdId id : found.not_found) {
    if (in_doubt_.erase(id) != 0) {
      repeats_.insert(id);  // It never arrived, or is still on the way: the same id makes it one order.
      continue;
    }
    if (pen_.view().missing().contains(id)) continue;
    if (doubted_enough(id, now)) {
      conclude_missing(id, now);
      continue;
    }
    by_name_.insert(id);
    pending = true;
  }
  return pending;
}

bool Link::weigh_orders(const Reconciliation& found, Time now) {
  bool pending = false;
  for (const Difference& difference : found.differences) {
    const ClOrdId id = difference.cl_ord_id;
    if (difference.kind != DifferenceKind::order || pen_.view().missing().contains(id)) continue;
    // A fill may be on its way; the next comparison has it, or the position differs as well.
    by_name_.insert(id);
    if (doubted_enough(id, now)) differ(difference);
    else pending = true;
  }
  return pending;
}

bool Link::doubted_enough(ClOrdId id, Time now) {
  Doubt& doubt = doubts_[id];
  if (doubt.asked == 0) doubt.since = now;
  return ++doubt.asked >= kDenials && now - doubt.since >= intervals_.patience / 2;
}

void Link::conclude_missing(ClOrdId id, Time now) {
  const Doubt& doubt = doubts_[id];
  const Order* order = pen_.view().orders().find(id);
  if (order == nullptr) return;
  const std::string asked = "the venue does not know it, asked " + std::to_string(doubt.asked) + " times over " +
                            std::to_string((now - doubt.since).count() / 1'000'000) + " ms";
  if (order->venue_order_id == 0 && order->cum_qty.is_zero()) {
    pen_.report(OrderRejected{id}, asked);
  } else {
    // Should the venue speak of it again, it is acknowledged anew, and missing no longer.
    if (order->status != OrdStatus::unknown) pen_.report(OrderUnknown{id}, asked);
    differ({DifferenceKind::order, order->terms.instrument, id, order->cum_qty, {},
            "the venue had acknowledged it before: " + asked});
  }
}

bool Link::weigh_positions(const Reconciliation& found) {
  bool pending = false;
  std::set<InstrumentId> wrong;
  for (const Difference& difference : found.differences) {
    if (difference.kind != DifferenceKind::position) continue;
    wrong.insert(difference.instrument);
    const auto known = pen_.view().unexplained().find(difference.instrument);
    if (known != pen_.view().unexplained().end() && known->second == difference.theirs - difference.ours) continue;
    if (++mismatches_[difference.instrument] < kDenials) pending = true;
    else differ(difference);
  }
  std::erase_if(mismatches_, [&](const auto& one) { return !wrong.contains(one.first); });
  std::vector<InstrumentId> explained;
  for (const auto& [instrument, difference] : pen_.view().unexplained())
    if (!wrong.contains(instrument)) explained.push_back(instrument);
  for (const InstrumentId instrument : explained) {
    const auto held = pen_.view().account().find(instrument);
    const Quantity agreed = held == pen_.view().account().end() ? Quantity{} : held->second;
    report({DifferenceKind::position, instrument, {}, agreed, agreed, "the books agree again"});
  }
  return pending;
}

void Link::differ(const Difference& difference) {
  report(difference);
  if (difference.instrument.value != 0) pen_.halt(difference.instrument, difference.evidence);
}

void Link::report(const Difference& difference) {
  DifferenceFound event;
  event.broker = pen_.outside().self();
  event.kind = difference.kind;
  event.instrument = difference.instrument;
  event.cl_ord_id = difference.cl_ord_id;
  event.ours = difference.ours;
  event.theirs = difference.theirs;
  pen_.report(event, difference.evidence);
}

/// What the account had before our first fill is not known; that it changes by our fills alone is checked.
void Link::compare_balances(const VenueStatement& statement) {
  std::map<std::string, Money> ours;
  for (const auto& [id, cash] : pen_.view().cash())
    if (const Instrument* instrument = instruments_.find(id)) ours[instrument->currency] += cash;
  for (const VenueBalance& balance : *statement.balances) {
    const auto& opening = pen_.view().opening();
    const auto known = opening.find(balance.currency);
    const Money expected = ours[balance.currency] + (known == opening.end() ? Money{} : known->second);
    if (known != opening.end() && balance.amount == expected) continue;
    const std::string told = balance.amount.str();
    const std::string evidence = known == opening.end()
                                     ? " is opened with " + told
                                     : " is " + told + " at the venue, and our fills lead to " + expected.str();
    differ({DifferenceKind::balance, {}, {}, Quantity::from_raw(ours[balance.currency].raw()),
            Quantity::from_raw(balance.amount.raw()), balance.currency + evidence});
  }
}

Time Link::next_time() const {
  Time next = kNever;
  const auto at_most = [&](Time t) { next = std::min(next, t); };
  for (const auto& [id, since] : awaited_) at_most(since + intervals_.answer_within);
  if (!asks_) return next;
  if (question_deadline_) {
    at_most(*question_deadline_);
    return next;
  }
  if (again_) at_most(retry_at_);
  if (!armed()) return next;
  at_most(next_orders_);
  if (asks_positions_) at_most(next_positions_);
  at_most(next_balances_);
  if (!pen_.view().unknown().empty()) at_most(next_in_flight_);
  return next;
}

}  // namespace holdfast::broker
