#include "market_data.hpp"

#include <algorithm>

namespace holdfast::venue {

namespace {

constexpr std::size_t kFullDepth = 100;
/// How far behind a stale snapshot is.
constexpr std::uint64_t kStaleBy = 5;

/// MDReqRejReason (281).
constexpr char kUnknownSymbol = '0', kDuplicateId = '1', kUnsupportedType = '4', kUnsupportedEntry = '8';

fix::Message refusal(const std::string& id, char reason, const std::string& text) {
  fix::Message m{"Y"};
  return m.set(tag::MDReqID, id).set(tag::MDReqRejReason, reason).set(tag::Text, text);
}

fix::Entry entry_of(char type, const std::string& symbol, Price price, Quantity size) {
  return {{tag::MDEntryType, std::string(1, type)}, {tag::Symbol, symbol}, {tag::MDEntryPx, price.str()}, {tag::MDEntrySize, size.str()}};
}

/// MDUpdateAction (279) leads an entry of X.
void add_change(fix::Message& message, char action, fix::Entry entry, std::uint64_t seq) {
  entry.insert(entry.begin(), {tag::MDUpdateAction, std::string(1, action)});
  entry.push_back({tag::RptSeq, std::to_string(seq)});
  message.add(tag::NoMDEntries, std::move(entry));
}

/// What makes `after` of `before`, by price.
void add_changes(fix::Message& message, char type, const std::string& symbol, const std::vector<Book::Level>& before,
                 const std::vector<Book::Level>& after, std::uint64_t seq) {
  const auto at = [](const std::vector<Book::Level>& levels, Price price) {
    return std::find_if(levels.begin(), levels.end(), [&](const Book::Level& l) { return l.price == price; });
  };
  for (const auto& level : before)
    if (at(after, level.price) == after.end()) add_change(message, '2', entry_of(type, symbol, level.price, level.quantity), seq);
  for (const auto& level : after) {
    const auto was = at(before, level.price);
    if (was != before.end() && was->quantity == level.quantity) continue;
    add_change(message, was == before.end() ? '0' : '1', entry_of(type, symbol, level.price, level.quantity), seq);
  }
}

}  // namespace

MarketData::View MarketData::view_of(const Exchange& exchange, const Subscription& to) const {
  View view;
  if (to.bids) view.bids = exchange.levels(to.symbol, Side::buy, to.depth);
  if (to.offers) view.offers = exchange.levels(to.symbol, Side::sell, to.depth);
  return view;
}

fix::Message MarketData::snapshot(const Subscription& to, const View& view, const Exchange& exchange, std::uint64_t seq, Time now) {
  fix::Message m{"W"};
  m.set(tag::MDReqID, to.id).set(tag::Symbol, to.symbol).set(tag::RptSeq, seq);
  const auto add = [&](char type, Price price, Quantity size) {
    fix::Entry entry = entry_of(type, to.symbol, price, size);
    entry.erase(entry.begin() + 1);  // Its symbol is that of the message.
    m.add(tag::NoMDEntries, std::move(entry));
  };
  for (const auto& level : view.bids) add('0', level.price, level.quantity);
  for (const auto& level : view.offers) add('1', level.price, level.quantity);
  const auto trades = to.trades ? exchange.trades_after(to.symbol, 0) : std::vector<PublicTrade>{};
  if (!trades.empty()) add('2', trades.back().price, trades.back().quantity);
  if (m.entries(tag::NoMDEntries).empty()) m.add(tag::NoMDEntries, {{tag::MDEntryType, "J"}});  // An empty book.
  return m;
}

void MarketData::request(const std::string& session, const fix::Message& message, const Exchange& exchange, bool stale, Time now,
                         std::vector<Outgoing>& out) {
  Subscription wanted;
  wanted.session = session;
  wanted.id = fix::text(message, tag::MDReqID);
  const auto refuse = [&](char reason, const std::string& text) { out.push_back({session, refusal(wanted.id, reason, text), false}); };
  const auto ours = [&](const Subscription& s) { return s.session == session && s.id == wanted.id; };
  const char type = fix::character(message, tag::SubscriptionRequestType).value_or('?');
  if (type == '2') return void(std::erase_if(subscriptions_, ours));
  if (type != '0' && type != '1') return refuse(kUnsupportedType, "SubscriptionRequestType is 0, 1 or 2");
  if (std::any_of(subscriptions_.begin(), subscriptions_.end(), ours)) return refuse(kDuplicateId, "this MDReqID is in use");
  const auto depth = fix::integer(message, tag::MarketDepth).value_or(0);
  wanted.depth = depth <= 0 ? kFullDepth : std::min(kFullDepth, static_cast<std::size_t>(depth));
  for (const auto& entry : message.entries(tag::NoMDEntryTypes)) {
    const char kind = fix::character(entry, tag::MDEntryType).value_or('?');
    if (kind != '0' && kind != '1' && kind != '2') return refuse(kUnsupportedEntry, "MDEntryType is 0, 1 or 2");
    (kind == '0' ? wanted.bids : kind == '1' ? wanted.offers : wanted.trades) = true;
  }
  std::vector<std::string> symbols;
  for (const auto& entry : message.entries(tag::NoRelatedSym)) symbols.push_back(fix::text(entry, tag::Symbol));
  for (const auto& symbol : symbols)
    if (exchange.records().listing(symbol) == nullptr) return refuse(kUnknownSymbol, "there is no instrument " + symbol);
  for (const auto& symbol : symbols) {
    Subscription one = wanted;
    one.symbol = symbol;
    one.shown = view_of(exchange, one);
    one.updates = exchange.updates(symbol);
    const auto trades = exchange.trades_after(symbol, 0);
    one.trade = trades.empty() ? 0 : trades.back().number;
    one.seq = kStaleBy + 1;
    const auto first = first_.try_emplace(symbol, one.shown).first;
    out.push_back({session, snapshot(one, stale ? first->second : one.shown, exchange, stale ? one.seq - kStaleBy : one.seq, now), false});
    if (type == '1') subscriptions_.push_back(std::move(one));
  }
}

void MarketData::drop(const std::string& session) {
  std::erase_if(subscriptions_, [&](const Subscription& s) { return s.session == session; });
}

void MarketData::publish(const Exchange& exchange, Time now, std::vector<Outgoing>& out) {
  for (Subscription& to : subscriptions_) {
    const std::uint64_t updates = exchange.updates(to.symbol);
    if (updates == to.updates) continue;
    to.updates = updates;
    changes(to, exchange, now, out);
  }
}

void MarketData::changes(Subscription& to, const Exchange& exchange, Time now, std::vector<Outgoing>& out) {
  View view = view_of(exchange, to);
  fix::Message m{"X"};
  m.set(tag::MDReqID, to.id);
  if (to.trades)
    for (const auto& trade : exchange.trades_after(to.symbol, to.trade)) {
      fix::Entry entry = entry_of('2', to.symbol, trade.price, trade.quantity);
      entry.push_back({tag::MDEntryDate, fix::timestamp(trade.time).substr(0, 8)});
      entry.push_back({tag::MDEntryTime, fix::timestamp(trade.time).substr(9)});
      entry.push_back({tag::Side, std::to_string(static_cast<int>(trade.aggressor))});
      add_change(m, '0', std::move(entry), to.seq + 1);
      to.trade = trade.number;
    }
  add_changes(m, '0', to.symbol, to.shown.bids, view.bids, to.seq + 1);
  add_changes(m, '1', to.symbol, to.shown.offers, view.offers, to.seq + 1);
  to.shown = std::move(view);
  if (m.entries(tag::NoMDEntries).empty()) return;
  ++to.seq;
  out.push_back({to.session, std::move(m), false});
}

}  // namespace holdfast::venue
