#include "listings.hpp"

#include <holdfast/fix/tags.hpp>

namespace holdfast::fix_broker {

namespace tag = fix::tag;

namespace {

template <class Amount>
Amount amount_or_none(const fix::Entry& entry, int field) {
  return fix::amount<Amount>(entry, field).value_or(Amount{});
}

/// FIX SecurityTradingStatus (326); empty for those that say nothing about orders.
std::optional<TradingStatus> status_of(const fix::Message& message) {
  switch (fix::integer(message, tag::SecurityTradingStatus).value_or(0)) {
    case 2: return TradingStatus::halted;
    case 17: return TradingStatus::open;
    case 18: return TradingStatus::closed;
    default: return std::nullopt;
  }
}

}  // namespace

std::vector<fix::Message> Listings::requests(const std::string& token) {
  token_ = token;
  known_.clear();
  std::vector<fix::Message> all;
  all.push_back(fix::Message{"x"}.set(tag::SecurityReqID, token).set(tag::SecurityListRequestType, 4));
  for (const auto& [number, instrument] : instruments_->all()) {
    fix::Message status{"e"};
    status.set(tag::SecurityStatusReqID, token + "-" + std::to_string(number)).set(tag::Symbol, instrument.symbol);
    all.push_back(status.set(tag::SubscriptionRequestType, '1'));
  }
  return all;
}

bool Listings::hear(const fix::Message& message, Blotter& blotter) {
  if (message.type() == "y") {
    if (message.get(tag::SecurityReqID) == std::string_view{token_}) hear_list(message, blotter);
    return true;
  }
  if (message.type() != "f") return false;
  const Instrument* instrument = instruments_->find(std::string_view{fix::text(message, tag::Symbol)});
  const auto status = status_of(message);
  if (instrument == nullptr || !status) return true;
  Known& known = known_[instrument->id];
  known.told.status = *status;
  known.status = true;
  tell(blotter, instrument->id);
  return true;
}

void Listings::refused(std::string_view type, std::string_view id, Blotter& blotter) {
  for (const auto& [number, instrument] : instruments_->all()) {
    if (type == "x" && id == token_) known_[instrument.id].listed = true;
    else if (type == "e" && id == token_ + "-" + std::to_string(number)) known_[instrument.id].status = true;
    else continue;
    tell(blotter, instrument.id);
  }
}

void Listings::hear_list(const fix::Message& list, Blotter& blotter) {
  for (const auto& entry : list.entries(tag::NoRelatedSym)) hear_entry(entry);
  // What is not listed is told without reference data; a list may come in fragments.
  if (fix::boolean(list, tag::LastFragment).value_or(true))
    for (const auto& [number, instrument] : instruments_->all()) known_[instrument.id].listed = true;
  for (const auto& [number, instrument] : instruments_->all()) tell(blotter, instrument.id);
}

void Listings::hear_entry(const fix::Entry& entry) {
  const Instrument* instrument = instruments_->find(std::string_view{fix::text(entry, tag::Symbol)});
  if (instrument == nullptr) return;
  Known& known = known_[instrument->id];
  known.told.tick = amount_or_none<Price>(entry, tag::MinPriceIncrement);
  known.told.lot = amount_or_none<Quantity>(entry, tag::RoundLot);
  known.told.min_qty = amount_or_none<Quantity>(entry, tag::MinTradeVol);
  known.told.max_qty = amount_or_none<Quantity>(entry, tag::MaxTradeVol);
  known.told.min_notional = amount_or_none<Money>(entry, tag::MinNotional);
  known.told.price_band = amount_or_none<Rate>(entry, tag::PriceBand);
  // A day without an hour: it has expired when the day is over.
  const auto day = fix::parse_timestamp(fix::text(entry, tag::MaturityDate) + "-00:00:00");
  known.told.expiry = day ? *day + std::chrono::hours{24} : Time{};
  known.listed = true;
}

/// Half of it would say that the other half is gone.
void Listings::tell(Blotter& blotter, InstrumentId id) {
  Known& known = known_[id];
  if (!known.listed || !known.status) return;
  known.told.instrument = id;
  blotter.instrument(known.told, instruments_->find(id)->symbol);
}

}  // namespace holdfast::fix_broker
