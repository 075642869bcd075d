// holdfast venue FILE: a venue of our own, in a process of its own; and the verbs that look at it and annoy it.
#include "venue.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include <holdfast/config/load.hpp>
#include <holdfast/journal/store.hpp>
#include <holdfast/venue/log.hpp>

#include "control.hpp"
#include "guard.hpp"
#include "output.hpp"
#include "venue/gateway.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct VenueVerb {
  std::string file, data = "data/venue", scenario, port_file;
  std::optional<std::uint64_t> seed;
  std::optional<int> port;
  std::vector<std::string> sets;
};

struct DoVerb {
  std::string data;
  std::vector<std::string> words;
};

Time now() {
  return Time{std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

[[noreturn]] void unavailable(const std::string& what) { throw StoreError{StoreError::Kind::io, what}; }

/// A data directory held by this process.
class DirLock {
 public:
  explicit DirLock(const std::string& dir) {
    std::error_code error;
    fs::create_directories(dir, error);
    if (error) unavailable("cannot create the data directory " + dir + ": " + error.message());
    file_ = ::open((dir + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0) unavailable("cannot use the data directory " + dir + ": " + std::strerror(errno));
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
      throw StoreError{StoreError::Kind::in_use, dir + " is in use by another process: stop it first, or choose another data directory"};
  }
  ~DirLock() { ::close(file_); }
  DirLock(const DirLock&) = delete;
  DirLock& operator=(const DirLock&) = delete;

 private:
  int file_ = -1;
};

struct Read {
  venue::VenueOptions options;
  bool good = true;
};

bool report(const Problems& problems, const std::string& file, const std::string& source) {
  if (problems.empty()) return true;
  console().message(render(problems, file, source, console().colour()));
  return false;
}

/// The venue's file, the scenario's, and what the command line says over them.
Read read_files(const VenueVerb& verb, PluginHost& plugins) {
  auto sets = verb.sets;
  if (verb.seed) sets.push_back("seed=" + std::to_string(*verb.seed));
  if (verb.port) sets.push_back("port=" + std::to_string(*verb.port));
  LoadedSettings loaded = load_settings(verb.file, sets);
  Read read;
  PluginContext context;
  context.base_dir = fs::absolute(verb.file).parent_path().lexically_normal().string();
  context.plugins = &plugins;
  if (loaded.problems.empty()) read.options = venue::read_venue(loaded.root, context, loaded.problems);
  read.good = report(loaded.problems, verb.file, loaded.source);
  if (verb.scenario.empty()) return read;
  LoadedSettings scenario = load_settings(verb.scenario);
  if (scenario.problems.empty()) read.options.scenario = venue::read_scenario(scenario.root, scenario.problems);
  read.good = report(scenario.problems, verb.scenario, scenario.source) && read.good;
  return read;
}

/// Whoever waits for the file never sees half a number.
void write_port(const std::string& path, std::uint16_t port) {
  if (path.empty()) return;
  const std::string temporary = path + ".new";
  std::ofstream{temporary} << port << "\n";
  std::error_code error;
  fs::rename(temporary, path, error);
  if (error) throw OutputError{"cannot write " + path + ": " + error.message()};
}

Json carry_out_trouble(venue::Gateway& gateway, const Json& request) {
  Problems problems;
  const auto words = request.value("do", std::vector<std::string>{});
  if (words.empty()) return {{"error", "nothing is asked for"}};
  const venue::Trouble trouble = venue::read_trouble(words, problems);
  if (!problems.empty()) {
    std::string all;
    for (const auto& problem : problems)
      all += (all.empty() ? "" : "; ") + problem.what + (problem.mend.empty() ? "" : " (" + problem.mend + ")");
    return {{"error", all}};
  }
  const auto [good, text] = gateway.perform(trouble);
  return {{good ? "done" : "error", text}};
}

int serve(const VenueVerb& verb) {
  PluginHost plugins{plugin_folders(nullptr)};
  const Read read = read_files(verb, plugins);
  if (!read.good) return kConfiguration;
  const Signals signals;
  const DirLock lock{verb.data};
  std::unique_ptr<venue::Gateway> gateway;
  std::uint16_t port = 0;
  try {
    gateway = std::make_unique<venue::Gateway>(read.options, verb.data, now);
    port = gateway->start();
  } catch (const std::runtime_error& error) {
    unavailable(error.what());
  }
  const ControlServer control{verb.data, [&](const Json& request) { return carry_out_trouble(*gateway, request); }};
  print("venue listens at " + read.options.host + ":" + std::to_string(port) + ", its data is in " + verb.data);
  write_port(verb.port_file, port);
  while (signals.wait(0ms) == 0) gateway->step(20ms);
  gateway->stop();
  gateway->step(Duration{});  // What came in last is kept.
  return kOk;
}

int make_trouble(const DoVerb& verb) {
  const auto reply = ask(verb.data, {{"do", verb.words}}, 2000ms);
  if (reply.kind == ControlReply::Kind::nobody) unavailable("no venue runs in " + verb.data);
  if (reply.kind == ControlReply::Kind::silent) unavailable("the venue in " + verb.data + " does not answer");
  if (reply.body.contains("error")) throw std::invalid_argument{reply.body["error"].get<std::string>()};
  print(reply.body.value("done", ""));
  return kOk;
}

void add_looks(CLI::App& verb, Action& action) {
  struct Look {
    std::string path;
    bool json = false;
  };
  const auto add = [&](const char* name, const char* text, int (*run)(const std::string&, bool)) {
    auto options = std::make_shared<Look>();
    auto* look = verb.add_subcommand(name, text);
    look->add_option("D", options->path, "Data directory of the venue, or its file")->required();
    look->add_flag("--json", options->json, "Result as JSON");
    look->callback([options, run, &action] { action = [options, run] { return run(options->path, options->json); }; });
  };
  add("book", "What the venue's file holds: open orders, fills, positions, balances", venue_book);
  add("log", "The venue's file line by line", venue_log);
}

}  // namespace

void add_venue(CLI::App& app, Action& action) {
  auto options = std::make_shared<VenueVerb>();
  auto* verb = app.add_subcommand("venue", "A venue of our own: an exchange that speaks FIX, keeps its word, and fails on purpose");
  verb->require_subcommand(0, 1);
  verb->add_option("FILE", options->file, "What the venue is: instruments, accounts, and what goes wrong");
  verb->add_option("--data", options->data, "Where it keeps its file")->capture_default_str();
  verb->add_option("--seed", options->seed, "In place of the file's seed");
  verb->add_option("--port", options->port, "In place of the file's port; 0: one that is free");
  verb->add_option("--scenario", options->scenario, "A list of troubles, in place of the file's");
  verb->add_option("--port-file", options->port_file, "Where to write the port once it listens");
  verb->add_option("--set", options->sets, "Replace a value: path=value, repeatable")->allow_extra_args(false);
  verb->callback([options, verb, &action] {
    if (!verb->get_subcommands().empty()) return;
    if (options->file.empty()) throw CLI::RequiredError{"FILE"};
    action = [options] { return serve(*options); };
  });
  add_looks(*verb, action);
  auto trouble = std::make_shared<DoVerb>();
  auto* annoy = verb->add_subcommand("do", "Makes a running venue do something wrong, now or the next time");
  annoy->add_option("D", trouble->data, "Data directory of the venue")->required();
  annoy->add_option("WHAT", trouble->words, "Such as `ack_lost count=2`; docs/venue.md lists all")->required();
  annoy->callback([trouble, &action] { action = [trouble] { return make_trouble(*trouble); }; });
}

}  // namespace holdfast::cli
