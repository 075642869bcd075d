// holdfast failpoints [D TEXT]: where a system can be made to fail, and making a running one fail there.
#include <chrono>
#include <holdfast/journal/failpoints.hpp>
#include <memory>

#include "control.hpp"
#include "output.hpp"
#include "summary.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

struct FailpointOptions {
  std::string data_dir, text;
  bool json = false;
};

std::vector<std::string> tasks_of(const FailpointSite& site) {
  std::vector<std::string> tasks{"kill", "pause", "sleep"};
  if (site.throws) tasks.insert(tasks.end(), {"throw", "errno"});
  if (site.returns) tasks.emplace_back("return");
  if (site.corrupts) tasks.emplace_back("corrupt");
  return tasks;
}

int list(bool json) {
  Json all = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const FailpointSite& site : failpoint_sites()) {
    const auto tasks = tasks_of(site);
    all.push_back({{"name", site.name}, {"where", site.where}, {"tasks", tasks}});
    std::string more;
    for (std::size_t i = 3; i < tasks.size(); ++i) more += (more.empty() ? "" : ", ") + tasks[i];
    rows.push_back({std::string{site.name}, more, std::string{site.where}});
  }
  if (json) print(dump({{"schema", "holdfast.failpoints/1"}, {"places", all}}));
  else print(table({"place", "beside kill, pause, sleep", "when it is reached"}, rows));
  return kOk;
}

int arm(const FailpointOptions& options) {
  const auto reply = ask(options.data_dir, {{"verb", "failpoints"}, {"text", options.text}}, std::chrono::seconds{2});
  if (reply.kind != ControlReply::Kind::answered) {
    console().error(reply.kind == ControlReply::Kind::nobody ? "no system runs in " + options.data_dir
                                                             : "the system in " + options.data_dir + " does not answer");
    return kUnavailable;
  }
  for (const char* why : {"unknown", "error"})
    if (reply.body.contains(why)) throw std::invalid_argument{reply.body[why].get<std::string>()};
  if (options.json) {
    print(dump({{"schema", "holdfast.failpoints_reached/1"}, {"hits", reply.body["hits"]}}));
    return kOk;
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, hits] : reply.body["hits"].items()) rows.push_back({name, grouped(hits.get<std::uint64_t>())});
  print(rows.empty() ? "armed; nothing was reached yet\n" : table({"place", "reached"}, rows));
  return kOk;
}

}  // namespace

void add_failpoints(CLI::App& app, Action& action) {
  const auto options = std::make_shared<FailpointOptions>();
  auto* verb = app.add_subcommand("failpoints", "Where a system can be made to fail on purpose; with D, makes a running one");
  auto* directory = verb->add_option("D", options->data_dir, "Data directory of a running system");
  verb->add_option("TEXT", options->text, "place=task;…, such as actor.hear/risk=throw@3 or journal.before_sync=10%sleep(50)")
      ->needs(directory);
  verb->add_flag("--json", options->json, "Result as JSON");
  verb->callback([options, &action] { action = [options] { return options->data_dir.empty() ? list(options->json) : arm(*options); }; });
}

}  // namespace holdfast::cli
