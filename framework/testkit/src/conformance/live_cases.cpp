// BC-150 to BC-180: the system around a broker.
#include "rig.hpp"

namespace holdfast::testkit {

namespace {

/// Stopped by the latch, with the journal nearly full: nothing leaves, and cancels pass all the same.
void kill_switch(Rig& rig) {
  rig.quote(-5, 5, 10);
  std::vector<ClOrdId> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(rig.resting(Side::buy, 1, -6 - i));
  rig.bench().latch = [](ActorId, InstrumentId) { return LatchLevel::halted; };
  rig.bench().room = 12;
  const ClOrdId late = rig.limit(Side::buy, 1, 5);
  for (const ClOrdId id : ids) rig.cancel(id);
  for (const ClOrdId id : ids) rig.until_ended(id);
  rig.until_ended(late);
  for (const ClOrdId id : ids)
    Rig::expect(rig.order(id).status == OrdStatus::cancelled,
                "halted, an order ended otherwise: " + rig.order(id).story);
  rig.expect_story(late, "OrderCancelled");
}

/// What is public of a system: its journal and its log.
void canary(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId id = rig.limit(Side::buy, 1, 5);
  rig.until_ended(id);
  const ClOrdId other = rig.limit(Side::buy, 1, -6);
  rig.settle();
  rig.cancel(other);
  rig.settle();
  const std::string& secret = rig.subject().canary;
  const auto bytes = rig.bench().journal().bytes();
  const std::string_view journal{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  Rig::expect(journal.find(secret) == std::string_view::npos, "a secret stands in the journal");
  for (const auto& line : rig.bench().logs())
    Rig::expect(line.find(secret) == std::string::npos, "a secret stands in the log");
  const auto state = rig.bench().state();
  const std::string_view saved{reinterpret_cast<const char*>(state.data()), state.size()};
  Rig::expect(saved.find(secret) == std::string_view::npos, "a secret stands in a snapshot");
}

/// Cases of what the system itself does not have: they say so, and say nothing about the broker.
void no_standby(Rig&) { throw CaseSkipped{"a system has no standby instance yet that could send anything"}; }
void no_rollout(Rig&) { throw CaseSkipped{"a system does not run two versions of a broker at once yet"}; }

}  // namespace

std::vector<BrokerCase> live_cases() {
  return {
      {"BC-150", "A standby sends nothing", "not asked yet", Level::live, {}, no_standby},
      {"BC-160", "Two versions hand over without a gap and without a double", "not asked yet", Level::live, {},
       no_rollout},
      {"BC-170", "Halted, nothing is sent and everything is cancelled",
       "20 orders, a halt, little room in the journal", Level::live, {Need::limit}, kill_switch},
      {"BC-180", "A secret shows up nowhere",
       "trades with a canary among the settings, reads journal, log and snapshot", Level::live,
       {Need::limit, Need::secret}, canary},
  };
}

}  // namespace holdfast::testkit
