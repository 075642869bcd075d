#pragma once

#include <boost/test/unit_test.hpp>
#include <holdfast/journal/store.hpp>

namespace holdfast::test {

/// For BOOST_CHECK_EXCEPTION: the store refuses with exactly this.
inline auto refused(StoreError::Kind kind, const std::string& sentence) {
  return [=](const StoreError& error) {
    BOOST_TEST(error.what() == sentence);
    return error.kind == kind && error.what() == sentence;
  };
}

}  // namespace holdfast::test
