// BC-080: what is refused, by whom, and in which words.
#include <algorithm>

#include "rig.hpp"

namespace holdfast::testkit {

namespace {

constexpr OrdType kTypes[] = {OrdType::market, OrdType::limit, OrdType::stop, OrdType::stop_limit};
constexpr TimeInForce kTifs[] = {TimeInForce::day, TimeInForce::gtc, TimeInForce::ioc, TimeInForce::fok,
                                 TimeInForce::gtd};

bool claims(const Rig& rig, OrdType type) { return std::ranges::find(rig.can().types, type) != rig.can().types.end(); }
bool claims(const Rig& rig, TimeInForce tif) { return std::ranges::find(rig.can().tifs, tif) != rig.can().tifs.end(); }

OrderTerms some(Rig& rig, OrdType type, TimeInForce tif) {
  OrderTerms terms = rig.terms(type, Side::buy, 1, has_stop(type) ? 20 : -3, tif);
  if (type == OrdType::stop_limit) terms.price = rig.px(30);
  if (tif == TimeInForce::gtd) terms.expire_time = rig.bench().now() + Duration{std::chrono::hours{1}};
  return terms;
}

/// A market order is immediate by nature, and a stop is not.
bool makes_sense(OrdType type, TimeInForce tif) {
  const bool immediate = tif == TimeInForce::ioc || tif == TimeInForce::fok;
  if (type == OrdType::market) return tif == TimeInForce::ioc;
  return type == OrdType::limit || !immediate;
}

void what_is_claimed(Rig& rig) {
  for (const OrdType type : kTypes)
    for (const TimeInForce tif : kTifs) {
      if (!claims(rig, type) || !claims(rig, tif) || !makes_sense(type, tif)) continue;
      rig.quote(-5, 5, 10);
      const ClOrdId id = rig.send(some(rig, type, tif));
      rig.until([&] { return rig.order(id).acknowledgements > 0 || rig.order(id).ended(); }, "an order is answered");
      Rig::expect(rig.order(id).status != OrdStatus::rejected && rig.order(id).status != OrdStatus::denied,
                  std::string{to_string(type)} + " orders with " + std::string{to_string(tif)} +
                      " are claimed and rejected: " + rig.order(id).last_words);
    }
}

void what_is_not(Rig& rig) {
  bool any = false;
  const auto refused = [&](const OrderTerms& terms, const std::string& what) {
    any = true;
    const ClOrdId id = rig.send(terms);
    rig.until_ended(id);
    Rig::expect(rig.order(id).story == "OrderCancelled",
                what + " are not claimed, and one was reported as " + rig.order(id).story);
    Rig::expect(!rig.order(id).last_words.empty(), what + " are refused without a reason");
  };
  rig.quote(-5, 5, 10);
  for (const OrdType type : kTypes)
    if (!claims(rig, type) && claims(rig, TimeInForce::gtc))
      refused(some(rig, type, TimeInForce::gtc), std::string{to_string(type)} + " orders");
  for (const TimeInForce tif : kTifs)
    if (!claims(rig, tif) && claims(rig, OrdType::limit))
      refused(some(rig, OrdType::limit, tif), std::string{to_string(tif)} + " orders");
  if (!any) throw CaseSkipped{"it claims everything there is"};
}

/// Asked past the actor, for 3 of 2 offered: what works could be claimed.
void could_be_claimed(Rig& rig) {
  for (const TimeInForce tif : {TimeInForce::ioc, TimeInForce::fok}) {
    if (claims(rig, tif) || !claims(rig, OrdType::limit)) continue;
    Quote quote;
    quote.instrument = rig.subject().instrument;
    quote.bid = rig.px(-5);
    quote.ask = rig.px(5);
    quote.bid_size = quote.ask_size = rig.qty(2);
    EventBuffer one;
    const Event heard = one.at(one.append(quote, ActorId{9}, 1, true));
    Notebook blotter;
    const auto plugin = rig.plugin();
    plugin->hear(heard, blotter);
    plugin->send(approved(rig.terms(OrdType::limit, Side::buy, 3, 5, tif)), blotter);
    const bool ends = blotter.text().find("expired") != std::string::npos;
    const bool fills = blotter.text().find("filled") != std::string::npos;
    if (ends && fills == (tif == TimeInForce::ioc))
      rig.warn("it does not claim " + std::string{to_string(tif)} + ", and knows it");
  }
}

/// An order that the venue must refuse.
ClOrdId rejected(Rig& rig) {
  rig.quote(-5, 5, 10);
  OrderTerms terms = rig.terms(OrdType::limit, Side::buy, 1, 5);
  terms.exec_inst = ExecInst::post_only;
  const ClOrdId id = rig.send(terms);
  rig.until_ended(id);
  return id;
}

void says_why(Rig& rig) {
  const ClOrdId id = rejected(rig);
  const OrderRecord& order = rig.order(id);
  Rig::expect(order.status == OrdStatus::rejected,
              "what the venue refuses is reported as " + order.story + ", owed is OrderRejected");
  Rig::expect(order.story.starts_with("OrderSent"), "it looks as if it had never been sent: " + order.story);
  Rig::expect(!order.last_words.empty(), "the venue's words are lost");
}

void stays_rejected(Rig& rig) {
  const ClOrdId id = rejected(rig);
  rig.quote(-9, -6, 10);
  rig.settle();
  Rig::expect(rig.order(id).fills.empty() && rig.order(id).ends == 1,
              "a rejected order went on: " + rig.order(id).story);
}

void every_end_has_a_reason(Rig& rig) {
  rig.quote(-5, 5, 1);
  const ClOrdId rests = rig.resting(Side::buy, 2, -1);
  rig.cancel(rests);
  rig.until_ended(rests);
  Rig::expect(!rig.order(rests).last_words.empty(), "a cancelled order does not say why");
  if (!claims(rig, TimeInForce::ioc)) return;
  const ClOrdId gone = rig.limit(Side::buy, 1, -1, TimeInForce::ioc);
  rig.until_ended(gone);
  Rig::expect(!rig.order(gone).last_words.empty(), "an expired order does not say why");
}

}  // namespace

std::vector<BrokerCase> rejection_cases() {
  return {
      {"BC-080", "What is claimed is taken", "every claimed type with every claimed time in force", Level::sim, {},
       what_is_claimed},
      {"BC-081", "What is not claimed is refused before it is sent, with a reason",
       "every type and time in force not claimed", Level::sim, {}, what_is_not},
      {"BC-081b", "What is not claimed does not work either", "asks the plugin itself", Level::sim, {Need::pure},
       could_be_claimed},
      {"BC-082", "The venue's no is told apart from ours, and keeps its words", "a post-only order that crosses",
       Level::sim, {Need::limit, Need::rejection}, says_why},
      {"BC-083", "A rejected order is gone", "brings the market to its price", Level::sim,
       {Need::limit, Need::rejection}, stays_rejected},
      {"BC-084", "Every end has a reason", "a cancel, and an order that meets nobody", Level::sim, {Need::limit},
       every_end_has_a_reason},
  };
}

}  // namespace holdfast::testkit
