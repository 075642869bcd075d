#pragma once

#include <holdfast/sdk/schema.hpp>
#include <vector>

namespace holdfast {

/// The settings of every part of a file, from the declarations that check it. A setting of type
/// "section" has a part of its own here, is a list of such, or, `settings`, is read by an actor.
struct FileDoc {
  std::vector<FieldDoc> file;
  std::vector<FieldDoc> system, plugins, journal, retention, metrics, instrument;
  std::vector<FieldDoc> tree;        ///< The supervisor that is the root.
  std::vector<FieldDoc> supervisor;  ///< Any other.
  std::vector<FieldDoc> backoff, actor;
};
FileDoc describe_file();
/// What may stand in place of the section `journal`: there is none.
inline constexpr const char* kJournalOff = "off";

/// What a plugin takes, by its type's name: "feed plugin" is "feed"; empty for every other type.
std::string plugin_kind_of(const std::string& type);
/// What a list has in it, by its type's name: "list of price" is "price"; empty for every other type.
std::string item_type_of(const std::string& type);

}  // namespace holdfast
