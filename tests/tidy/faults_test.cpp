// One fault of each kind, and beside it the nearest thing that is right.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tidy/checks.hpp"

using namespace holdfast::tidy;

namespace {

struct Case {
  std::string path, text;
  std::string found;  ///< Empty: nothing may be found.
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.path << ": " << c.text; }

void compare(const Case& c, const Findings& findings) {
  if (c.found.empty()) {
    for (const auto& finding : findings) BOOST_ERROR(finding);
    return;
  }
  BOOST_REQUIRE_EQUAL(findings.size(), 1u);
  BOOST_TEST(findings[0].what == c.found);
}

const std::vector<Case> kFloors{
    {"framework/sdk/src/a.cpp", "#include <holdfast/trading/latches.hpp>", "framework/sdk must not see framework/trading"},
    {"framework/trading/src/a.cpp", "#include <holdfast/sdk/money.hpp>", ""},
    {"framework/journal/src/a.cpp", "#include <holdfast/config/plan.hpp>", "framework/journal must not see framework/config"},
    {"framework/config/src/a.cpp", "#include <holdfast/plugin_host/plugin_host.hpp>",
     "framework/config must not see framework/plugin_host"},
    {"framework/plugin_host/src/a.cpp", "#include <holdfast/runtime/system.hpp>",
     "framework/plugin_host must not see framework/runtime"},
    {"framework/runtime/src/a.cpp", "#include <holdfast/testkit/bench.hpp>", "framework/runtime must not see framework/testkit"},
    {"framework/runtime/src/a.cpp", "#include <holdfast/journal/store.hpp>", ""},
    {"plugins/feeds/a/a.cpp", "#include <holdfast/journal/store.hpp>", "plugins must not see framework/journal"},
    {"plugins/feeds/a/a.cpp", "  #  include <holdfast/sdk.hpp>", ""},
    {"actors/a/a.cpp", "#include <holdfast/runtime/record.hpp>", "actors must not see framework/runtime"},
    {"tools/holdfast/a.cpp", "#include <holdfast/runtime/record.hpp>", ""},
    {"framework/config/src/a.cpp", "#include <rocksdb/db.h>", "<rocksdb/db.h> belongs in framework/journal/ only"},
    {"framework/journal/src/a.cpp", "#include <rocksdb/db.h>", ""},
    {"framework/journal/include/holdfast/journal/a.hpp", "#include <rocksdb/db.h>",
     "a public header must not show <rocksdb/db.h>"},
    {"framework/runtime/src/a.cpp", "#include <caf/all.hpp>", "<caf/all.hpp> belongs in framework/runtime/caf/ only"},
    {"framework/runtime/src/a.cpp", "#include \"caf/live.hpp\"", "\"caf/live.hpp\" belongs in framework/runtime/caf/ only"},
    {"framework/runtime/caf/a.cpp", "#include <caf/all.hpp>", ""},
    {"framework/runtime/src/a.cpp", "#include <dlfcn.h>", "<dlfcn.h> belongs in framework/plugin_host/ only"},
    {"framework/runtime/src/a.cpp", "#include <yaml-cpp/yaml.h>", "<yaml-cpp/yaml.h> belongs in framework/config/ only"},
    {"framework/runtime/src/a.cpp", "#include <openssl/evp.h>", "<openssl/evp.h> belongs in framework/journal/ only"},
    {"framework/plugin_host/src/a.cpp", "#include <openssl/evp.h>", ""},
    {"framework/sdk/src/a.cpp", "#include <unistd.h>", "<unistd.h> is not of the C++ standard library"},
    {"plugins/feeds/a/a.cpp", "#include <boost/json.hpp>", "<boost/json.hpp> is not of the C++ standard library"},
    {"framework/sdk/src/a.cpp", "#include <charconv>", ""},
    {"plugins/feeds/a/a.cpp", "#include \"../b/b.hpp\"", "\"../b/b.hpp\" leaves its folder"},
    {"tests/journal/a.cpp", "#include <rocksdb/db.h>", ""},
};

const std::vector<Case> kCalls{
    {"framework/runtime/src/a.cpp", "std::cout << 1;", "std::cout: only tools print"},
    {"framework/sdk/src/a.cpp", "std::printf(\"x\");", "std::printf(: only tools print"},
    {"framework/sdk/src/a.cpp", "std::snprintf(b, n, f);", ""},
    {"tools/holdfast/a.cpp", "std::cout << 1;", ""},
    {"actors/a/a.cpp", "std::getenv(n);", "std::getenv(: only config reads the environment"},
    {"framework/config/src/a.cpp", "std::getenv(n);", ""},
    {"plugins/a/a/a.cpp", "auto t = std::chrono::system_clock::now();", "system_clock: time comes from events"},
    {"framework/trading/src/a.cpp", "steady_clock::now()", "steady_clock: time comes from events"},
    {"framework/journal/src/a.cpp", "steady_clock::now()", ""},
    {"actors/a/a.cpp", "std::thread t;", "std::thread: no threads here"},
    {"framework/runtime/src/a.cpp", "std::this_thread::sleep_for(s);", "sleep_for(: nothing waits by sleeping"},
    {"tests/a.cpp", "std::this_thread::sleep_for(s);", "sleep_for(: nothing waits by sleeping"},
    {"plugins/a/a/a.cpp", "std::random_device r;", "random_device: chance comes from the seed"},
    {"plugins/a/a/a.cpp", "int x = rand();", "rand(: chance comes from the seed"},
    {"plugins/a/a/a.cpp", "int x = operand(1);", ""},
    {"actors/a/a.cpp", "} catch (...) {", "catch (...): only the borders catch everything"},
    {"framework/runtime/caf/host_actor.cpp", "} catch (...) {", ""},
    {"actors/a/a.cpp", "// std::cout is not used here\nauto s = \"std::cout\"; /* rand() */", ""},
    {"actors/a/a.cpp", "auto s = R\"x(\nstd::cout << 1;)x\"; auto n = 1'000;\nstd::cerr << s;", "std::cerr: only tools print"},
};

const std::vector<Case> kLeftovers{
    {"a/a.cpp", "// TO" "DO later", "a note to oneself: do it or drop it"},
    {"docs/a.md", "FIX" "ME", "a note to oneself: do it or drop it"},
    {"a/a.cpp", "photodocs", ""},
    {"docs/a.md", "cd /ho" "me/ann/holdfast", "a place on somebody's machine"},
    {"a/CMakeLists.txt", "set(X \"/wo" "rk/x\")", "a place on somebody's machine"},
    {"docs/a.md", "see framework/work/x and https://example.org/home/x", ""},
};

const std::vector<Case> kExamples{
    {"a.cpp", "#include <holdfast/sdk.hpp>\n#include <cmath>\n", ""},
    {"a.cpp", "#include <holdfast/trading/position.hpp>\n", "<holdfast/trading/position.hpp: an example needs the SDK only"},
    {"a.cpp", "#include <caf/all.hpp>\n", "<caf/all.hpp: an example needs the SDK only"},
};

std::string lines(int n) {
  std::string text;
  for (int i = 0; i < n; ++i) text += "int i;\n";
  return text;
}

const std::vector<Case> kSizes{
    {"framework/sdk/include/holdfast/sdk/a.hpp", lines(200), ""},
    {"framework/sdk/include/holdfast/sdk/a.hpp", lines(201), "201 lines, at most 200 are allowed"},
    {"framework/sdk/src/a.cpp", lines(400), ""},
    {"framework/sdk/src/a.cpp", lines(401), "401 lines, at most 400 are allowed"},
    {"docs/a.md", lines(900), ""},
};

namespace data = boost::unit_test::data;

}  // namespace

