#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include <holdfast/sdk/statement.hpp>
#include <holdfast/trading/orders.hpp>
#include <holdfast/trading/seen.hpp>

namespace holdfast {

/// What we hold to be so of one account at one venue.
struct OurBook {
  ActorId broker;
  const Orders& orders;  ///< Those of other brokers are left out of account.
  const Seen& fills;     ///< Execution ids.
  const Seen& busts;     ///< Of fills that were taken back.
  const std::map<InstrumentId, Quantity>& positions;
};

/// Something our book lacks, as the event that mends it; its ids follow from the venue's.
struct Correction {
  std::variant<OrderSent, OrderAdopted, OrderFilled, FillBusted, OrderAcknowledged, OrderReplaced, ReplaceRejected, OrderCancelled,
               OrderExpired, OrderRejected>
      what;
  std::string text;
};

/// Something no event can explain.
struct Difference {
  DifferenceKind kind = DifferenceKind::position;
  InstrumentId instrument;
  ClOrdId cl_ord_id;
  Quantity ours, theirs;
  std::string evidence;  ///< For people.
};

struct Reconciliation {
  std::vector<Correction> corrections;  ///< To be written in this order.
  /// Open here, and the venue does not list them: to be asked about by name before anything is concluded.
  std::vector<ClOrdId> absent;
  /// Asked about by name, and the venue does not know them; which is not yet proof.
  std::vector<ClOrdId> not_found;
  std::vector<Difference> differences;

  bool agrees() const { return absent.empty() && not_found.empty() && differences.empty(); }
};

/// Compares the books. Pure: the same books give the same answer, and once the corrections are folded, none.
///
/// Fills count by their execution ids alone, whenever they come, and so does what takes them back. One that was taken
/// back before we heard of it counts for nothing, also when it comes yet. Orders open at the venue and not here are
/// adopted. Missing is not flat: what the venue does not mention proves nothing.
Reconciliation reconcile(const OurBook& ours, const VenueStatement& venue);

/// The id under which an order goes that nobody here has asked for: of owner 0, "external", and always the same.
/// Orders of two brokers have different ones, whatever their venues call them.
ClOrdId external_id(ActorId broker, std::uint64_t venue_order_id);
/// What such an id was made of; the number is the venue's unless that was beyond 36 bits.
struct ExternalId {
  ActorId broker;
  std::uint64_t number = 0;
};
ExternalId external_parts(ClOrdId id);

/// Whether `broker` is the one that brings the order to its venue.
constexpr bool is_brought_by(const OrderTerms& terms, ActorId broker) {
  return terms.broker.value == 0 || terms.broker == broker;
}

}  // namespace holdfast
