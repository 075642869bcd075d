#include "embed/event_json.hpp"
#include "embed/json.hpp"

namespace holdfast {

namespace {

Json orders_json(const SystemRecord& record) {
  Json out = Json::array();
  for (const auto& [id, order] : record.orders().open()) {
    const OrderTerms& terms = order.terms;
    Json one{{"order", order_name(id, record)},
             {"owner", order.owner().value == 0 ? "external" : record.actor_name(order.owner())},
             {"instrument", record.symbol(terms.instrument)},
             {"side", to_string(terms.side)},
             {"type", to_string(terms.type)},
             {"tif", to_string(terms.tif)},
             {"quantity", terms.quantity.str()},
             {"price", has_limit(terms.type) ? terms.price.str() : ""},
             {"stop_px", has_stop(terms.type) ? terms.stop_px.str() : ""},
             {"cum_qty", order.cum_qty.str()},
             {"leaves_qty", order.leaves_qty.str()},
             {"status", to_string(order.status)},
             {"cancel_requested", order.cancel_requested != 0},
             {"venue_order_id", order.venue_order_id},
             {"venue_cl_ord_id", order.venue_cl_ord_id},
             {"broker", terms.broker.value == 0 ? "" : record.actor_name(terms.broker)},
             {"since", order.intent_time.str()}};
    out.push_back(std::move(one));
  }
  return out;
}

Json accounts_json(const SystemRecord& record) {
  Json out = Json::array();
  for (const auto& [key, quantity] : record.accounts())
    if (!quantity.is_zero())
      out.push_back({{"broker", record.actor_name(ActorId{key.first})},
                     {"instrument", record.symbol(InstrumentId{key.second})},
                     {"position", quantity.str()}});
  return out;
}

Json shares_json(const SystemRecord& record) {
  Json out = Json::array();
  for (const auto& [key, holding] : record.holdings()) {
    const auto instrument = record.instruments().find(key.second);
    out.push_back({{"owner", key.first == 0 ? "external" : record.actor_name(ActorId{key.first})},
                   {"instrument", record.symbol(InstrumentId{key.second})},
                   {"currency", instrument == record.instruments().end() ? "" : instrument->second.currency},
                   {"position", holding.position.str()},
                   {"realized", holding.realized.str()},
                   {"fees", holding.fees.str()},
                   {"fills", holding.fills}});
  }
  return out;
}

Json links_json(const SystemRecord& record) {
  Json out = Json::array();
  for (const auto& [broker, link] : record.links())
    out.push_back({{"broker", record.actor_name(ActorId{broker})},
                   {"state", to_string(link.standing)},
                   {"why", link.why},
                   {"since", link.since.str()},
                   {"reconciled", link.reconciled == Time{} ? "" : link.reconciled.str()},
                   {"corrections", link.corrections}});
  return out;
}

Json differences_json(const SystemRecord& record) {
  Json out = Json::array();
  for (const auto& [broker, differences] : record.differences())
    for (const auto& found : differences)
      out.push_back({{"broker", record.actor_name(ActorId{broker})},
                     {"kind", to_string(found.kind)},
                     {"instrument", record.symbol(found.instrument)},
                     {"order", found.order.value == 0 ? "" : order_name(found.order, record)},
                     {"ours", found.ours.str()},
                     {"theirs", found.theirs.str()},
                     {"evidence", found.evidence},
                     {"since", found.since.str()}});
  return out;
}

Json balances_json(const SystemRecord& record) {
  Json out = Json::array();
  for (const auto& [key, balance] : record.balances())
    out.push_back({{"broker", record.actor_name(ActorId{key.first})},
                   {"currency", key.second},
                   {"ours", balance.ours.str()},
                   {"theirs", balance.theirs.str()},
                   {"evidence", balance.evidence},
                   {"since", balance.since.str()}});
  return out;
}

}  // namespace

Json book_json(const SystemRecord& record) {
  return {{"schema", "holdfast.book/1"},
          {"running", true},
          {"orders", orders_json(record)},
          {"positions", shares_json(record)},
          {"accounts", accounts_json(record)},
          {"links", links_json(record)},
          {"differences", differences_json(record)},
          {"balances", balances_json(record)}};
}

}  // namespace holdfast
