#pragma once

#include <dlfcn.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <holdfast/config/load.hpp>
#include <holdfast/runtime/replay.hpp>
#include <holdfast/runtime/stopped.hpp>
#include <holdfast/runtime/system.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin_fixture.hpp"
#include "test_data.hpp"

/// Whole systems on a synthetic market, with the built plugins and those that are wrong.
namespace holdfast::test {

inline std::string wrong_plugins(const std::string& version = "v1") {
  return std::string{WRONG_PLUGINS} + "/" + version;
}

/// A symbol a wrong plugin shares with its test.
template <class T>
T& shared_with(const std::string& library, const char* symbol) {
  void* const handle =
      dlopen((wrong_plugins() + "/" + library + ".so").c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) throw std::runtime_error{dlerror()};
  void* const found = dlsym(handle, symbol);
  if (found == nullptr) throw std::runtime_error{dlerror()};
  return *reinterpret_cast<T*>(found);
}

/// What a test says about its system; the rest is the same for all.
struct Setup {
  std::string clock = "feed";
  std::uint64_t seed = 7;
  std::uint64_t ticks = 20'000;  ///< 0: a market without end.
  std::uint64_t in_step = 0;     ///< How far the market may be ahead of its orders; 0: any.
  int speed = 0;                 ///< Of the market against the clock; 0 is as fast as possible.
  std::uint64_t snapshot_every = 500'000;
  std::uint64_t market_events = 0;  ///< How many are kept; 0: all.
  std::string frame = "64KiB";
  std::string rules = "[{ plugin: fat_finger, max_quantity: 1000, max_notional: 10000000 }]";
  /// Name of the actor, and its plugin's settings.
  std::vector<std::pair<std::string, std::string>> strategies;
  std::string more;  ///< Further children, one per line.

  std::string text() const {
    std::string out =
        "holdfast: 1\nsystem: { name: test, clock: " + clock + ", seed: " + std::to_string(seed) +
        ", workers: 2, in_step: " + std::to_string(in_step) + " }\njournal: { frame: " + frame + ", snapshot_every: " + std::to_string(snapshot_every) +
        ", retention: { market_events: " + std::to_string(market_events) + " } }\ninstruments:\n" + "  - { symbol: BTC, tick: 0.01, lot: 0.001, currency: USD, session: 24x7 }\n" +
        "tree:\n  strategy: one_for_one\n  intensity: 1000\n" +
        "  backoff: { initial: 1ms, max: 2ms }\n  children:\n" + "    - { name: ledger, actor: ledger }\n" +
        "    - { name: risk, actor: risk, settings: { rules: " + rules + " } }\n" +
        "    - { name: venue, actor: broker, settings: { broker: { plugin: paper } } }\n";
    for (const auto& [name, settings] : strategies)
      out += "    - { name: " + name + ", actor: strategy, settings: { strategy: { instrument: BTC, " +
             settings + " } } }\n";
    out += more;
    return out + "    - { name: market, actor: feed, settings: { speed: " + std::to_string(speed) +
           ", source: { plugin: synthetic, instruments: [BTC], start_price: 100, ticks: " +
           std::to_string(ticks) + " } } }\n";
  }
};

inline Plan plan_of(const std::string& text) {
  auto loaded = load_plan_text(text);
  if (!loaded.plan) throw std::runtime_error{render(loaded, false)};
  return std::move(*loaded.plan);
}

using Runtime = System::Runtime;

/// A system and what it needs to live; stopped with it.
class Running {
 public:
  Running(const std::string& text, const std::string& data_dir, Runtime runtime,
          const std::string& failpoints = "", const std::string& plugins = wrong_plugins())
      : host_{{plugins, (build_dir() / "plugins").string()}} {
    System::Options options;
    options.runtime = runtime;
    options.data_dir = data_dir;
    options.failpoints = failpoints;
    system_ = System::open(plan_of(text), host_, std::move(options));
    system_->start();
  }
  System* operator->() const { return system_.get(); }

  /// Works until `done` says so. False when it ended, failed, or took longer than anything should.
  bool until(const std::function<bool(const SystemStatus&)>& done,
             Duration at_most = std::chrono::minutes{2}) {
    const auto end = std::chrono::steady_clock::now() + at_most;
    while (!done(system_->status())) {
      if (std::chrono::steady_clock::now() >= end) return false;
      if (!system_->run_for(std::chrono::milliseconds{2})) return done(system_->status());
    }
    return true;
  }
  /// Works until nothing more will happen, then stops. Returns what was left undone.
  std::string finish() {
    until([](const auto&) { return false; });
    return system_->stop(std::chrono::seconds{20});
  }
  SystemStatus::ActorLine actor(const std::string& name) const {
    for (auto& line : system_->status().actors)
      if (line.name == name) return line;
    throw std::invalid_argument{"no actor " + name};
  }

 private:
  PluginHost host_;
  std::unique_ptr<System> system_;
};

/// Everything a journal holds so far, in order; works beside the system that writes it.
class Journaled {
 public:
  explicit Journaled(const std::string& data_dir) : store_{open_for_reading(data_dir)} {
    store_->scan(1, [&](const FramePtr& frame) {
      frames_.push_back(frame);
      return true;
    });
    for (const auto& frame : frames_)
      frame->for_each([&](const Event& e) {
        if (e.type() == EventType::actor_declared)
          names_[std::string{e.tail<ActorDeclared>()}] = e.as<ActorDeclared>().actor;
        if (stream_of(e.type()) == Stream::business) events_.push_back(e);
      });
  }
  /// Business events.
  const std::vector<Event>& events() const { return events_; }
  std::vector<Event> of(EventType type, const std::string& author = "") const {
    std::vector<Event> out;
    for (const auto& e : events_)
      if (e.type() == type && (author.empty() || e.author() == id(author))) out.push_back(e);
    return out;
  }
  ActorId id(const std::string& name) const { return names_.at(name); }
  std::uint64_t quotes() const {
    std::uint64_t count = 0;
    for (const auto& frame : frames_)
      frame->for_each([&](const Event& e) { count += e.type() == EventType::quote; });
    return count;
  }

 private:
  std::unique_ptr<Store> store_;
  std::vector<FramePtr> frames_;
  std::vector<Event> events_;
  std::map<std::string, ActorId> names_;
};

inline ReplayReport replayed(const std::string& data_dir, const std::string& plugins = wrong_plugins()) {
  PluginHost host{{plugins, (build_dir() / "plugins").string()}};
  return replay_journal(data_dir, host);
}

/// Names and first differences of those a replay did not reproduce; empty when it is equal.
inline std::string differences(const ReplayReport& report) {
  std::string out;
  for (const auto& actor : report.actors)
    for (const auto& difference : actor.differences) out += actor.name + ": " + difference + "\n";
  return out;
}

}  // namespace holdfast::test

namespace holdfast {
/// For Boost.Test's messages.
inline std::ostream& boost_test_print_type(std::ostream& out, System::Runtime runtime) {
  return out << (runtime == System::Runtime::sim ? "sim" : "caf");
}
}  // namespace holdfast
