// holdfast doctor [D]: the boring causes first.
#include "doctor.hpp"

#include <algorithm>
#include <holdfast/plugin_host/plugin_host.hpp>
#include <memory>

#include "output.hpp"
#include "summary.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

struct DoctorOptions {
  std::string data_dir;
  bool json = false;
};

const char* word(Finding::Level level) {
  switch (level) {
    case Finding::Level::ok: return "ok";
    case Finding::Level::warning: return "warning";
    case Finding::Level::failure: return "failure";
  }
  return "failure";
}

Findings check_plugins() {
  PluginHost host{plugin_folders(nullptr)};
  const auto all = host.list();
  const auto refused = std::ranges::count_if(all, [](const auto& p) { return !p.refused.empty(); });
  const std::string found = grouped(all.size() - static_cast<std::size_t>(refused)) + " usable, " +
                            grouped(static_cast<std::uint64_t>(refused)) + " refused";
  if (refused > 0)
    return {{"plugins", Finding::Level::warning, found, "`holdfast plugin list` says why each was refused"}};
  if (all.empty())
    return {{"plugins", Finding::Level::warning, found,
             "name their folder in HOLDFAST_PLUGIN_PATH or in the file's plugin path"}};
  return {{"plugins", Finding::Level::ok, found, ""}};
}

std::string painted(Finding::Level level) {
  const std::string text = word(level);
  if (!console().colour()) return text;
  const char* colour = level == Finding::Level::ok ? "32" : level == Finding::Level::warning ? "33" : "1;31";
  return std::string{"\x1b["} + colour + "m" + text + "\x1b[0m";
}

std::string text_of(const Findings& findings) {
  std::string out;
  for (const auto& f : findings) {
    out += painted(f.level) + std::string(9 - std::string{word(f.level)}.size(), ' ') + f.name +
           std::string(f.name.size() < 19 ? 19 - f.name.size() : 1, ' ') + printable(f.found) + "\n";
    if (!f.remedy.empty()) out += std::string(28, ' ') + "-> " + printable(f.remedy) + "\n";
  }
  return out;
}

int doctor(const DoctorOptions& options) {
  Findings all;
  const auto add = [&](Findings more) { all.insert(all.end(), more.begin(), more.end()); };
  const std::string where = options.data_dir.empty() ? "." : options.data_dir;
  add(check_clock());
  add(check_disk(where));
  if (!options.data_dir.empty()) add(check_permissions(where));
  add(check_limits());
  add(check_processor());
  add(check_versions());
  add(check_plugins());
  const auto count = [&](Finding::Level level) {
    return static_cast<std::uint64_t>(std::ranges::count(all, level, &Finding::level));
  };
  const std::uint64_t failures = count(Finding::Level::failure), warnings = count(Finding::Level::warning);
  if (options.json) {
    Json list = Json::array();
    for (const auto& f : all)
      list.push_back({{"name", f.name}, {"level", word(f.level)}, {"found", f.found}, {"remedy", f.remedy}});
    print(dump({{"schema", "holdfast.doctor/1"},
                {"ok", failures == 0},
                {"warnings", warnings},
                {"failures", failures},
                {"findings", list}}));
  } else {
    print(text_of(all) + "\n" + grouped(all.size()) + " looked at: " + grouped(failures) + " failures, " +
          grouped(warnings) + " warnings");
  }
  return failures > 0 ? kRefused : kOk;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
  auto options = std::make_shared<DoctorOptions>();
  auto* verb =
      app.add_subcommand("doctor", "Look for what usually goes wrong on a machine; exit 1 when something fails");
  verb->add_option("D", options->data_dir,
                   "Data directory the system has or shall have; the working directory unless said");
  verb->add_flag("--json", options->json, "Result as JSON");
  verb->callback([options, &action] { action = [options] { return doctor(*options); }; });
}

}  // namespace holdfast::cli
