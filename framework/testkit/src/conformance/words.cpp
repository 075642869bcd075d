// What the suites call things, and what a case comes to.
#include "plugin_rig.hpp"

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
    {Need::recorded, "recording", "what it tells comes from a venue, and is another every time"},
    {Need::connection, "venue", "it has no venue: there is no connection that could fail"},
    {Need::onlooker, "onlooker", "nobody looks on: in this program the functions of the C library are its own"},
};

const NeedWords& words(Need need) { return *std::ranges::find(kNeeds, need, &NeedWords::need); }

using Groups = std::vector<std::pair<std::string, std::string>>;

const Groups& groups() {
  static const Groups all{
      {"BC-000", "Load and metadata"}, {"BC-010", "Lifecycle"}, {"BC-020", "Session and auth"},
      {"BC-030", "Market orders"}, {"BC-040", "Limit orders and time in force"}, {"BC-050", "Cancel"},
      {"BC-060", "Modify"}, {"BC-070", "Ids and idempotency"}, {"BC-080", "Rejections"},
      {"BC-100", "Ambiguous outcomes"}, {"BC-110", "Reconciliation"}, {"BC-120", "Rate limits"},
      {"BC-130", "Sequence and clock"}, {"BC-140", "Fault isolation"}, {"BC-150", "Failover fencing"},
      {"BC-160", "Rollout"}, {"BC-170", "Kill switch"}, {"BC-180", "Observability"}, {"BC-190", "Model fuzz"},
      {"FC-000", "Load and metadata"}, {"FC-010", "Lifecycle"}, {"FC-020", "Session and auth"},
      {"FC-030", "Records"}, {"FC-040", "Resuming"}, {"FC-050", "Gaps and dead connections"}, {"FC-060", "Ticks"},
      {"SC-000", "Load and metadata"}, {"SC-010", "Lifecycle"}, {"SC-020", "Orders"}, {"SC-030", "Determinism"},
      {"SC-040", "Restart"}};
  return all;
}

}  // namespace

std::string_view to_string(Need need) { return words(need).name; }

std::string CaseText::group() const { return id.substr(0, 5) + "0"; }

std::string CaseText::group_name() const {
  const auto found = std::ranges::find(groups(), group(), &Groups::value_type::first);
  return found == groups().end() ? "" : found->second;
}

/// FNV-1a.
void PluginRig::testify(std::span<const std::byte> what) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const std::byte byte : what) hash = (hash ^ static_cast<std::uint64_t>(byte)) * 1099511628211ULL;
  evidence_ = std::to_string(hash);
}

CaseResult judged(const CaseText& one, const std::function<std::unique_ptr<PluginRig>()>& make,
                  const std::function<void(PluginRig&)>& run) {
  try {
    const auto made = make();
    PluginRig& rig = *made;
    for (const Need need : one.needs)
      if (!rig.meets(need)) return {Outcome::skipped, words(need).unmet};
    run(rig);
    return {rig.warnings().empty() ? Outcome::passed : Outcome::warned, rig.warnings(), rig.evidence()};
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

std::optional<Level> level_reached(const Ends& cases, bool alone) {
  std::optional<Level> reached;
  for (const Level level : {Level::sim, Level::paper, Level::live}) {
    if (alone && level == Level::live) break;
    const bool holds = std::ranges::all_of(cases, [&](const auto& one) {
      const auto& [of, ended] = one;
      return of != level || (ended && *ended != Outcome::failed && *ended != Outcome::inconclusive);
    });
    if (!holds) break;
    reached = level;
  }
  return reached;
}

}  // namespace holdfast::testkit
