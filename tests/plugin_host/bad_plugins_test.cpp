#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "plugin_host/folder.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Case {
  const char* kind;
  const char* name;
  std::string said;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.kind << ' ' << c.name; }

const std::string kMendStatic = " (nothing may happen when a plugin is loaded: mend its static objects)";
const std::string kMendSchema = " (mend schema(), which must only describe)";

const std::vector<Case> kCases{
    {"strategy", "no_symbol",
     "strategy_no_symbol.so exports no holdfast_plugin (add HOLDFAST_PLUGIN at the end of the source)"},
    {"strategy", "unresolved",
     "strategy_unresolved.so needs the symbol holdfast_from_another_release, which nobody brings"
     " (rebuild the plugin against this program's SDK and link what it uses)"},
    {"strategy", "null", "strategy_null.so has no manifest (use HOLDFAST_PLUGIN at the end of the source)"},
    {"strategy", "magic",
     "strategy_magic.so is no Holdfast plugin: the magic number of its manifest is wrong"
     " (use HOLDFAST_PLUGIN at the end of the source)"},
    {"strategy", "small",
     "strategy_small.so has a manifest of 16 bytes, expected at least " +
         std::to_string(sizeof(PluginManifest)) + " (rebuild the plugin against this program's SDK)"},
    {"strategy", "large",
     "strategy_large.so has a manifest of 4294967295 bytes, expected at most 4096"
     " (rebuild the plugin against this program's SDK)"},
    {"strategy", "newer",
     "strategy_newer.so was built with SDK version 2, this program has version 1"
     " (take a newer Holdfast, or rebuild the plugin against this SDK)"},
    {"strategy", "older",
     "strategy_older.so was built with SDK version 0, this program has version 1"
     " (rebuild the plugin against this program's SDK)"},
    {"strategy", "empty", "strategy_empty.so leaves 'summary' of its manifest empty (use HOLDFAST_PLUGIN)"},
    {"strategy", "null_name", "strategy_null_name.so leaves 'name' of its manifest empty (use HOLDFAST_PLUGIN)"},
    {"strategy", "wild_name",
     "strategy_wild_name.so crashed (Segmentation fault) while it was asked for its manifest" + kMendStatic},
    {"strategy", "bytes",
     "strategy_bytes.so has bytes that are no UTF-8 text in 'summary' of its manifest (use HOLDFAST_PLUGIN)"},
    {"strategy", "escape",
     "strategy_escape.so has bytes that are no UTF-8 text in 'summary' of its manifest (use HOLDFAST_PLUGIN)"},
    {"strategy", "long",
     "strategy_long.so has more than 1000 bytes in 'summary' of its manifest (use HOLDFAST_PLUGIN)"},
    {"strategy", "upper",
     "strategy_upper.so calls its plugin 'Upper' (a name is small letters, digits and _, and begins with a letter)"},
    {"strategy", "describe_throws",
     "strategy_describe_throws.so threw: no words for it while it described its settings" + kMendSchema},
    {"strategy", "describe_many", "strategy_describe_many.so has 2000 settings (describe fewer)"},
    {"strategy", "describe_bytes",
     "strategy_describe_bytes.so has bytes that are no UTF-8 text in the setting 'period'"
     " (describe it in one short line)"},
    {"strategy", "describe_stream",
     "strategy_describe_stream.so has more than 1000 bytes in the setting '' (describe it in one short line)"},
    {"strategy", "static_throws",
     "strategy_static_throws.so aborted (Aborted) while it was loaded, saying: what():  no licence for this machine" +
         kMendStatic},
    {"strategy", "static_aborts",
     "strategy_static_aborts.so aborted (Aborted) while it was loaded, saying: assertion failed: the moon is full" +
         kMendStatic},
    {"strategy", "static_exits", "strategy_static_exits.so exited with code 3 while it was loaded" + kMendStatic},
    {"strategy", "static_leaves", "strategy_static_leaves.so exited with code 0 while it was loaded" + kMendStatic},
    {"strategy", "static_crashes",
     "strategy_static_crashes.so crashed (Segmentation fault) while it was loaded" + kMendStatic},
    {"strategy", "static_hides",
     "strategy_static_hides.so closed what it was to answer on while it was loaded" + kMendStatic},
    {"strategy", "static_loops",
     "strategy_static_loops.so did not come back within 4 s while it was loaded" + kMendStatic},
    {"strategy", "no_factory",
     "strategy_no_factory.so cannot make a plugin: its manifest has no factory (use HOLDFAST_PLUGIN)"},
    {"strategy", "kind", "strategy_kind.so brings a plugin of kind 'oracle', which is not known"},
    {"strategy", "renamed",
     "strategy_renamed.so brings the strategy 'good' (rename the file to strategy_good.so)"},
    {"broker", "good", "broker_good.so brings the strategy 'good' (rename the file to strategy_good.so)"},
    {"strategy", "goood", "there is no strategy plugin 'goood' (did you mean 'good'?)"},
    {"strategy", "../good", "there is no strategy plugin '../good'"},
    {"oracle", "delphi", "there is no oracle plugin 'delphi'"},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_library_that_cannot_be_used_is_refused_in_one_sentence,
                     boost::unit_test::data::make(kCases), c) {
  PluginHost host{{BAD_PLUGINS}, std::chrono::seconds{4}};
  const std::string said = refusal(host, c.kind, c.name);
  BOOST_TEST_INFO(said);
  BOOST_TEST(said.substr(0, 7 + c.said.size()) == "f:7:1: " + c.said);
  BOOST_TEST(std::count(said.begin(), said.end(), '\n') == 1);
}

