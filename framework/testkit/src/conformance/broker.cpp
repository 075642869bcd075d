// The suite for brokers: its cases, and which of them say something about one.
#include <algorithm>

#include "rig.hpp"

namespace holdfast::testkit {

bool Rig::meets(Need need) const {
  const auto type = [&](OrdType one) { return std::ranges::find(can_.types, one) != can_.types.end(); };
  const auto tif = [&](TimeInForce one) { return std::ranges::find(can_.tifs, one) != can_.tifs.end(); };
  switch (need) {
    case Need::pure: return pure_;
    case Need::edge: return !pure_;
    case Need::asks: return can_.asks;
    case Need::replace: return can_.replace;
    case Need::no_replace: return !can_.replace;
    case Need::market: return type(OrdType::market) && tif(TimeInForce::ioc);
    case Need::limit: return type(OrdType::limit) && tif(TimeInForce::gtc);
    case Need::stop: return type(OrdType::stop);
    case Need::stop_limit: return type(OrdType::stop_limit);
    case Need::ioc: return tif(TimeInForce::ioc);
    case Need::fok: return tif(TimeInForce::fok);
    case Need::gtd: return tif(TimeInForce::gtd);
    case Need::post_only:
    case Need::rejection: return has(can_.exec_insts, ExecInst::post_only);
    case Need::reduce_only: return has(can_.exec_insts, ExecInst::reduce_only);
    case Need::icebergs: return can_.icebergs;
    case Need::fees: return subject_.maker_fee.has_value() && subject_.taker_fee.has_value();
    case Need::secret: return !subject_.canary.empty();
    default: return false;
  }
}

const std::vector<BrokerCase>& broker_cases() {
  static const auto all =
      by_id({common_cases_of<Rig>("BC-"), lifecycle_cases(), market_cases(), limit_cases(), cancel_cases(),
             replace_cases(), id_cases(), rejection_cases(), session_cases(), outcome_cases(), trouble_cases(),
             live_cases(), fuzz_cases()});
  return all;
}

CaseResult run_case(const BrokerCase& one, const BrokerSubject& subject, std::uint64_t seed) {
  return judged(one, subject, seed);
}
Findings check_broker(const BrokerSubject& subject, std::uint64_t seed) {
  return found_by(broker_cases(), subject, seed);
}

std::vector<std::pair<std::string, std::string>> capability_matrix(const Broker& broker) {
  const BrokerCapabilities can = broker.capabilities();
  const auto list = [](const auto& all) {
    std::string text;
    for (const auto one : all) text += (text.empty() ? "" : ", ") + std::string{to_string(one)};
    return text.empty() ? std::string{"none"} : text;
  };
  const auto yes = [](bool so) { return std::string{so ? "yes" : "no"}; };
  return {{"order types", list(can.types)},
          {"times in force", list(can.tifs)},
          {"post-only", yes(has(can.exec_insts, ExecInst::post_only))},
          {"reduce-only", yes(has(can.exec_insts, ExecInst::reduce_only))},
          {"icebergs", yes(can.icebergs)},
          {"changes orders", yes(can.replace)},
          {"answers questions", yes(can.asks)},
          {"pure", yes(broker.pure())}};
}

}  // namespace holdfast::testkit
