#pragma once

#include <string>
#include <vector>

namespace holdfast::cli {

/// One thing that was looked at.
struct Finding {
  enum class Level { ok, warning, failure };
  std::string name;    ///< "disk.sync": stable, for programs.
  Level level = Level::ok;
  std::string found;   ///< What is there, with numbers.
  std::string remedy;  ///< What to do; empty when all is well.
};
using Findings = std::vector<Finding>;

Findings check_clock();
/// Space, kind of file system and what a sync costs, where `data_dir` is or would be made.
Findings check_disk(const std::string& data_dir);
/// Whose `data_dir` is, and who may read the key in it.
Findings check_permissions(const std::string& data_dir);
Findings check_limits();
Findings check_processor();
/// Of this program and of the libraries that were loaded into it.
Findings check_versions();

}  // namespace holdfast::cli