BOOST_AUTO_TEST_CASE(a_library_built_differently_is_refused_with_the_field_that_differs) {
  PluginHost host{{BAD_PLUGINS}};
  const std::string said = refusal(host, "strategy", "abi");
  BOOST_TEST(said.find("strategy_abi.so was built with compiler=msvc, this program with compiler=") !=
             std::string::npos);
  BOOST_TEST(said.find("(rebuild the plugin with ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_refusal_says_which_field_was_expected_to_be_what) {
  PluginHost host;
  const auto newer = host.verify(BAD_PLUGINS "/strategy_newer.so").refused.at(0);
  BOOST_TEST(newer.field == "sdk_version");
  BOOST_TEST(newer.expected == "1");
  BOOST_TEST(newer.got == "2");
  BOOST_TEST(newer.mend == "take a newer Holdfast, or rebuild the plugin against this SDK");
  const auto abi = host.verify(BAD_PLUGINS "/strategy_abi.so").refused.at(0);
  BOOST_TEST(abi.field == "abi.compiler");
  BOOST_TEST(abi.got == "msvc");
}

BOOST_AUTO_TEST_CASE(what_a_library_prints_and_leaves_behind_does_it_no_good_and_no_harm) {
  PluginHost host{{BAD_PLUGINS}};
  BOOST_TEST(refusal(host, "strategy", "static_prints") == "");
  BOOST_TEST(host.verify(BAD_PLUGINS "/strategy_static_forks.so").refused.empty());
}

BOOST_AUTO_TEST_CASE(looking_at_a_library_never_loads_it_here) {
  PluginHost host{{BAD_PLUGINS}, std::chrono::seconds{4}};
  BOOST_TEST(host.look("strategy", "static_crashes").refused.size() == 1u);
  BOOST_TEST(host.list().size() > 30u);
  std::ifstream maps{"/proc/self/maps"};
  const std::string mapped{std::istreambuf_iterator<char>{maps}, {}};
  BOOST_TEST(mapped.find("strategy_static_crashes.so") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_plugin_throws_becomes_a_problem) {
  PluginHost host{{BAD_PLUGINS}};
  PluginContext context;
  Problems problems;
  BOOST_TEST(host.make("strategy", "throws", {}, context, problems) == nullptr);
  BOOST_TEST(words(problems) == "the strategy 'throws' failed while being constructed: the dog ate it\n");
  context.checking = true;
  problems.clear();
  BOOST_TEST(host.make("strategy", "throws", {}, context, problems) == nullptr);
  BOOST_TEST(words(problems) ==
             "the strategy 'throws' failed while reading its settings and did not say why\n");
}
