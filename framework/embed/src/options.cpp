#include <map>
#include <stdexcept>

#include <holdfast/plugin_host/plugin_host.hpp>

#include "handle.hpp"

using namespace holdfast;
using c::given;
using c::guarded;

namespace {

using Setter = void (*)(System::Options& options, const std::string& value);

const std::map<std::string, Setter>& setters() {
  static const std::map<std::string, Setter> table{
      {"data_dir", [](auto& o, const auto& value) { o.data_dir = value; }},
      {"runtime",
       [](auto& o, const auto& value) {
         if (value != "caf" && value != "sim") throw std::invalid_argument{"runtime must be caf or sim"};
         o.runtime = value == "sim" ? System::Runtime::sim : System::Runtime::caf;
       }},
      {"resume",
       [](auto& o, const auto& value) {
         if (value != "true" && value != "false") throw std::invalid_argument{"resume must be true or false"};
         o.resume = value == "true";
       }},
      {"plugin_path", [](auto& o, const auto& value) { o.plugin_path = PluginHost::split_path(value); }},
      {"profile", [](auto& o, const auto& value) { o.profiles.push_back(value); }},
      {"set", [](auto& o, const auto& value) { o.overrides.push_back(value); }},
      {"failpoints", [](auto& o, const auto& value) { o.failpoints = value; }},
  };
  return table;
}

void set(System::Options& options, const std::string& name, const std::string& value) {
  const auto found = setters().find(name);
  if (found != setters().end()) return found->second(options, value);
  std::vector<std::string> names;
  for (const auto& [known, setter] : setters()) names.push_back(known);
  const auto near = nearest(name, names);
  throw std::invalid_argument{"there is no option '" + name + "'" +
                              (near.empty() ? "" : ", did you mean '" + near + "'?")};
}

}  // namespace

extern "C" {

holdfast_options* holdfast_options_new(void) {
  return guarded<holdfast_options*>(nullptr, [] { return new holdfast_options; });
}

void holdfast_options_free(holdfast_options* options) { delete options; }

int holdfast_options_set(holdfast_options* options, const char* name, const char* value) {
  return guarded(-1, [&] {
    set(given(options, "options")->system, given(name, "name"), given(value, "value"));
    return 0;
  });
}

int holdfast_options_log(holdfast_options* options,
                         void (*log)(void* user, const char* level, const char* actor, const char* text), void* user) {
  return guarded(-1, [&] {
    given(options, "options")->system.log = nullptr;
    if (log != nullptr)
      options->system.log = [log, user](const LogLine& line) {
        log(user, to_string(line.level).data(), line.actor.c_str(), line.text.c_str());
      };
    return 0;
  });
}

int holdfast_options_clock(holdfast_options* options, int64_t (*now)(void* user), void* user) {
  return guarded(-1, [&] {
    given(options, "options")->system.clock = nullptr;
    if (now != nullptr) options->system.clock = [now, user] { return Time{now(user)}; };
    return 0;
  });
}

int holdfast_options_secrets(holdfast_options* options, const char* (*secret)(void* user, const char* name),
                             void* user) {
  return guarded(-1, [&] {
    given(options, "options")->system.secrets = nullptr;
    if (secret != nullptr)
      options->system.secrets = [secret, user](const std::string& name, std::string&) {
        const char* const value = secret(user, name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>{value};
      };
    return 0;
  });
}

}  // extern "C"
