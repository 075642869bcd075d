#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::host {

/// Kind and name a file name stands for; both empty when it stands for none.
std::pair<std::string, std::string> parse_file_name(const std::filesystem::path& file);
/// What is called like a plugin in a folder, sorted; nothing when the folder cannot be read.
std::vector<std::filesystem::path> libraries_in(const std::string& folder);
/// `first` and then what of `then` is not in it, without empty names.
std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& then);

}  // namespace holdfast::host
