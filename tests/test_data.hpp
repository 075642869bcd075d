#pragma once

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>

/// Files of real market data, which are never part of the project.
namespace holdfast::test {

/// HOLDFAST_TEST_DATA, else ../shared/data beside the project.
inline std::filesystem::path test_data_dir() {
  if (const char* named = std::getenv("HOLDFAST_TEST_DATA")) return named;
  const char* source = std::getenv("HOLDFAST_SOURCE");
  return std::filesystem::path{source != nullptr ? source : "."} / "../shared/data";
}

inline std::string test_data(const std::string& name) { return (test_data_dir() / name).string(); }

/// Skips a test whose file is missing, and says so:
/// `BOOST_AUTO_TEST_CASE(name, *boost::unit_test::precondition(NeedsData{"lobster/…"}))`.
struct NeedsData {
  std::string name;
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    if (std::filesystem::exists(test_data(name))) return true;
    std::cerr << "skipped: " << test_data(name) << " is missing (HOLDFAST_TEST_DATA names its folder)\n";
    return false;
  }
};

/// A folder of this test alone, gone with it.
class ScratchDir {
 public:
  ScratchDir() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("holdfast-" + std::to_string(getpid()) + "-" + std::to_string(++count));
    std::filesystem::create_directories(path_);
  }
  ~ScratchDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string str() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace holdfast::test
