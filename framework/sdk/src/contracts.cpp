// One home for the vtables of the contracts, so that host and plugins agree on them.
#include <algorithm>
#include <holdfast/sdk/plugin.hpp>

namespace holdfast {

Actor::~Actor() = default;
Broker::~Broker() = default;
Feed::~Feed() = default;
Notifier::~Notifier() = default;
RiskRule::~RiskRule() = default;
Strategy::~Strategy() = default;

void Broker::replace(const WorkingOrder& order, const ApprovedReplace&, std::uint64_t, Blotter& blotter) {
  blotter.replace_rejected({order.terms.cl_ord_id}, "this broker cannot change orders");
}

std::string BrokerCapabilities::refusal(const OrderTerms& terms) const {
  const auto within = [](const auto& all, auto one) { return std::ranges::find(all, one) != all.end(); };
  if (!within(types, terms.type)) return "the venue takes no " + std::string{to_string(terms.type)} + " orders";
  if (!within(tifs, terms.tif)) return "the venue takes no " + std::string{to_string(terms.tif)} + " orders";
  if ((static_cast<unsigned>(terms.exec_inst) & ~static_cast<unsigned>(exec_insts)) != 0)
    return "the venue knows no such execution instruction";
  if (!terms.display_qty.is_zero() && !icebergs) return "the venue takes no icebergs";
  return {};
}

void OrderTerms::state(Archive& a) {
  a(cl_ord_id, instrument, side, type, tif, exec_inst, quantity, price, release_deadline, stop_px, display_qty,
    expire_time, broker);
}

const char* host_abi() { return HOLDFAST_ABI; }

}  // namespace holdfast
