#pragma once

#include <holdfast/sdk/settings.hpp>
#include <map>
#include <string>

namespace holdfast::config {

/// What else decided the value at a place; see LoadResult.
using Notes = std::map<std::string, std::string>;

inline std::string place_text(const Where& where) {
  return where.file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
}
inline void add_note(Notes& notes, const Where& where, const std::string& text) {
  std::string& note = notes[place_text(where)];
  if (note.find(text) == std::string::npos) note += (note.empty() ? "" : ", ") + text;
}

}  // namespace holdfast::config
