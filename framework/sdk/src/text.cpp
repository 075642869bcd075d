// What values are called where people read them.
#include <chrono>
#include <cstdio>
#include <holdfast/sdk/lifecycle.hpp>
#include <holdfast/sdk/notifier.hpp>

namespace holdfast {

std::string_view to_string(EventType type) {
  switch (type) {
    case EventType::quote: return "Quote";
    case EventType::trade: return "Trade";
    case EventType::book_level: return "BookLevel";
    case EventType::book_clear: return "BookClear";
    case EventType::bad_tick: return "BadTick";
    case EventType::time_advanced: return "TimeAdvanced";
    case EventType::order_intent: return "OrderIntent";
    case EventType::order_approved: return "OrderApproved";
    case EventType::order_denied: return "OrderDenied";
    case EventType::order_sent: return "OrderSent";
    case EventType::order_acknowledged: return "OrderAcknowledged";
    case EventType::order_filled: return "OrderFilled";
    case EventType::order_cancelled: return "OrderCancelled";
    case EventType::order_expired: return "OrderExpired";
    case EventType::order_rejected: return "OrderRejected";
    case EventType::cancel_intent: return "CancelIntent";
    case EventType::cancel_sent: return "CancelSent";
    case EventType::cancel_rejected: return "CancelRejected";
    case EventType::order_replaced: return "OrderReplaced";
    case EventType::order_unknown: return "OrderUnknown";
    case EventType::order_adopted: return "OrderAdopted";
    case EventType::fill_busted: return "FillBusted";
    case EventType::replace_intent: return "ReplaceIntent";
    case EventType::replace_approved: return "ReplaceApproved";
    case EventType::replace_denied: return "ReplaceDenied";
    case EventType::replace_sent: return "ReplaceSent";
    case EventType::replace_rejected: return "ReplaceRejected";
    case EventType::order_routed: return "OrderRouted";
    case EventType::position_adjusted: return "PositionAdjusted";
    case EventType::strategy_removed: return "StrategyRemoved";
    case EventType::order_handed_over: return "OrderHandedOver";
    case EventType::share_booked: return "ShareBooked";
    case EventType::link_changed: return "LinkChanged";
    case EventType::reconciled: return "Reconciled";
    case EventType::difference_found: return "DifferenceFound";
    case EventType::difference_accepted: return "DifferenceAccepted";
    case EventType::instrument_changed: return "InstrumentChanged";
    case EventType::fill_booked: return "FillBooked";
    case EventType::checkpoint_signed: return "CheckpointSigned";
    case EventType::alert_sent: return "AlertSent";
    case EventType::system_started: return "SystemStarted";
    case EventType::system_restored: return "SystemRestored";
    case EventType::system_stopped: return "SystemStopped";
    case EventType::actor_declared: return "ActorDeclared";
    case EventType::actor_started: return "ActorStarted";
    case EventType::actor_failed: return "ActorFailed";
    case EventType::actor_stopped: return "ActorStopped";
    case EventType::actor_parked: return "ActorParked";
    case EventType::instrument_defined: return "InstrumentDefined";
    case EventType::latch_engaged: return "LatchEngaged";
    case EventType::latch_released: return "LatchReleased";
    case EventType::feed_ended: return "FeedEnded";
    case EventType::market_pruned: return "MarketPruned";
  }
  return "unknown";
}

std::string_view to_string(TickFlaw flaw) {
  switch (flaw) {
    case TickFlaw::none: return "none";
    case TickFlaw::crossed: return "crossed";
    case TickFlaw::locked: return "locked";
    case TickFlaw::out_of_order: return "out_of_order";
    case TickFlaw::zero: return "zero";
    case TickFlaw::not_a_number: return "not_a_number";
  }
  return "unknown";
}

std::string_view to_string(Side side) {
  switch (side) {
    case Side::buy: return "buy";
    case Side::sell: return "sell";
  }
  return "unknown";
}

std::string_view to_string(OrdType type) {
  switch (type) {
    case OrdType::market: return "market";
    case OrdType::limit: return "limit";
    case OrdType::stop: return "stop";
    case OrdType::stop_limit: return "stop_limit";
  }
  return "unknown";
}

std::string_view to_string(TimeInForce tif) {
  switch (tif) {
    case TimeInForce::day: return "day";
    case TimeInForce::gtc: return "gtc";
    case TimeInForce::ioc: return "ioc";
    case TimeInForce::fok: return "fok";
    case TimeInForce::gtd: return "gtd";
  }
  return "unknown";
}

std::string_view to_string(LinkState state) {
  switch (state) {
    case LinkState::down: return "down";
    case LinkState::reconciling: return "reconciling";
    case LinkState::armed: return "armed";
  }
  return "unknown";
}

std::string_view to_string(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::order: return "order";
    case DifferenceKind::position: return "position";
    case DifferenceKind::balance: return "balance";
  }
  return "unknown";
}

std::string_view to_string(Removal removal) {
  switch (removal) {
    case Removal::none: return "none";
    case Removal::cancel: return "cancel";
    case Removal::flatten: return "flatten";
    case Removal::hand_over: return "hand_over";
  }
  return "unknown";
}

std::string_view to_string(TradingStatus status) {
  switch (status) {
    case TradingStatus::open: return "open";
    case TradingStatus::halted: return "halted";
    case TradingStatus::closed: return "closed";
    case TradingStatus::expired: return "expired";
  }
  return "unknown";
}

std::string_view to_string(LatchLevel level) {
  switch (level) {
    case LatchLevel::active: return "ACTIVE";
    case LatchLevel::reducing: return "REDUCING";
    case LatchLevel::halted: return "HALTED";
  }
  return "unknown";
}

std::string_view to_string(LatchScope scope) {
  switch (scope) {
    case LatchScope::system: return "system";
    case LatchScope::strategy: return "strategy";
    case LatchScope::instrument: return "instrument";
  }
  return "unknown";
}

std::string_view to_string(Alert::Severity severity) {
  switch (severity) {
    case Alert::Severity::info: return "info";
    case Alert::Severity::warning: return "warning";
    case Alert::Severity::critical: return "critical";
  }
  return "unknown";
}

std::string Time::str() const {
  using namespace std::chrono;
  constexpr std::int64_t kSecond = 1'000'000'000;
  // Split by hand: the start of the first representable day is itself not representable.
  std::int64_t rest = ns % kSecond;
  if (rest < 0) rest += kSecond;
  const seconds whole{ns / kSecond - (ns % kSecond < 0 ? 1 : 0)};
  const auto day = floor<days>(whole);
  const year_month_day date{sys_days{day}};
  const hh_mm_ss clock{whole - day};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%09dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(rest));
  return text;
}

}  // namespace holdfast