BOOST_AUTO_TEST_SUITE(planted_faults)

BOOST_DATA_TEST_CASE(an_include_against_the_floor_plan_is_found, data::make(kFloors), c) {
  compare(c, check_floors({c.path, c.text}));
}
BOOST_DATA_TEST_CASE(a_call_out_of_its_room_is_found, data::make(kCalls), c) { compare(c, check_calls({c.path, c.text})); }
BOOST_DATA_TEST_CASE(what_was_left_lying_about_is_found, data::make(kLeftovers), c) {
  compare(c, check_leftovers({c.path, c.text}));
}
BOOST_DATA_TEST_CASE(an_example_that_needs_more_than_the_sdk_is_found, data::make(kExamples), c) {
  compare(c, check_example({c.path, c.text}));
}
BOOST_DATA_TEST_CASE(a_file_that_is_too_long_is_found, data::make(kSizes), c) { compare(c, check_size({c.path, c.text})); }

BOOST_AUTO_TEST_CASE(an_example_that_is_too_long_is_found) {
  BOOST_TEST(check_example({"a.cpp", lines(40)}).empty());
  BOOST_TEST(check_example({"a.cpp", lines(41)}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_failpoint_that_is_not_listed_or_not_reached_is_found) {
  const File sites{"framework/journal/src/sites.cpp", "    {\"a.b\", \"here\"},\n    odd(\"c.d\", \"there\"),\n"};
  const auto found = [&](const std::string& code) { return check_failpoints(sites, {sites, {"framework/a.cpp", code}, {"tests/a.cpp", "hit(\"x.y\");"}}); };
  BOOST_TEST(found("x.hit(\"a.b\");\nhit(live ? \"c.d\" : \"a.b\", name);").empty());
  BOOST_TEST((found("hit(\"a.b\");") == Findings{{sites.path, 2, "nobody reaches the failpoint c.d"}}));
  BOOST_TEST((found("hit(\"a.b\");\nhit(\"c.d\");\nhit(\"c.e\");") == Findings{{"framework/a.cpp", 3, "the failpoint c.e is not listed"}}));
}

BOOST_AUTO_TEST_CASE(a_finding_names_its_line) {
  const auto found = check_calls({"actors/a.cpp", "int a;\n\nstd::cerr << a;\n"});
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  BOOST_TEST(found[0].line == 3);
}

BOOST_AUTO_TEST_SUITE_END()
