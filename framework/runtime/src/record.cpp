#include <holdfast/runtime/record.hpp>

#include <utility>

namespace holdfast {

std::vector<std::string> tail_lines(std::string_view tail) {
  std::vector<std::string> lines;
  while (true) {
    const auto end = tail.find('\n');
    lines.emplace_back(tail.substr(0, end));
    if (end == std::string_view::npos) return lines;
    tail.remove_prefix(end + 1);
  }
}

void SystemRecord::hear_market(std::span<const std::byte> stretch) {
  for_each_event(stretch, [&](const Event& event) {
    ++counts_.events;
    counts_.ticks += event.type() <= EventType::book_level;
    counts_.bad_ticks += event.type() == EventType::bad_tick;
  });
}

void SystemRecord::hear(const Event& event, Stage&) {
  if (stream_of(event.type()) == Stream::market) return hear_market(event.bytes());
  ++counts_.events;
  hear_shares(event, hear_order(event));
  hear_venue(event);
  switch (event.type()) {
    case EventType::order_intent: ++counts_.orders; return;
    case EventType::order_denied: ++counts_.denied; return;
    case EventType::order_filled: ++counts_.fills; return;
    case EventType::fill_booked: {
      const auto& booked = event.as<FillBooked>();
      auto& holding = holdings_[{orders_.owner(booked.cl_ord_id).value, booked.instrument.value}];
      holding.cash += booked.cash;
      holding.realized += booked.realized;
      holding.fees += booked.fee;
      booked.busted != 0 ? --holding.fills : ++holding.fills;
      return;
    }
    case EventType::share_booked: {
      const auto& booked = event.as<ShareBooked>();
      holdings_[{booked.to.value, booked.instrument.value}].realized += booked.realized;
      return;
    }
    default:
      if (is_lifecycle(event.type())) hear_lifecycle(event);
  }
}

void SystemRecord::hear_shares(const Event& event, bool legal) {
  const auto share = [&](ActorId owner, InstrumentId instrument) -> Quantity& {
    return holdings_[{owner.value, instrument.value}].position;
  };
  if (const auto moved = position_change(event); moved && legal)
    share(orders_.owner(*order_of(event)), moved->instrument) += moved->quantity;
  if (event.type() == EventType::position_adjusted) {
    const auto& adjusted = event.as<PositionAdjusted>();
    share(adjusted.owner, adjusted.instrument) += adjusted.change;
  }
  if (event.type() != EventType::strategy_removed) return;
  const auto& removed = event.as<StrategyRemoved>();
  if (removed.what == Removal::none) removed_.erase(removed.strategy.value);
  else removed_[removed.strategy.value] = {removed.what, removed.heir};
  if (removed.what != Removal::hand_over) return;
  for (auto& [key, holding] : holdings_)
    if (key.first == removed.strategy.value)
      share(removed.heir, InstrumentId{key.second}) += std::exchange(holding.position, {});
}

bool SystemRecord::hear_order(const Event& event) {
  const auto change = orders_.hear(event);
  if (change.order == nullptr || !change.legal) return change.legal;
  if (event.type() == EventType::order_sent) ++counts_.sent;
  switch (change.order->status) {
    case OrdStatus::filled: ++counts_.filled; break;
    case OrdStatus::cancelled: ++counts_.cancelled; break;
    case OrdStatus::expired: ++counts_.expired; break;
    case OrdStatus::rejected: ++counts_.rejected; break;
    default: break;
  }
  return true;
}

/// Whether a difference about an order is none any more: it has ended, or the venue has spoken of it again.
static bool settles(EventType type, bool ended) {
  return ended || type == EventType::order_acknowledged || type == EventType::order_filled || type == EventType::fill_busted;
}

void SystemRecord::hear_venue(const Event& event) {
  const std::uint16_t author = event.author().value;
  const auto forget = [&](const auto& which) {
    if (const auto found = differences_.find(author); found != differences_.end() && std::erase_if(found->second, which) != 0 && found->second.empty())
      differences_.erase(found);
  };
  if (const auto moved = position_change(event)) accounts_[{author, moved->instrument.value}] += moved->quantity;
  switch (event.type()) {
    case EventType::link_changed: {
      Link& link = links_[author];
      link.standing = event.as<LinkChanged>().state;
      link.why = event.tail<LinkChanged>();
      link.since = event.time();
      return;
    }
    case EventType::reconciled:
      links_[author].reconciled = event.time();
      links_[author].corrections += event.as<Reconciled>().corrections;
      return;
    case EventType::difference_found: {
      const auto& found = event.as<DifferenceFound>();
      if (found.kind == DifferenceKind::balance) return hear_balance(event);
      forget([&](const Difference& d) { return d.instrument == found.instrument && d.order == found.cl_ord_id; });
      if (found.kind == DifferenceKind::position && found.ours == found.theirs) return;  // Explained since.
      differences_[author].push_back({found.kind, found.instrument, found.cl_ord_id, found.ours, found.theirs,
                                      std::string{event.tail<DifferenceFound>()}, event.time()});
      return;
    }
    case EventType::position_adjusted: {
      const auto& adjusted = event.as<PositionAdjusted>();
      accounts_[{author, adjusted.instrument.value}] += adjusted.change;
      forget([&](const Difference& d) { return d.kind == DifferenceKind::position && d.instrument == adjusted.instrument; });
      return;
    }
    default:
      if (const auto id = order_of(event); id && !differences_.empty() && settles(event.type(), orders_.find(*id) == nullptr))
        forget([&](const Difference& d) { return d.kind == DifferenceKind::order && d.order == *id; });
  }
}

void SystemRecord::hear_balance(const Event& event) {
  const auto& found = event.as<DifferenceFound>();
  const std::string evidence{event.tail<DifferenceFound>()};
  balances_[{event.author().value, evidence.substr(0, evidence.find(' '))}] = {
      Money::from_raw(found.ours.raw()), Money::from_raw(found.theirs.raw()), evidence, event.time()};
}

void SystemRecord::hear_lifecycle(const Event& event) {
  latches_.hear(event);
  switch (event.type()) {
    case EventType::system_started: epoch_ = event.as<SystemStarted>().epoch; break;
    case EventType::actor_declared: {
      const auto& declared = event.as<ActorDeclared>();
      auto& entry = actors_[declared.actor.value];
      entry.name = event.tail<ActorDeclared>();
      entry.kind = declared.kind;
      break;
    }
    case EventType::actor_started: {
      const auto& started = event.as<ActorStarted>();
      auto& entry = actors_[started.actor.value];
      entry.incarnation = started.incarnation;
      if (entry.era != started.identity) entry.parked = 0;
      entry.era = started.identity;
      // What its predecessor had said of its venue holds no longer.
      if (const auto link = links_.find(started.actor.value); link != links_.end() && link->second.standing != LinkState::down) {
        link->second.standing = LinkState::down;
        link->second.why = "the broker has begun anew";
        link->second.since = event.time();
      }
      break;
    }
    case EventType::actor_failed: {
      auto& entry = actors_[event.as<ActorFailed>().actor.value];
      ++entry.failures;
      entry.last_failure = event.tail<ActorFailed>();
      break;
    }
    case EventType::actor_parked: {
      auto& entry = actors_[event.as<ActorParked>().actor.value];
      entry.parked = 1;
      entry.last_failure = event.tail<ActorParked>();
      break;
    }
    case EventType::instrument_defined: {
      const auto& defined = event.as<InstrumentDefined>();
      const auto lines = tail_lines(event.tail<InstrumentDefined>());
      auto& entry = instruments_[defined.instrument.value];
      entry.version = defined.version;
      entry.tick = defined.tick;
      entry.lot = defined.lot;
      if (lines.size() == 3) {
        entry.symbol = lines[0];
        entry.currency = lines[1];
        entry.session = lines[2];
      }
      break;
    }
    case EventType::feed_ended: ended_feeds_.insert(event.as<FeedEnded>().feed.value); break;
    default: break;
  }
}

const SystemRecord::ActorEntry* SystemRecord::find(std::string_view name, ActorId* id) const {
  for (const auto& [value, entry] : actors_)
    if (entry.name == name) {
      if (id != nullptr) *id = ActorId{value};
      return &entry;
    }
  return nullptr;
}

std::string SystemRecord::symbol(InstrumentId id) const {
  const auto at = instruments_.find(id.value);
  return at == instruments_.end() ? "instrument " + std::to_string(id.value) : at->second.symbol;
}

std::string SystemRecord::actor_name(ActorId id) const {
  if (id.value == 0) return kName;
  const auto at = actors_.find(id.value);
  return at == actors_.end() ? "actor " + std::to_string(id.value) : at->second.name;
}

}  // namespace holdfast
