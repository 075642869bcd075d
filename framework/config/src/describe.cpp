#include <holdfast/config/describe.hpp>

#include "sections.hpp"

namespace holdfast {

FileDoc describe_file() {
  using namespace config;
  return {
      root_schema().describe(),       system_schema().describe(),         plugins_schema().describe(),
      journal_schema().describe(),    retention_schema().describe(),      metrics_schema().describe(),
      instrument_schema().describe(), supervisor_schema(true).describe(), supervisor_schema(false).describe(),
      backoff_schema().describe(),    actor_schema().describe()};
}

std::string plugin_kind_of(const std::string& type) {
  static const std::string kEnd = " plugin";
  return type.ends_with(kEnd) && item_type_of(type).empty() ? type.substr(0, type.size() - kEnd.size()) : "";
}

std::string item_type_of(const std::string& type) {
  static const std::string kStart = "list of ";
  return type.starts_with(kStart) ? type.substr(kStart.size()) : "";
}

}  // namespace holdfast
