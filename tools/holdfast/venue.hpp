#pragma once

#include <string>

namespace holdfast::cli {

/// holdfast venue book, venue log: what a venue's file holds, whether or not the venue runs. Returns the exit code.
int venue_book(const std::string& path, bool json);
int venue_log(const std::string& path, bool json);

}  // namespace holdfast::cli
