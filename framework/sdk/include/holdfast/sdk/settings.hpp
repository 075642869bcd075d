#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast {

/// A place in a file; line and column count from 1, 0 means unknown.
struct Where {
  std::string file;
  int line = 0;
  int column = 0;
};

/// One thing a person wrote wrong: where, what, and how to mend it.
struct Problem {
  Where where;
  std::string what;
  std::string mend;  ///< May be empty.
  /// "configs/paper.yaml:14:7: what (mend)".
  std::string str() const;
};
using Problems = std::vector<Problem>;

/// A value as a person wrote it, with its place: what a settings schema reads.
///
/// Numbers stay text, so that money never passes through floating point.
struct Setting {
  // Out of line: clang 14 cannot instantiate them while the pairs below are incomplete.
  Setting();
  Setting(const Setting&);
  Setting(Setting&&) noexcept;
  Setting& operator=(const Setting&);
  Setting& operator=(Setting&&) noexcept;
  ~Setting();

  enum class Kind { missing, scalar, list, map };
  Kind kind = Kind::missing;
  Where where;
  std::string text;                                    ///< Scalars.
  bool quoted = false;                                 ///< Scalars written in quotes are text.
  std::vector<Setting> items;                          ///< Lists.
  std::vector<std::pair<std::string, Setting>> fields; ///< Maps, in file order.
  std::vector<Where> keys;                             ///< Where each field's name stands.

  /// The field called `name`, or null.
  const Setting* find(std::string_view name) const;
  /// The same meaning gives the same text: fields sorted, places left out. For hashing.
  std::string canonical() const;
};

/// The nearest of `names` to `word` within two edits (Damerau-Levenshtein), or empty.
std::string nearest(std::string_view word, const std::vector<std::string>& names);

}  // namespace holdfast
