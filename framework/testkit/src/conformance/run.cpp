// The list of cases, and what one of them comes to.
#include <algorithm>

#include "rig.hpp"

namespace holdfast::testkit {

std::string_view to_string(Level level) {
  return level == Level::sim ? "sim" : level == Level::paper ? "paper" : "live";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed: return "passed";
    case Outcome::warned: return "warned";
    case Outcome::failed: return "failed";
    case Outcome::skipped: return "skipped";
    case Outcome::inconclusive: return "inconclusive";
  }
  return "?";
}

namespace {

struct NeedWords {
  Need need;
  const char* name;
  const char* unmet;
};
constexpr NeedWords kNeeds[] = {
    {Need::pure, "pure", "an edge broker is asked through its venue"},
    {Need::edge, "venue", "a pure broker is its own venue: there is no connection that could fail"},
    {Need::asks, "asks", "it does not claim to answer questions about the account"},
    {Need::replace, "replace", "it does not claim to change orders"},
    {Need::no_replace, "no replace", "it claims to change orders"},
    {Need::market, "Market", "it does not claim market orders"},
    {Need::limit, "Limit", "it does not claim limit orders"},
    {Need::stop, "Stop", "it does not claim stop orders"},
    {Need::stop_limit, "StopLimit", "it does not claim stop-limit orders"},
    {Need::ioc, "IOC", "it does not claim immediate or cancel"},
    {Need::fok, "FOK", "it does not claim fill or kill"},
    {Need::gtd, "GTD", "it does not claim good till date"},
    {Need::post_only, "post-only", "it does not claim post-only"},
    {Need::reduce_only, "reduce-only", "it does not claim reduce-only"},
    {Need::icebergs, "icebergs", "it does not claim icebergs"},
    {Need::fees, "fees", "the configuration does not say what the venue charges"},
    {Need::secret, "a secret", "its settings name no secret"},
    {Need::rejection, "post-only", "no order is known that its venue must refuse: it does not claim post-only"},
};

bool met(Need need, const Rig& rig) {
  const BrokerCapabilities& can = rig.can();
  const auto type = [&](OrdType one) { return std::ranges::find(can.types, one) != can.types.end(); };
  const auto tif = [&](TimeInForce one) { return std::ranges::find(can.tifs, one) != can.tifs.end(); };
  switch (need) {
    case Need::pure: return rig.pure();
    case Need::edge: return !rig.pure();
    case Need::asks: return can.asks;
    case Need::replace: return can.replace;
    case Need::no_replace: return !can.replace;
    case Need::market: return type(OrdType::market) && tif(TimeInForce::ioc);
    case Need::limit: return type(OrdType::limit) && tif(TimeInForce::gtc);
    case Need::stop: return type(OrdType::stop);
    case Need::stop_limit: return type(OrdType::stop_limit);
    case Need::ioc: return tif(TimeInForce::ioc);
    case Need::fok: return tif(TimeInForce::fok);
    case Need::gtd: return tif(TimeInForce::gtd);
    case Need::post_only:
    case Need::rejection: return has(can.exec_insts, ExecInst::post_only);
    case Need::reduce_only: return has(can.exec_insts, ExecInst::reduce_only);
    case Need::icebergs: return can.icebergs;
    case Need::fees: return rig.subject().maker_fee.has_value() && rig.subject().taker_fee.has_value();
    case Need::secret: return !rig.subject().canary.empty();
  }
  return false;
}

const NeedWords& words(Need need) { return *std::ranges::find(kNeeds, need, &NeedWords::need); }

}  // namespace

std::string_view to_string(Need need) { return words(need).name; }

const std::vector<std::pair<std::string, std::string>>& broker_groups() {
  static const std::vector<std::pair<std::string, std::string>> groups{{"BC-000", "Load and metadata"},
                                                                       {"BC-010", "Lifecycle"},
                                                                       {"BC-020", "Session and auth"},
                                                                       {"BC-030", "Market orders"},
                                                                       {"BC-040", "Limit orders and time in force"},
                                                                       {"BC-050", "Cancel"},
                                                                       {"BC-060", "Modify"},
                                                                       {"BC-070", "Ids and idempotency"},
                                                                       {"BC-080", "Rejections"},
                                                                       {"BC-100", "Ambiguous outcomes"},
                                                                       {"BC-110", "Reconciliation"},
                                                                       {"BC-120", "Rate limits"},
                                                                       {"BC-130", "Sequence and clock"},
                                                                       {"BC-140", "Fault isolation"},
                                                                       {"BC-150", "Failover fencing"},
                                                                       {"BC-160", "Rollout"},
                                                                       {"BC-170", "Kill switch"},
                                                                       {"BC-180", "Observability"},
                                                                       {"BC-190", "Model fuzz"}};
  return groups;
}

std::string BrokerCase::group() const { return std::string{id}.substr(0, 5) + "0"; }

std::string BrokerCase::group_name() const {
  for (const auto& [id_of, name] : broker_groups())
    if (id_of == group()) return name;
  return {};
}

const std::vector<BrokerCase>& broker_cases() {
  static const std::vector<BrokerCase> all = [] {
    std::vector<BrokerCase> cases;
    for (const auto& group :
         {load_cases(), lifecycle_cases(), market_cases(), limit_cases(), cancel_cases(), replace_cases(), id_cases(),
          rejection_cases(), session_cases(), outcome_cases(), live_cases(), fuzz_cases()})
      cases.insert(cases.end(), group.begin(), group.end());
    std::ranges::sort(cases, {}, [](const BrokerCase& one) { return std::string_view{one.id}; });
    return cases;
  }();
  return all;
}

CaseResult run_case(const BrokerCase& one, const BrokerSubject& subject, std::uint64_t seed) {
  try {
    Rig rig{subject, seed};
    for (const Need need : one.needs)
      if (!met(need, rig)) return {Outcome::skipped, words(need).unmet};
    one.run(rig);
    return {rig.warnings().empty() ? Outcome::passed : Outcome::warned, rig.warnings()};
  } catch (const CaseSkipped& skipped) {
    return {Outcome::skipped, skipped.what()};
  } catch (const CaseFailed& failed) {
    return {Outcome::failed, failed.what()};
  } catch (const VenueTrouble& trouble) {
    return {Outcome::inconclusive, trouble.what()};
  } catch (const std::exception& error) {
    return {Outcome::failed, std::string{"it throws: "} + error.what()};
  }
}

Findings check_broker(const BrokerSubject& subject, std::uint64_t seed) {
  Findings found;
  for (const BrokerCase& one : broker_cases())
    if (const CaseResult result = run_case(one, subject, seed);
        result.outcome == Outcome::failed || result.outcome == Outcome::inconclusive)
      found.push_back({one.id, std::string{one.title} + ": " + result.why});
  return found;
}

std::optional<Level> level_reached(const std::function<std::optional<Outcome>(const BrokerCase&)>& outcome, bool pure) {
  std::optional<Level> reached;
  for (const Level level : {Level::sim, Level::paper, Level::live}) {
    if (pure && level == Level::live) break;
    const bool holds = std::ranges::all_of(broker_cases(), [&](const BrokerCase& one) {
      if (one.level != level) return true;
      const auto ended = outcome(one);
      return ended && *ended != Outcome::failed && *ended != Outcome::inconclusive;
    });
    if (!holds) break;
    reached = level;
  }
  return reached;
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
