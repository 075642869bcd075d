#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

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
    {"strategy", "newer",
     "strategy_newer.so was built with SDK version 2, this program has version 1"
     " (take a newer Holdfast, or rebuild the plugin against this SDK)"},
    {"strategy", "older",
     "strategy_older.so was built with SDK version 0, this program has version 1"
     " (rebuild the plugin against this program's SDK)"},
    {"strategy", "empty", "strategy_empty.so leaves 'summary' of its manifest empty (use HOLDFAST_PLUGIN)"},
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
  PluginHost host{{BAD_PLUGINS}};
  const std::string said = refusal(host, c.kind, c.name);
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

BOOST_AUTO_TEST_CASE(a_file_that_is_no_library_is_refused) {
  const Folder folder;
  folder.write("strategy_text.so", "#!/bin/sh\necho hello\n");
  folder.write("strategy_empty.so", "");
  folder.write("strategy_short.so",
               "\x7f"
               "ELF and no more");
  std::filesystem::create_directory(folder.path() + "/strategy_folder.so");
  PluginHost host{{folder.path()}};
  const std::string mend = " (build the plugin with -shared, or remove the file)\n";
  BOOST_TEST(refusal(host, "strategy", "text") == "f:7:1: strategy_text.so is not a shared library" + mend);
  BOOST_TEST(refusal(host, "strategy", "empty") == "f:7:1: strategy_empty.so is not a shared library" + mend);
  BOOST_TEST(
      refusal(host, "strategy", "short").find("strategy_short.so is a damaged library: file too short") !=
      std::string::npos);
  BOOST_TEST(refusal(host, "strategy", "folder").find("cannot be read: Is a directory") != std::string::npos);
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
  problems.clear();
  BOOST_TEST(host.describe("strategy", "throws", problems).empty());
  BOOST_TEST(words(problems) ==
             "the strategy 'throws' failed while describing its settings: no words for it\n");
}
