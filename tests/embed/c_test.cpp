// The C interface as a program in C sees it.
#include <holdfast.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "shell.hpp"
#include "test_data.hpp"

using namespace holdfast::test;
using Json = nlohmann::json;

namespace {

std::string plugins() { return std::string{std::getenv("HOLDFAST_BUILD")} + "/plugins"; }

/// A synthetic market, and one who orders at a beat. No ticks: a live market without end.
std::string plan(const std::string& ticks = "") {
  return "holdfast: 1\nsystem: { name: c, clock: " + std::string{ticks.empty() ? "wall" : "feed"} +
         R"(, seed: 7 }
instruments: [{ symbol: BTC, tick: 0.01, lot: 0.001, currency: USD, session: 24x7 }]
tree:
  intensity: 1000
  children:
    - { name: ledger, actor: ledger }
    - { name: risk, actor: risk, settings: { rules: [{ plugin: fat_finger, max_quantity: 1000 }] } }
    - { name: venue, actor: broker, settings: { broker: { plugin: paper } } }
    - { name: beat, actor: strategy, settings: { strategy: { plugin: metronome, instrument: BTC, every: 20 } } }
    - { name: market, actor: feed, settings: { speed: )" + (ticks.empty() ? "20" : "0") +
         ", source: { plugin: synthetic, instruments: [BTC], start_price: 100, ticks: " + (ticks.empty() ? "0" : ticks) + " } } }\n";
}

/// What a call gave, taken over.
std::string taken(char* text) {
  if (text == nullptr) throw std::runtime_error{holdfast_error()};
  const std::string copy = text;
  holdfast_free(text);
  return copy;
}
Json answer(char* text) { return Json::parse(taken(text)); }

class Options {
 public:
  explicit Options(const std::string& data_dir, const char* runtime = "caf") : options_{holdfast_options_new()} {
    set("data_dir", data_dir);
    set("runtime", runtime);
    set("plugin_path", plugins());
  }
  ~Options() { holdfast_options_free(options_); }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  void set(const char* name, const std::string& value) const {
    BOOST_TEST_REQUIRE(holdfast_options_set(options_, name, value.c_str()) == 0, holdfast_error());
  }
  holdfast_options* get() const { return options_; }

 private:
  holdfast_options* options_;
};

/// Started; closed with it.
class Handle {
 public:
  Handle(const std::string& yaml, const Options& options) : system_{holdfast_open(yaml.c_str(), options.get())} {
    BOOST_TEST_REQUIRE(system_ != nullptr, holdfast_error());
    BOOST_TEST_REQUIRE(holdfast_start(system_) == 0, holdfast_error());
  }
  ~Handle() { holdfast_close(system_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  holdfast_system* get() const { return system_; }
  Json status() const { return answer(holdfast_status(system_)); }
  /// Works until `done` says so; false when it takes longer than anything should.
  bool until(const std::function<bool(const Json&)>& done) const {
    for (int i = 0; i < 3000; ++i) {
      if (done(status())) return true;
      if (holdfast_run_for(system_, 10) < 0) return false;
    }
    return false;
  }

 private:
  holdfast_system* system_;
};

bool says(const std::string& what) {
  const std::string error = holdfast_error();
  BOOST_TEST(error.find(what) != std::string::npos, "says: " << error);
  return error.find(what) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(c_interface)

BOOST_AUTO_TEST_CASE(a_backtest_runs_to_its_end_and_hands_out_every_event_once) {
  const ScratchDir dir;
  const Handle system{plan("5000"), Options{dir / "data", "sim"}};
  std::uint64_t next = 1;
  std::vector<std::uint64_t> seqs;
  const auto read = [&](std::uint32_t most) {
    const Json batch = answer(holdfast_events(system.get(), next, nullptr, most));
    BOOST_TEST(batch["schema"] == "holdfast.events/1");
    for (const auto& e : batch["events"]) seqs.push_back(e["seq"]);
    next = batch["next"];
    return batch["events"].size();
  };
  while (holdfast_run_for(system.get(), 1) == 1) read(7);
  const Json ended = answer(holdfast_stop(system.get(), 10'000));
  while (read(7) > 0) continue;
  BOOST_TEST(ended["schema"] == "holdfast.stop/1");
  BOOST_TEST(ended["clean"] == true);
  BOOST_TEST(ended["summary"]["fills"] == 250);
  BOOST_TEST(std::ranges::is_sorted(seqs));
  BOOST_TEST((std::ranges::adjacent_find(seqs) == seqs.end()));
  const Json fills = answer(holdfast_events(system.get(), 1, "OrderFilled,OrderDenied", 1'000'000))["events"];
  BOOST_TEST(fills.size() == 250u);
  BOOST_TEST(fills[0]["type"] == "OrderFilled");
  BOOST_TEST(fills[0]["fields"]["order"] == "beat-1");
  BOOST_TEST(next == ended["summary"]["head_seq"].get<std::uint64_t>() + 1);
  BOOST_TEST(holdfast_run_for(system.get(), 1) == 0);
  BOOST_TEST(holdfast_command(system.get(), R"({"verb":"halt","by":"ann","reason":"late"})") == nullptr);
  BOOST_TEST(says("the system has stopped"));
}

BOOST_AUTO_TEST_CASE(a_live_system_is_halted_resumed_and_crashed_by_commands) {
  const ScratchDir dir;
  const Handle system{plan(), Options{dir / "data"}};
  BOOST_TEST(system.until([](const Json& s) { return s["fills"] > 3; }));
  const auto command = [&](const char* text) { return answer(holdfast_command(system.get(), text)); };
  BOOST_TEST(command(R"({"verb":"halt","by":"ann","reason":"odd prices"})")["durable"] == true);
  const Json latches = system.status()["latches"];
  BOOST_TEST_REQUIRE(latches.size() == 1u);
  BOOST_TEST(latches[0]["level"] == "HALTED");
  BOOST_TEST(latches[0]["since"].get<std::string>().substr(0, 4) != "1970");
  BOOST_TEST(command(R"({"verb":"resume","by":"ann","reason":"prices are back"})")["released"] == true);
  BOOST_TEST(command(R"({"verb":"halt","scope":"strategy","target":"beat","level":"reducing","by":"a","reason":"b"})")["durable"] == true);
  BOOST_TEST(command(R"({"verb":"crash","actor":"beat","reason":"a drill"})")["crashed"] == true);
  BOOST_TEST(system.until([](const Json& s) { return s["actors"][3]["restarts"] == 1; }));
  // What failed is in the record, which hears it when its turn comes.
  BOOST_TEST(system.until([](const Json& s) { return s["actors"][3]["last_failure"] == "a drill"; }));
  BOOST_TEST(command(R"({"verb":"status"})")["state"] == "ready");
}

BOOST_AUTO_TEST_CASE(commands_that_cannot_be_carried_out_say_why) {
  const ScratchDir dir;
  const Handle system{plan(), Options{dir / "data"}};
  const auto refused = [&](const char* text, const char* why) {
    BOOST_TEST(holdfast_command(system.get(), text) == nullptr);
    BOOST_TEST(says(why));
  };
  refused("{", "not JSON of the expected shape");
  refused(R"({"verb":"halt"})", "not JSON of the expected shape");
  refused(R"({"verb":"halt","by":" ","reason":"x"})", "by is empty");
  refused(R"({"verb":"halt","by":"a","reason":"x","scope":"galaxy"})", "scope must be one of system, strategy, instrument");
  refused(R"({"verb":"halt","by":"a","reason":"x","scope":"strategy","target":"nobody"})", "there is no actor 'nobody'");
  refused(R"({"verb":"resume","by":"a","reason":"x","scope":"instrument","target":"ETH"})", "there is no instrument 'ETH'");
  refused(R"({"verb":"crash","actor":"nobody","reason":"x"})", "there is no actor 'nobody'");
  refused(R"({"verb":"sell everything"})", "'sell everything' is none of the commands");
  refused(nullptr, "json must not be NULL");
  BOOST_TEST(holdfast_events(system.get(), 1, "OrderFild", 10) == nullptr);
  BOOST_TEST(says("did you mean 'OrderFilled'?"));
  BOOST_TEST(system.status()["latches"].size() == 0u);
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_caller_fail_and_are_explained) {
  const ScratchDir dir;
  const Options options{dir / "data"};
  BOOST_TEST(holdfast_options_set(options.get(), "data_dri", "x") == -1);
  BOOST_TEST(says("did you mean 'data_dir'?"));
  BOOST_TEST(holdfast_options_set(options.get(), "runtime", "fast") == -1);
  BOOST_TEST(says("runtime must be caf or sim"));
  BOOST_TEST(holdfast_open("holdfast: 1", nullptr) == nullptr);
  BOOST_TEST(says("options must not be NULL"));
  BOOST_TEST(holdfast_start(nullptr) == -1);
  BOOST_TEST(holdfast_run_for(nullptr, 1) == -1);
  BOOST_TEST(holdfast_stop(nullptr, 1) == nullptr);
  BOOST_TEST(holdfast_status(nullptr) == nullptr);
  BOOST_TEST(says("system must not be NULL"));
  holdfast_close(nullptr);
  holdfast_free(nullptr);

  std::string wrong = plan();
  wrong.replace(wrong.find("plugin: paper"), 13, "plugin: papr ");
  wrong.replace(wrong.find("every: 20"), 9, "evry: 20 ");
  BOOST_TEST(holdfast_open(wrong.c_str(), options.get()) == nullptr);
  BOOST_TEST(says("did you mean 'paper'?"));
  BOOST_TEST(says("evry"));
  BOOST_TEST(says("^^^^"));
  BOOST_TEST(!std::filesystem::exists(dir / "data"));

  holdfast_system* const system = holdfast_open(plan().c_str(), options.get());
  BOOST_TEST_REQUIRE(system != nullptr);
  BOOST_TEST(holdfast_run_for(system, 1) == -1);
  BOOST_TEST(says("call holdfast_start() first"));
  BOOST_TEST(answer(holdfast_status(system))["state"] == "starting");
  BOOST_TEST(holdfast_open(plan().c_str(), options.get()) == nullptr);
  BOOST_TEST(says("in use"));
  BOOST_TEST(answer(holdfast_stop(system, 1000))["clean"] == true);
  holdfast_close(system);
}

BOOST_AUTO_TEST_CASE(each_thread_has_its_own_last_error) {
  BOOST_TEST(holdfast_start(nullptr) == -1);
  std::string other;
  std::thread{[&] { other = holdfast_error(); }}.join();
  BOOST_TEST(other == "");
  BOOST_TEST(says("system must not be NULL"));
}

BOOST_AUTO_TEST_CASE(the_host_lends_its_clock_and_hears_the_log) {
  const ScratchDir dir;
  const Options options{dir / "data"};
  static std::atomic<std::int64_t> asked{0};
  static std::atomic<int> said{0};
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(holdfast_options_clock(options.get(), [](void* since) {
    ++asked;
    const auto passed = std::chrono::steady_clock::now() - *static_cast<const std::chrono::steady_clock::time_point*>(since);
    return std::int64_t{2'208'988'800'000'000'000} + std::chrono::nanoseconds{passed}.count();
  }, const_cast<std::chrono::steady_clock::time_point*>(&begin)) == 0);
  BOOST_TEST(holdfast_options_log(options.get(), [](void*, const char* level, const char* actor, const char* text) {
    if (std::string{level} == "error" && std::string{actor} == "beat" && std::string{text} == "failed: a drill") ++said;
  }, nullptr) == 0);
  const Handle system{plan(), options};
  BOOST_TEST(system.until([](const Json& s) { return s["fills"] > 3; }));
  answer(holdfast_command(system.get(), R"({"verb":"crash","actor":"beat","reason":"a drill"})"));
  BOOST_TEST(system.until([](const Json& s) { return s["actors"][3]["restarts"] == 1; }));
  const Json events = answer(holdfast_events(system.get(), 1, nullptr, 1'000'000))["events"];
  for (const auto& e : events) BOOST_TEST(e["time"].get<std::string>().substr(0, 4) == "2040");
  BOOST_TEST(asked > 0);
  BOOST_TEST(said == 1);
}

BOOST_AUTO_TEST_CASE(calls_from_many_threads_get_along_until_the_stop_and_after) {
  const ScratchDir dir;
  const Handle live{plan(), Options{dir / "live"}};
  const Handle backtest{plan("20000"), Options{dir / "backtest", "sim"}};
  std::atomic<bool> over{false};
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (const auto* system : {&live, &backtest})
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&, system, i] {
        while (!over) {
          char* const got = i == 0 ? holdfast_status(system->get())
                                   : holdfast_events(system->get(), 1, "OrderFilled", 20);
          failures += got == nullptr;
          holdfast_free(got);
          if (i == 2) failures += holdfast_run_for(system->get(), 1) < 0;
        }
      });
  BOOST_TEST(live.until([](const Json& s) { return s["fills"] > 3; }));
  BOOST_TEST(backtest.until([](const Json& s) { return s["ticks"] >= 20000; }));
  BOOST_TEST(answer(holdfast_stop(live.get(), 20'000))["clean"] == true);
  BOOST_TEST(answer(holdfast_stop(backtest.get(), 20'000))["clean"] == true);
  over = true;
  for (auto& thread : threads) thread.join();
  BOOST_TEST(failures == 0);
}

BOOST_AUTO_TEST_CASE(the_library_shows_nothing_but_its_c_interface) {
  const ScratchDir dir;
  const std::string library = std::string{std::getenv("HOLDFAST_BUILD")} + "/lib/libholdfast.so";
  const Ran ran = shell("nm -D --defined-only '" + library + "' | awk '{print $3}'", dir.str());
  BOOST_TEST(ran.exit == 0, ran.output);
  std::istringstream names{ran.output};
  std::size_t count = 0;
  for (std::string name; std::getline(names, name); ++count) BOOST_TEST(name.starts_with("holdfast_"), name);
  BOOST_TEST(count >= 15u);
}

BOOST_AUTO_TEST_SUITE_END()
