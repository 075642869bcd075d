#include <holdfast/testkit/strategy_bench.hpp>
#include <stdexcept>

#include "hosted.hpp"

/// The actor that hosts strategies, built into this library under another name.
extern "C" const holdfast::PluginManifest* holdfast_strategy_actor();

namespace holdfast::testkit {

namespace {

template <class Amount>
Amount amount(const char* text) {
  const auto parsed = Amount::parse(text);
  if (!parsed) throw std::invalid_argument{std::string{text} + " is no decimal number"};
  return *parsed;
}

}  // namespace

Bench::Make StrategyBench::maker(const Subject& subject) {
  return hosted(*holdfast_strategy_actor(), "strategy", subject);
}

void StrategyBench::quote(const char* bid, const char* bid_size, const char* ask, const char* ask_size, InstrumentId id) {
  Quote q;
  q.instrument = id;
  q.bid = amount<Price>(bid);
  q.ask = amount<Price>(ask);
  q.bid_size = amount<Quantity>(bid_size);
  q.ask_size = amount<Quantity>(ask_size);
  q.venue_time = bench_.now();
  quotes_[id] = q;
  bench_.tell(q);
}

void StrategyBench::trade(const char* price, const char* quantity, InstrumentId id) {
  Trade t;
  t.instrument = id;
  t.price = amount<Price>(price);
  t.quantity = amount<Quantity>(quantity);
  t.venue_time = bench_.now();
  bench_.tell(t);
}

std::vector<OrderTerms> StrategyBench::fresh() {
  std::vector<OrderTerms> all;
  for (const auto& intent : bench_.wrote<OrderIntent>()) all.push_back(intent.terms);
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(orders_));
  orders_ += all.size();
  return all;
}

void StrategyBench::fill(const OrderTerms& terms, Price price) {
  OrderFilled f;
  f.cl_ord_id = terms.cl_ord_id;
  f.exec_id = ++executions_;
  f.instrument = terms.instrument;
  f.side = terms.side;
  f.last_px = price;
  f.last_qty = f.cum_qty = terms.quantity;
  bench_.tell(f);
}

void StrategyBench::grant() {
  for (auto orders = fresh(); !orders.empty(); orders = fresh())
    for (const auto& terms : orders) {
      bench_.tell(OrderApproved{terms});
      bench_.tell(OrderSent{terms, bench_.now()});
      if (terms.type == OrdType::market) {
        const Quote& q = quotes_[terms.instrument];
        fill(terms, terms.side == Side::buy ? q.ask : q.bid);
      } else {
        bench_.tell(OrderAcknowledged{terms.cl_ord_id, terms.cl_ord_id.counter()});
        resting_[terms.cl_ord_id] = terms;
      }
    }
  for (const auto wanted = bench_.wrote<CancelIntent>(); cancels_ < wanted.size(); ++cancels_)
    if (const auto order = resting_.extract(wanted[cancels_].cl_ord_id); order)
      bench_.tell(OrderCancelled{order.key(), order.mapped().quantity});
}

void StrategyBench::deny(const char* why) {
  for (const auto& terms : fresh()) bench_.tell(OrderDenied{terms.cl_ord_id, DenyReason::rule, terms.instrument}, why);
}

void StrategyBench::fill(ClOrdId order) {
  const auto resting = resting_.extract(order);
  if (!resting) throw std::invalid_argument{"order " + std::to_string(order.counter()) + " does not rest at the venue"};
  fill(resting.mapped(), resting.mapped().price);
}

std::vector<std::string> StrategyBench::asked() const {
  std::vector<std::string> all;
  for_each_event(bench_.journal().bytes(), [&](const Event& e) {
    if (e.type() == EventType::order_intent) {
      const auto& terms = e.as<OrderIntent>().terms;
      const std::size_t id = terms.instrument.value;
      std::string line{to_string(terms.side)};
      line += " " + terms.quantity.str() + " " + (id >= 1 && id <= subject_.symbols.size() ? subject_.symbols[id - 1] : "?");
      if (terms.type == OrdType::limit) line += " at " + terms.price.str();
      all.push_back(line + ": " + std::string{e.tail<OrderIntent>()});
    } else if (e.type() == EventType::cancel_intent) {
      all.push_back("cancel " + std::to_string(e.as<CancelIntent>().cl_ord_id.counter()) + ": " +
                    std::string{e.tail<CancelIntent>()});
    }
  });
  return all;
}

}  // namespace holdfast::testkit
