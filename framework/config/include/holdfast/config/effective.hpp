#pragma once

#include <functional>
#include <holdfast/config/load.hpp>
#include <holdfast/sdk/schema.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

/// The settings of a plugin, as its schema describes them; empty when nobody knows.
using DescribePlugin = std::function<std::vector<FieldDoc>(std::string_view kind, std::string_view name)>;

/// Everything a system works with, what nobody wrote included. Paths are those of overrides, such
/// as "tree.children.market.restart".
struct Effective {
  Setting tree;  ///< Values that look like secrets stay `${NAME}`; other dollars are doubled.
  /// Where each value comes from: "default", or a place, and what else decided it there.
  std::map<std::string, std::string> origins;
  std::map<std::string, std::string> secrets;  ///< What may be shown of each secret.
};

/// REQUIRES: `loaded` holds a plan that check_plan() found nothing wrong with.
Effective effective(const LoadResult& loaded, const DescribePlugin& describe, const SecretReader& secrets);

/// As YAML that load_plan_text() reads back to the same system; with `origins` each value is
/// followed by a comment that says where it comes from.
std::string effective_yaml(const Effective& effective, bool origins);

}  // namespace holdfast
