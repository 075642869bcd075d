// holdfast plugin new KIND NAME --dir D
#include "plugin_new.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <holdfast/plugin_host/plugin_host.hpp>

#include "output.hpp"
#include "summary.hpp"
#include "templates.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

namespace fs = std::filesystem;
using Values = std::map<std::string, std::string>;

constexpr std::size_t kLongestName = 40;

/// Why a plugin cannot be called so; empty when it can.
std::string refuse_name(const std::string& name) {
  const bool good = !name.empty() && name.size() <= kLongestName && name[0] >= 'a' && name[0] <= 'z' &&
                    name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  return good ? "" : "'" + printable(name) + "' is no name for a plugin: write at most " + std::to_string(kLongestName) +
                         " small letters, digits and _, and begin with a letter, such as my_trend";
}

/// Why nothing can be written there; empty when it can.
std::string refuse_folder(const std::string& dir) {
  std::error_code error;
  if (!fs::exists(dir, error)) return "";
  if (!fs::is_directory(dir, error)) return dir + " is a file: name a folder that is empty or does not exist";
  if (!fs::is_empty(dir, error) || error) return dir + " is not empty: name a folder that is empty or does not exist";
  return "";
}

/// my_trend, strategy: MyTrendStrategy.
std::string class_name(const std::string& name, const std::string& kind) {
  std::string out;
  for (const std::string& word : {name, kind == "risk_rule" ? std::string{"rule"} : kind}) {
    bool first = true;
    for (const char c : word) {
      if (c != '_') out += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      first = c == '_';
    }
  }
  return out;
}

/// The template of this kind, or that of any.
const std::string& template_of(const std::string& kind, const std::string& name) {
  const auto& all = plugin_templates();
  const auto own = all.find(kind + "/" + name);
  return own != all.end() ? own->second : all.at("any/" + name);
}

std::string filled(std::string text, const Values& values) {
  for (const auto& [key, value] : values)
    for (std::size_t at = 0; (at = text.find("{{" + key + "}}", at)) != std::string::npos; at += value.size())
      text.replace(at, key.size() + 4, value);
  return text;
}

/// "0.1" of "0.1.0": plugins are built against the same minor version.
std::string minor_version() {
  const std::string full = HOLDFAST_VERSION;
  return full.substr(0, full.rfind('.'));
}

/// File names and contents.
std::map<std::string, std::string> project(const std::string& kind, const std::string& name) {
  Values values{{"name", name}, {"kind", kind}, {"Class", class_name(name, kind)}, {"version", minor_version()}};
  Values parts;
  const auto take = [&](const char* part) { parts[part] = filled(template_of(kind, std::string{part} + ".in"), values); };
  for (const char* part : {"rules", "broker", "actors", "source"}) take(part);
  // Of a kind that has a conformance suite.
  const bool suite = plugin_templates().contains(kind + "/conformance.yaml.in");
  for (const char* part : {"suite_file", "suite_run", "suite_test"}) {
    parts[part] = "";
    if (suite) take(part);
  }
  const auto make = [&](const std::string& file) { return filled(filled(template_of(kind, file), parts), values); };
  std::map<std::string, std::string> files{{"CMakeLists.txt", make("CMakeLists.txt.in")},
                                           {".gitignore", make("gitignore.in")},
                                           {"README.md", make("README.md.in")},
                                           {name + ".cpp", make("source.cpp.in")},
                                           {name + "_test.cpp", make("test.cpp.in")},
                                           {name + ".yaml", make("system.yaml.in")}};
  if (suite) files["conformance.yaml"] = make("conformance.yaml.in");
  if (kind == "strategy") files[name + ".tape"] = make("tape.in");
  return files;
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream out{path, std::ios::binary};
  out << text;
  out.close();
  if (!out) throw std::runtime_error{path.string() + " cannot be written: check the folder's permissions and its disk"};
}

}  // namespace

int plugin_new(const NewPlugin& wanted) {
  const std::string dir = wanted.dir.empty() ? wanted.name : wanted.dir;
  std::string refused = refuse_name(wanted.name);
  if (refused.empty()) refused = refuse_folder(dir);
  if (refused.empty() && PluginHost{plugin_folders(nullptr)}.look(wanted.kind, wanted.name).refused.empty())
    refused = "there is a " + wanted.kind + " '" + wanted.name + "' already: one would hide the other, so choose another name";
  if (!refused.empty()) {
    console().error(refused);
    return kUsage;
  }
  fs::create_directories(dir);
  Json written = Json::array();
  for (const auto& [file, text] : project(wanted.kind, wanted.name)) {
    write(fs::path{dir} / file, text);
    written.push_back(file);
  }
  if (wanted.json) {
    print(dump({{"schema", "holdfast.plugin_new/1"}, {"kind", wanted.kind}, {"name", wanted.name}, {"dir", dir}, {"files", written}}));
    return kOk;
  }
  print("The " + wanted.kind + " " + wanted.name + " is in " + dir + ". Build it, test it, run it:\n\n  cmake -S " + dir + " -B " + dir +
        "/build\n  cmake --build " + dir + "/build\n  ctest --test-dir " + dir + "/build\n  holdfast --plugin-path " + dir +
        "/build/plugins backtest " + dir + "/" + wanted.name + ".yaml");
  return kOk;
}

}  // namespace holdfast::cli
