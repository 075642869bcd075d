#include "sections.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <regex>

#include <holdfast/trading/calendar.hpp>

namespace holdfast {

namespace {

struct Unit {
  const char* name;
  std::uint64_t bytes;
};
constexpr std::array<Unit, 4> kUnits{
    {{"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}}};

}  // namespace

std::optional<std::pair<std::string, std::string>> host_and_port(const std::string& listen) {
  static const std::regex shape{R"((\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5}))"};
  std::smatch parts;
  if (!std::regex_match(listen, parts, shape) || std::stoi(parts[4]) > 65535) return std::nullopt;
  return std::pair{parts[2].matched ? parts[2].str() : parts[3].str(), parts[4].str()};
}

std::string ByteSize::str() const {
  for (const auto& unit : kUnits)
    if (bytes % unit.bytes == 0) return std::to_string(bytes / unit.bytes) + unit.name;
  return std::to_string(bytes) + "B";
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, ByteSize& out) {
  const std::string mend = "write a whole number and B, KiB, MiB or GiB, such as 128MiB";
  std::uint64_t count = 0;
  const char* const begin = s.text.data();
  const auto [end, error] = std::from_chars(begin, begin + s.text.size(), count);
  const std::string_view name{end, static_cast<std::size_t>(begin + s.text.size() - end)};
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return name == u.name; });
  if (s.kind == Setting::Kind::scalar && error == std::errc{} && (unit != kUnits.end() || name.empty())) {
    const std::uint64_t scale = name.empty() ? 1 : unit->bytes;
    if (count <= std::numeric_limits<std::uint64_t>::max() / scale) {
      out.bytes = count * scale;
      return true;
    }
  }
  problems.push_back(
      {s.where, s.kind == Setting::Kind::scalar ? "expected a size, got '" + s.text + "'" : "expected a size",
       mend});
  return false;
}

bool read_setting(const Setting& s, const PluginContext&, Problems&, Setting& out) {
  out = s;
  return true;
}

template <>
std::string type_name<ByteSize>() {
  return "size";
}
template <>
std::string type_name<Setting>() {
  return "section";
}

template <>
std::string type_pattern<ByteSize>() {
  std::string units;
  for (const auto& unit : kUnits) units += (units.empty() ? "" : "|") + std::string{unit.name};
  return "^[0-9]+(" + units + ")?$";
}

namespace config {

namespace {

/// It stands in an event's text, beside a symbol and a currency.
constexpr std::size_t kLongestSession = 2000;

Limit<std::string> name_limit() { return {"letters, digits, '_' or '-', at most 64", is_name}; }
Limit<std::string> session_limit() {
  return {"24x7 or such as \"Mon-Fri 09:30-16:00 America/New_York\"",
          [](const std::string& text) { return text.size() <= kLongestSession && Calendar::parse(text).has_value(); }};
}
Limit<std::string> short_text(std::size_t most) {
  return {"1 to " + std::to_string(most) + " characters without spaces", [most](const std::string& text) {
            return !text.empty() && text.size() <= most && text.find_first_of(" \t\r\n") == std::string::npos;
          }};
}

}  // namespace

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
             std::string::npos;
}

const Schema<RootSection>& root_schema() {
  using S = RootSection;
  static const auto schema =
      Schema<S>{}
          .required("holdfast", &S::holdfast, "Version of this format.", between<std::uint64_t>(1, 1))
          .required("system", &S::system, "What it is called, and whose time it is.")
          .field("plugins", &S::plugins, "Where libraries are, and what they must be.")
          .field("journal", &S::journal, "How events are stored and kept; off: not at all, for backtests.")
          .field("metrics", &S::metrics, "Where the system may be watched.")
          .field("instruments", &S::instruments, "What is traded.")
          .field("removed", &S::removed,
                 "By name, what becomes of what a strategy had that is not declared any more: cancel, flatten or "
                 "{ hand_over: another }.")
          .field("profiles", &S::profiles, "By name, what `--profile` replaces: paths and values, as `--set` has them.")
          .required("tree", &S::tree, "The actors, and who restarts them.");
  return schema;
}

const Schema<SystemSection>& system_schema() {
  using S = SystemSection;
  static const auto schema =
      Schema<S>{}
          .required("name", &S::name, "What this system is called in logs and reports.", name_limit())
          .field("clock", &S::clock, "Whose time it is: the wall clock's, or that of recorded data.",
                 one_of({"wall", "feed"}))
          .field("seed", &S::seed, "What everything random is drawn from.")
          .field("workers", &S::workers, "Threads that run actors.", between(1, 256))
          .field("in_step", &S::in_step,
                 "Recorded data, live: events the market may be ahead of its listeners; 0 is as far as fits.",
                 between(0, 65'536))
          .field("data_dir", &S::data_dir, "Where the journal lies; the command line may say otherwise.");
  return schema;
}

const Schema<RetentionSection>& retention_schema() {
  using S = RetentionSection;
  static const auto schema = Schema<S>{}.field("market_events", &S::market_events,
                                               "How many of the newest market events are kept; 0 keeps all.");
  return schema;
}

const Schema<JournalSection>& journal_schema() {
  using S = JournalSection;
  static const auto schema =
      Schema<S>{}
          .field("frame", &S::frame, "Events sequenced together are cut at this size.",
                 between(ByteSize{8 << 10}, ByteSize{64 << 20}))
          .field("ring", &S::ring, "Memory for recent frames, for whoever is a little late.",
                 between(ByteSize{1 << 20}, ByteSize{16ULL << 30}))
          .field("sync_interval", &S::sync_interval, "Pause between two syncs of the disk; 0s leaves none.",
                 at_most(Duration{std::chrono::seconds{10}}))
          .field("wal_cap", &S::wal_cap, "Size of the store's log at most; bounds the time to recover.",
                 between(ByteSize{1 << 20}, ByteSize{16ULL << 30}))
          .field("snapshot_every", &S::snapshot_every, "Events between two snapshots of all actors.",
                 at_least<std::uint64_t>(1))
          .field("snapshots_kept", &S::snapshots_kept, "Snapshots kept per actor.",
                 between<std::uint64_t>(1, 1000))
          .field("retention", &S::retention, "What is pruned.");
  return schema;
}

const Schema<MetricsSection>& metrics_schema() {
  using S = MetricsSection;
  static const auto schema =
      Schema<S>{}
          .field("listen", &S::listen, "Address and port of /metrics and the health pages; port 0 is any free one.")
          .check("listen must be an address and a port, such as 127.0.0.1:9464",
                 [](const S& s) { return s.listen.empty() || host_and_port(s.listen).has_value(); });
  return schema;
}

const Schema<PluginsSection>& plugins_schema() {
  using S = PluginsSection;
  static const auto schema =
      Schema<S>{}
          .field("path", &S::path, "Folders searched for libraries before the usual ones.")
          .field("pins", &S::pins, "SHA-256 a library must have, by its name without .so.");
  return schema;
}

const Schema<InstrumentSection>& instrument_schema() {
  using S = InstrumentSection;
  static const auto schema =
      Schema<S>{}
          .required("symbol", &S::symbol, "What the venue calls it.", short_text(32))
          .required("tick", &S::tick, "Prices are multiples of it.", more_than(Price{}))
          .required("lot", &S::lot, "Quantities are multiples of it.", more_than(Quantity{}))
          .required("currency", &S::currency, "Of prices, fees and profit.", short_text(16))
          .field("session", &S::session, "When it trades: 24x7, or hours and a time zone.", session_limit());
  return schema;
}

const Schema<ActorSection>& actor_schema() {
  using S = ActorSection;
  static const auto schema = Schema<S>{}
                                 .required("name", &S::name, "Unique in the tree.", name_limit())
                                 .required("actor", &S::actor, "The library that brings it.", name_limit())
                                 .field("restart", &S::restart, "When it is started again after it ended.",
                                        one_of({"permanent", "transient", "temporary"}))
                                 .field("shutdown", &S::shutdown, "How long it may take to stop.")
                                 .field("pin", &S::pin, "SHA-256 its library must have.",
                                        Limit<std::string>{"64 hexadecimal digits", is_sha256})
                                 .field("settings", &S::settings, "What the actor itself reads.");
  return schema;
}

const Schema<SupervisorSection>& supervisor_schema(bool root) {
  using S = SupervisorSection;
  static const auto make = [](bool top) {
    Schema<S> schema;
    if (!top) schema.required("name", &S::name, "Unique in the tree.", name_limit());
    return schema
        .field(top ? "strategy" : "supervisor", &S::strategy,
               "Who else is restarted with a child that ended.",
               one_of({"one_for_one", "one_for_all", "rest_for_one"}))
        .field("intensity", &S::intensity, "More restarts than this within the period end the supervisor.",
               between(0, 1000))
        .field("period", &S::period, "The time restarts are counted over.", more_than(Duration{}))
        .field("shutdown", &S::shutdown, "How long its children may take together to stop.")
        .field("backoff", &S::backoff, "How long to wait before a restart.")
        .required("children", &S::children, "Actors and supervisors, in start order.");
  };
  static const auto top = make(true), inner = make(false);
  return root ? top : inner;
}

const Schema<BackoffPlan>& backoff_schema() {
  using S = BackoffPlan;
  static const auto schema =
      Schema<S>{}
          .field("initial", &S::initial, "Before the second restart; the first is immediate.",
                 more_than(Duration{}))
          .field("max", &S::max, "Never longer than this.", more_than(Duration{}))
          .field("multiplier", &S::multiplier, "How fast it grows.", between(1.0, 100.0))
          .field("jitter", &S::jitter, "Spread in either direction, as a part of the wait.",
                 between(0.0, 1.0))
          .field("reset_after", &S::reset_after, "Healthy this long: immediate again.")
          .check("initial must not be longer than max", [](const S& s) { return s.initial <= s.max; });
  return schema;
}

}  // namespace config
}  // namespace holdfast
