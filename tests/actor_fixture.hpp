#pragma once

#include <functional>
#include <holdfast/testkit/bench.hpp>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "plugin_fixture.hpp"

/// Built actors with built plugins in their slots, on a bench.
namespace holdfast::test {

using testkit::Bench;

/// Finds what a slot names among the built plugins.
class BuiltPlugins final : public PluginSource {
 public:
  std::shared_ptr<void> make(std::string_view kind, std::string_view name, const Setting& settings,
                             const PluginContext& where, Problems& problems) override {
    return manifest(std::string{kind}, std::string{name}).make(settings, where, problems);
  }
};

inline constexpr InstrumentId kBtc{1}, kEth{2};

/// Hands out one object of the test's own, whatever a slot names.
template <class Contract>
class Scripted final : public PluginSource {
 public:
  explicit Scripted(std::function<std::shared_ptr<Contract>()> make) : make_{std::move(make)} {}
  std::shared_ptr<void> make(std::string_view, std::string_view, const Setting&, const PluginContext& where,
                             Problems&) override {
    where.used->insert(kBtc);
    return make_();
  }

 private:
  std::function<std::shared_ptr<Contract>()> make_;
};

/// How to make the actor anew, as often as a bench restarts it.
inline Bench::Make actor(const std::string& name, const Setting& settings, ActorId self = {1},
                         std::shared_ptr<PluginSource> plugins = std::make_shared<BuiltPlugins>(),
                         std::shared_ptr<Notary> notary = nullptr) {
  return [=] {
    PluginContext where = context(instruments({"BTC", "ETH"}));
    where.id = self;
    where.plugins = plugins.get();
    where.notary = notary;
    return load<Actor>(name, settings, where);
  };
}

/// `{plugin: name, fields…}`.
inline Setting slot(const std::string& name, std::vector<std::pair<std::string, Written>> fields = {}) {
  fields.insert(fields.begin(), {"plugin", Written{name}});
  return map(std::move(fields));
}

inline Price price(const char* text) { return *Price::parse(text); }
inline Quantity quantity(const char* text) { return *Quantity::parse(text); }

inline Quote quote(const char* bid, const char* ask, const char* size = "1", InstrumentId id = kBtc,
                   Time at = {}) {
  Quote q;
  q.instrument = id;
  q.bid = price(bid);
  q.ask = price(ask);
  q.bid_size = q.ask_size = quantity(size);
  q.venue_time = at;
  return q;
}

inline Trade trade(const char* at, const char* size, InstrumentId id = kBtc) {
  Trade t;
  t.instrument = id;
  t.price = price(at);
  t.quantity = quantity(size);
  return t;
}

inline BookLevel level(Side side, const char* at, const char* size, bool last = true) {
  BookLevel l;
  l.instrument = kBtc;
  l.side = side;
  l.last = last ? 1 : 0;
  l.price = price(at);
  l.quantity = quantity(size);
  return l;
}

inline InstrumentChanged instrument_is(TradingStatus status, InstrumentId id = kBtc) {
  InstrumentChanged changed{};
  changed.instrument = id;
  changed.status = status;
  return changed;
}

/// Terms of an order by `owner`; without a price it is a market order.
inline OrderTerms order(ActorId owner, std::uint64_t counter, Side side, const char* size,
                        const char* limit = "", TimeInForce tif = TimeInForce::gtc) {
  OrderTerms t;
  t.cl_ord_id = ClOrdId::make(owner, counter);
  t.instrument = kBtc;
  t.side = side;
  t.type = *limit != '\0' ? OrdType::limit : OrdType::market;
  t.tif = *limit != '\0' ? tif : TimeInForce::ioc;
  t.quantity = quantity(size);
  if (*limit != '\0') t.price = price(limit);
  return t;
}

inline OrderFilled fill(const OrderTerms& terms, std::uint64_t exec, const char* at, const char* size,
                        const char* cum, const char* leaves) {
  OrderFilled f;
  f.cl_ord_id = terms.cl_ord_id;
  f.exec_id = exec;
  f.instrument = terms.instrument;
  f.side = terms.side;
  f.last_px = price(at);
  f.last_qty = quantity(size);
  f.cum_qty = quantity(cum);
  f.leaves_qty = quantity(leaves);
  return f;
}

}  // namespace holdfast::test
