#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "manifest.hpp"
#include "plugin_host/folder.hpp"

using namespace holdfast;

namespace {

struct Case {
  const char* got;
  const char* expected;
  const char* said;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.got; }

const std::vector<Case> kCases{
    {"compiler=gcc;sdk=1", "compiler=gcc;sdk=1", ""},
    {"compiler=clang;sdk=1", "compiler=gcc;sdk=1",
     "p was built with compiler=clang, this program with compiler=gcc (rebuild the plugin with g++)\n"},
    {"compiler=gcc;sdk=1", "compiler=clang;sdk=1",
     "p was built with compiler=gcc, this program with compiler=clang (rebuild the plugin with clang++)\n"},
    {"glibcxx=0", "glibcxx=1",
     "p was built with glibcxx=0, this program with glibcxx=1"
     " (rebuild the plugin with -D_GLIBCXX_USE_CXX11_ABI=1)\n"},
    {"cplusplus=201703L", "cplusplus=202002L",
     "p was built with cplusplus=201703L, this program with"
     " cplusplus=202002L (rebuild the plugin with -std=c++20)\n"},
    {"sanitizer=asan", "sanitizer=none",
     "p was built with sanitizer=asan, this program with sanitizer=none"
     " (rebuild the plugin without a sanitizer)\n"},
    {"sanitizer=none", "sanitizer=tsan",
     "p was built with sanitizer=none, this program with sanitizer=tsan"
     " (rebuild the plugin with -fsanitize=thread)\n"},
    {"sdk=9", "sdk=1",
     "p was built with sdk=9, this program with sdk=1"
     " (rebuild the plugin against this program's SDK)\n"},
    {"", "sdk=1",
     "p was built with sdk=nothing, this program with sdk=1"
     " (rebuild the plugin against this program's SDK)\n"},
    {"sdk=1;more=2", "sdk=1",
     "p was built with 'sdk=1;more=2', this program with 'sdk=1'"
     " (rebuild the plugin against this program's SDK)\n"},
};

}  // namespace

BOOST_DATA_TEST_CASE(the_first_field_that_differs_is_named_with_its_remedy,
                     boost::unit_test::data::make(kCases), c) {
  BOOST_TEST(test::words(host::check_abi(c.got, c.expected, "p")) == c.said);
}
