#pragma once

#include <holdfast/sdk/settings.hpp>
#include <string>

namespace holdfast::config {

/// Limits on what is read from outside; far above anything a person writes.
inline constexpr std::size_t kMaxBytes = 1 << 20;
inline constexpr std::size_t kMaxNodes = 100'000;  ///< After aliases are expanded.
inline constexpr int kMaxDepth = 64;

/// Parses one YAML document to a tree of settings. Keys that occur twice, custom tags, second
/// documents, alias bombs and text that is no YAML become problems; then the tree is what could
/// still be read, or missing.
Setting parse_document(const std::string& text, const std::string& file, Problems& problems);

}  // namespace holdfast::config
