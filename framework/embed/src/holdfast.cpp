#include <cstdlib>
#include <cstring>
#include <set>
#include <sstream>

#include "embed/command.hpp"
#include "embed/event_json.hpp"
#include "handle.hpp"

using namespace holdfast;
using c::give;
using c::given;
using c::guarded;

namespace holdfast::c {

namespace {

std::string& last_error() {
  static thread_local std::string text;
  return text;
}

}  // namespace

void remember(const char* why) noexcept {
  try {
    last_error() = why;
  } catch (...) {
    last_error().clear();  // No memory even for that.
  }
}

char* give(const std::string& text) {
  char* const copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) throw std::bad_alloc{};
  std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

}  // namespace holdfast::c

namespace {

constexpr auto kAtClose = std::chrono::seconds{10};

using Turn = std::unique_lock<std::mutex>;

/// A live system takes calls from all sides; a backtest has one thread.
Turn turn_of(holdfast_system& handle) { return handle.backtest ? Turn{handle.turn} : Turn{}; }

System& running(holdfast_system& handle) {
  if (!handle.started) throw std::logic_error{"the system was not started: call holdfast_start() first"};
  return *handle.system;
}

std::set<EventType> types_in(const char* names) {
  std::set<EventType> types;
  std::istringstream words{names == nullptr ? "" : names};
  for (std::string word; std::getline(words, word, ',');) types.insert(event_type(word));
  return types;
}

Json events_json(const System& system, std::uint64_t from, const std::set<EventType>& types, std::uint32_t limit) {
  if (limit == 0) throw std::invalid_argument{"limit must be at least 1"};
  Json events = Json::array();
  std::optional<SystemRecord> record;  // Taken once there is something to name.
  const auto next = system.events(from, [&](const Event& event) {
    if (!types.empty() && !types.contains(event.type())) return true;
    if (!record) record = system.record();
    events.push_back(event_json(event, *record));
    return events.size() < limit;
  });
  return {{"schema", "holdfast.events/1"}, {"next", next}, {"events", std::move(events)}};
}

Json stop(holdfast_system& handle, Duration deadline) {
  const Turn turn{handle.turn};
  const std::string failure = handle.system->failure();
  const std::string left = handle.started ? handle.system->stop(deadline) : "";
  handle.stopped = true;
  return {{"schema", "holdfast.stop/1"},
          {"clean", left.empty() && failure.empty()},
          {"left", left},
          {"failure", failure},
          {"summary", summary_json(handle.system->summary())}};
}

}  // namespace

extern "C" {

const char* holdfast_version(void) { return HOLDFAST_VERSION; }

const char* holdfast_error(void) { return c::last_error().c_str(); }

void holdfast_free(char* text) { std::free(text); }

holdfast_system* holdfast_open(const char* yaml, const holdfast_options* options) {
  return guarded<holdfast_system*>(nullptr, [&] {
    const auto& chosen = given(options, "options")->system;
    auto system = System::open_text(given(yaml, "yaml"), chosen);
    return new holdfast_system{std::move(system), chosen.runtime == System::Runtime::sim};
  });
}

int holdfast_start(holdfast_system* system) {
  return guarded(-1, [&] {
    const Turn turn{given(system, "system")->turn};
    if (system->started || system->stopped) throw std::logic_error{"the system was started before: open a new one"};
    system->system->start();
    system->started = true;
    return 0;
  });
}

int holdfast_run_for(holdfast_system* system, uint32_t milliseconds) {
  return guarded(-1, [&] {
    const Turn turn = turn_of(*given(system, "system"));
    if (system->stopped) return 0;
    return running(*system).run_for(std::chrono::milliseconds{milliseconds}) ? 1 : 0;
  });
}

char* holdfast_stop(holdfast_system* system, uint32_t deadline_ms) {
  return guarded<char*>(nullptr, [&] {
    return give(stop(*given(system, "system"), std::chrono::milliseconds{deadline_ms}));
  });
}

void holdfast_close(holdfast_system* system) {
  if (system == nullptr) return;
  guarded(0, [&] {
    if (system->started && !system->stopped) system->system->stop(kAtClose);
    return 0;
  });
  delete system;
}

char* holdfast_status(holdfast_system* system) {
  return guarded<char*>(nullptr, [&] {
    const Turn turn = turn_of(*given(system, "system"));
    return give(carry_out(*system->system, Command{}));
  });
}

char* holdfast_command(holdfast_system* system, const char* json) {
  return guarded<char*>(nullptr, [&] {
    const Turn turn = turn_of(*given(system, "system"));
    const Command command = read_command(Json::parse(given(json, "json")));
    if (system->stopped && command.verb != Command::Verb::status) throw std::logic_error{"the system has stopped"};
    const Json answer = carry_out(running(*system), command);
    if (answer.contains("unknown")) throw std::invalid_argument{answer["unknown"].get<std::string>()};
    return give(answer);
  });
}

char* holdfast_events(holdfast_system* system, uint64_t from, const char* types, uint32_t limit) {
  return guarded<char*>(nullptr, [&] {
    const Turn turn = turn_of(*given(system, "system"));
    return give(events_json(running(*system), from, types_in(types), limit));
  });
}

}  // extern "C"
