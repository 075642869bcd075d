#include "canonical.hpp"

#include <holdfast/config/describe.hpp>

#include "sections.hpp"
#include "variables.hpp"
#include "yaml_writer.hpp"

namespace holdfast {

namespace {

using config::escape_dollars;
using Writer = config::YamlWriter;

std::string whole(std::uint64_t n) { return std::to_string(n); }

void write_journal(Writer& w, const JournalPlan& journal) {
  if (journal.off) return w.pair("journal", kJournalOff);
  w.open("journal");
  w.pair("frame", ByteSize{journal.frame_bytes}.str());
  w.pair("ring", ByteSize{journal.ring_bytes}.str());
  w.pair("sync_interval", detail::print_duration(journal.sync_interval));
  w.pair("wal_cap", ByteSize{journal.wal_cap_bytes}.str());
  w.pair("snapshot_every", whole(journal.snapshot_every));
  w.pair("snapshots_kept", whole(journal.snapshots_kept));
  w.open("retention");
  w.pair("market_events", whole(journal.retention_market_events));
  w.close();
  w.close();
}

void write_plugins(Writer& w, const Plan& plan) {
  if (plan.plugin_path.empty() && plan.pins.empty()) return;
  w.open("plugins");
  if (!plan.plugin_path.empty()) {
    w.open("path");
    for (const auto& folder : plan.plugin_path) {
      w.item();
      w.text(escape_dollars(folder), true);
      w.close();
    }
    w.close();
  }
  if (!plan.pins.empty()) {
    w.open("pins");
    for (const auto& pin : plan.pins) w.pair(pin.kind + "_" + pin.name, pin.sha256, true);
    w.close();
  }
  w.close();
}

void write_instruments(Writer& w, const Plan& plan) {
  if (plan.instruments.empty()) return;
  w.open("instruments");
  for (const auto& instrument : plan.instruments) {
    w.item();
    w.pair("symbol", escape_dollars(instrument.symbol));
    w.pair("tick", instrument.tick.str());
    w.pair("lot", instrument.lot.str());
    w.pair("currency", escape_dollars(instrument.currency));
    w.pair("session", instrument.session);
    w.close();
  }
  w.close();
}

void write_removed(Writer& w, const Plan& plan) {
  if (plan.removed.empty()) return;
  w.open("removed");
  for (const auto& removed : plan.removed) {
    if (removed.what != Removal::hand_over) {
      w.pair(removed.name, std::string{to_string(removed.what)});
      continue;
    }
    w.open(removed.name);
    w.pair("hand_over", removed.heir);
    w.close();
  }
  w.close();
}

void write_actor(Writer& w, const ActorPlan& actor) {
  w.pair("name", actor.name);
  w.pair("actor", actor.actor);
  w.pair("restart", to_string(actor.restart));
  w.pair("shutdown", detail::print_duration(actor.shutdown));
  if (!actor.pin.empty()) w.pair("pin", actor.pin, true);
  if (actor.settings.kind != Setting::Kind::missing) w.setting("settings", actor.settings);
}

void write_supervisor(Writer& w, const SupervisorPlan& s, bool root) {
  if (!root) w.pair("name", s.name);
  w.pair(root ? "strategy" : "supervisor", to_string(s.strategy));
  w.pair("intensity", std::to_string(s.intensity));
  w.pair("period", detail::print_duration(s.period));
  w.pair("shutdown", detail::print_duration(s.shutdown));
  w.open("backoff");
  w.pair("initial", detail::print_duration(s.backoff.initial));
  w.pair("max", detail::print_duration(s.backoff.max));
  w.pair("multiplier", detail::print_double(s.backoff.multiplier));
  w.pair("jitter", detail::print_double(s.backoff.jitter));
  w.pair("reset_after", detail::print_duration(s.backoff.reset_after));
  w.close();
  w.open("children");
  for (const auto& child : s.children) {
    w.item();
    if (child.actor() != nullptr) write_actor(w, *child.actor());
    else write_supervisor(w, *child.supervisor(), false);
    w.close();
  }
  w.close();
}

void escape(Setting& s) {
  s.text = escape_dollars(s.text);
  for (auto& item : s.items) escape(item);
  for (auto& [name, value] : s.fields) escape(value);
}

void escape(SupervisorPlan& s) {
  for (auto& child : s.children) {
    if (auto* actor = std::get_if<ActorPlan>(&child.what)) escape(actor->settings);
    else escape(std::get<SupervisorPlan>(child.what));
  }
}

}  // namespace

const char* to_string(Restart restart) {
  switch (restart) {
    case Restart::permanent: return "permanent";
    case Restart::transient: return "transient";
    case Restart::temporary: return "temporary";
  }
  return "?";
}

const char* to_string(RestartStrategy strategy) {
  switch (strategy) {
    case RestartStrategy::one_for_one: return "one_for_one";
    case RestartStrategy::one_for_all: return "one_for_all";
    case RestartStrategy::rest_for_one: return "rest_for_one";
  }
  return "?";
}

const std::string& ChildPlan::name() const { return actor() != nullptr ? actor()->name : supervisor()->name; }

std::vector<const ActorPlan*> actors_of(const SupervisorPlan& tree) {
  std::vector<const ActorPlan*> actors;
  for (const auto& child : tree.children) {
    if (child.actor() != nullptr) {
      actors.push_back(child.actor());
      continue;
    }
    const auto below = actors_of(*child.supervisor());
    actors.insert(actors.end(), below.begin(), below.end());
  }
  return actors;
}

std::string canonical_text(const Plan& plan) {
  Plan shown = plan;
  escape(shown.tree);
  return config::canonical_of_shown(shown);
}

std::string redact(const Plan& plan, std::string text) {
  return config::redact(plan.secrets, std::move(text));
}

std::string config::canonical_of_shown(const Plan& plan) {
  Writer w;
  w.pair("holdfast", "1");
  w.open("system");
  w.pair("name", escape_dollars(plan.name));
  w.pair("clock", plan.clock == Plan::Clock::feed ? "feed" : "wall");
  w.pair("seed", whole(plan.seed));
  w.pair("workers", std::to_string(plan.workers));
  w.pair("in_step", std::to_string(plan.in_step));
  w.close();
  write_plugins(w, plan);
  write_journal(w, plan.journal);
  if (!plan.metrics.listen.empty()) {
    w.open("metrics");
    w.pair("listen", escape_dollars(plan.metrics.listen), true);
    w.close();
  }
  write_instruments(w, plan);
  write_removed(w, plan);
  w.open("tree");
  write_supervisor(w, plan.tree, true);
  w.close();
  return w.take();
}

}  // namespace holdfast
