#pragma once

#include <holdfast/config/load.hpp>
#include <string>
#include <utility>
#include <vector>

#include "notes.hpp"

namespace holdfast::config {

/// A tree twice: as it works, and as it may be shown.
struct Expanded {
  Setting values;
  /// The same shape; texts are such that reading them again gives `values`: dollars are doubled,
  /// and `${NAME}` stands where the value of a variable that looks like a secret would.
  Setting shown;
  std::vector<std::pair<std::string, std::string>> secrets;  ///< Name and value.
  Notes notes;                                               ///< Which variables are in a value.
};

/// Replaces `${VAR}`, `${VAR:-default}` and `$$` in every scalar value; never in keys, and after
/// parsing, so that a value cannot change the structure. A variable that is not set (or empty)
/// and has no default is a problem at its place: an empty account is worse than no start.
Expanded expand(Setting tree, const Environment& environment, Problems& problems);

/// Variables whose values are kept out of everything that is stored or shown.
bool looks_secret(std::string_view variable);

/// `text` with every dollar doubled.
std::string escape_dollars(std::string_view text);

/// Reports every scalar outside of actors' settings that holds a secret.
void refuse_secrets_outside_settings(const Expanded& tree, Problems& problems);

/// `text` without the values of `secrets`.
std::string redact(const std::vector<std::pair<std::string, std::string>>& secrets, std::string text);

}  // namespace holdfast::config
