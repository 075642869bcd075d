#pragma once

#include <map>
#include <string>
#include <vector>

#include "tidy/checks.hpp"

/// The project's own files, read from HOLDFAST_SOURCE.
namespace holdfast::tidy {

std::string source_root();
/// Every text file of the project but what was built; sorted by path.
const std::vector<File>& project_files();
/// Files and folders by path.
const std::map<std::string, std::string>& project_index();

}  // namespace holdfast::tidy
