#pragma once

#include <compare>
#include <cstdint>
#include <holdfast/config/plan.hpp>
#include <holdfast/config/settings_file.hpp>
#include <holdfast/sdk/schema.hpp>
#include <string>
#include <vector>

namespace holdfast {

/// A size as people write it: 4096, 256KiB, 128MiB, 1GiB.
struct ByteSize {
  std::uint64_t bytes = 0;
  std::string str() const;
  friend auto operator<=>(ByteSize, ByteSize) = default;
};
bool read_setting(const Setting&, const PluginContext&, Problems&, ByteSize& out);
template <>
std::string type_name<ByteSize>();
template <>
std::string type_pattern<ByteSize>();

namespace config {

// The sections of a file as people write them; the initialisers are the defaults of Plan.

struct RootSection {
  std::uint64_t holdfast = 1;
  Setting system, plugins, journal, metrics, instruments, removed, profiles, tree;
};
struct SystemSection {
  std::string name = Plan{}.name;
  std::string clock = "wall";
  std::uint64_t seed = Plan{}.seed;
  int workers = Plan{}.workers;
  int in_step = Plan{}.in_step;
  std::string data_dir;
};
struct RetentionSection {
  std::uint64_t market_events = JournalPlan{}.retention_market_events;
};
struct JournalSection {
  ByteSize frame{JournalPlan{}.frame_bytes};
  ByteSize ring{JournalPlan{}.ring_bytes};
  Duration sync_interval = JournalPlan{}.sync_interval;
  ByteSize wal_cap{JournalPlan{}.wal_cap_bytes};
  std::uint64_t snapshot_every = JournalPlan{}.snapshot_every;
  std::uint64_t snapshots_kept = JournalPlan{}.snapshots_kept;
  Setting retention;
};
struct MetricsSection {
  std::string listen;
};
struct PluginsSection {
  std::vector<std::string> path;
  Setting pins;
};
struct InstrumentSection {
  std::string symbol;
  Price tick;
  Quantity lot;
  std::string currency;
  std::string session = "24x7";
};
struct ActorSection {
  std::string name, actor;
  std::string restart = "permanent";
  Duration shutdown = ActorPlan{}.shutdown;
  std::string pin;
  Setting settings;
};
struct SupervisorSection {
  std::string name;
  std::string strategy = "one_for_one";
  int intensity = SupervisorPlan{}.intensity;
  Duration period = SupervisorPlan{}.period;
  Duration shutdown = SupervisorPlan{}.shutdown;
  Setting backoff;
  Setting children;
};

/// Only its names and words are used: each part is read by its own schema.
const Schema<RootSection>& root_schema();
const Schema<SystemSection>& system_schema();
const Schema<RetentionSection>& retention_schema();
const Schema<JournalSection>& journal_schema();
const Schema<MetricsSection>& metrics_schema();
const Schema<PluginsSection>& plugins_schema();
const Schema<InstrumentSection>& instrument_schema();
const Schema<ActorSection>& actor_schema();
/// The root says `strategy:`; a child says `supervisor:` and has a name.
const Schema<SupervisorSection>& supervisor_schema(bool root);
const Schema<BackoffPlan>& backoff_schema();

/// Sixty-four hexadecimal digits.
bool is_sha256(const std::string& text);
/// Letters, digits, '_' and '-', at most 64: fit for paths, file names and terminals.
bool is_name(const std::string& text);

}  // namespace config
}  // namespace holdfast
