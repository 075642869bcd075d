#pragma once

#include <functional>
#include <holdfast/config/plan.hpp>
#include <holdfast/sdk/settings.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

/// The value of an environment variable; empty when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
/// This process's environment.
std::optional<std::string> process_environment(const std::string& name);

/// A plan, or everything that keeps the text from being one.
struct LoadResult {
  std::optional<Plan> plan;  ///< Set when `problems` is empty.
  Problems problems;
  std::string file;    ///< The name that stands in the problems' places.
  std::string source;  ///< The file's text, for render().
  /// The file as it works, for effective(): profiles and overrides applied, variables replaced but
  /// for those that look like secrets, which stay `${NAME}`; other dollars are doubled.
  Setting written = {};
  /// What else decided the value at a place, "file:line:column": a profile, variables.
  std::map<std::string, std::string> notes = {};
};

/// Reads the YAML file `file`, replaces what `profiles` of its section `profiles` name, in this
/// order, then what `overrides` name, then `${VAR}`, `${VAR:-default}` and `$$` in scalar values,
/// then checks everything at once. What is named nowhere has its default. Never throws for what a
/// person wrote. [any-thread]
///
/// An override is `path=value`, the value being YAML. A path goes through maps by key and through
/// lists by an element's `name`, `symbol` or `plugin`, or by its index; `actors.<name>` is the
/// actor of that name anywhere in the tree. What it names need not be in the file. A profile is a
/// map of such paths and values.
LoadResult load_plan(const std::string& file, const std::vector<std::string>& overrides = {},
                     const Environment& environment = process_environment,
                     const std::vector<std::string>& profiles = {});

/// The same for text at hand. `file` is used in places of problems only; relative names start at
/// `base_dir`.
LoadResult load_plan_text(const std::string& text, const std::string& file = "<text>",
                          const std::string& base_dir = ".", const std::vector<std::string>& overrides = {},
                          const Environment& environment = process_environment,
                          const std::vector<std::string>& profiles = {});

/// A YAML file that is no plan, as its reader gets it.
struct LoadedSettings {
  Setting root;  ///< Missing when there are problems.
  Problems problems;
  std::string source;  ///< The file's text, for render().
};

/// Reads `file` as load_plan does, variables and `overrides` included, and leaves what it means to the caller.
/// Never throws for what a person wrote. [any-thread]
LoadedSettings load_settings(const std::string& file, const std::vector<std::string>& overrides = {},
                             const Environment& environment = process_environment);

/// Problems for a terminal, each with its line of `source` and a caret under the word when it
/// stands in `file`; ends with "2 errors. Nothing was started.". Control characters are masked.
std::string render(const Problems& problems, std::string_view file, std::string_view source, bool colour);
inline std::string render(const LoadResult& result, bool colour) {
  return render(result.problems, result.file, result.source, colour);
}

}  // namespace holdfast
