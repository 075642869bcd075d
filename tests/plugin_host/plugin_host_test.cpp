#include <boost/test/unit_test.hpp>
#include <holdfast/config/check.hpp>
#include <holdfast/config/load.hpp>

#include "plugin_host/folder.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

const Where kWhere{"f", 7, 1};

Setting scalar(const std::string& text) {
  Setting s;
  s.kind = Setting::Kind::scalar;
  s.text = text;
  s.where = kWhere;
  return s;
}

Setting map(const std::string& name, const std::string& text) {
  Setting s;
  s.kind = Setting::Kind::map;
  s.fields = {{name, scalar(text)}};
  s.keys = {kWhere};
  return s;
}

std::string good_copy(const Folder& folder) {
  const std::string file = folder.path() + "/strategy_good.so";
  std::filesystem::copy_file(BAD_PLUGINS "/strategy_good.so", file);
  return file;
}

std::shared_ptr<void> make_nothing(const Setting&, const PluginContext&, Problems&) {
  return std::make_shared<int>(42);
}
std::vector<FieldDoc> describe_nothing() { return {{"field", "text", "Words.", "", "", false}}; }
const PluginManifest kLinked{kPluginMagic,     sizeof(PluginManifest),
                             kSdkVersion,      HOLDFAST_ABI,
                             "strategy",       "good",
                             "9.0.0",          "stable",
                             "pure",           "Linked in",
                             describe_nothing, make_nothing};

}  // namespace

BOOST_AUTO_TEST_CASE(a_good_library_is_loaded_once_and_says_what_it_is) {
  PluginHost host{{BAD_PLUGINS}};
  Problems problems;
  const LoadedPlugin* plugin = host.load("strategy", "good", kWhere, problems);
  BOOST_REQUIRE_EQUAL(words(problems), "");
  BOOST_TEST(plugin->manifest->version == std::string{"1.2.3"});
  BOOST_TEST(plugin->path == BAD_PLUGINS "/strategy_good.so");
  BOOST_TEST(plugin->sha256.size() == 64u);
  BOOST_TEST(host.load("strategy", "good", kWhere, problems) == plugin);
}

BOOST_AUTO_TEST_CASE(the_digest_is_the_one_everybody_computes) {
  const Folder folder;
  const std::string file = folder.write("strategy_abc.so", "\x7f"
                                                        "ELF");
  PluginHost host{{folder.path()}};
  host.pin("strategy", "abc", std::string(64, '0'), {"pins", 1, 2});
  BOOST_TEST(refusal(host, "strategy", "abc") ==
             "pins:1:2: " + file +
                 " has SHA-256 3bdbb4fe8397cd2b842430b39ccff01a8663c751945ef5e9a09e267fb8b1d359, pinned is " +
                 std::string(64, '0') + " (install the pinned library, or change the pin after a review)\n");
}

BOOST_AUTO_TEST_CASE(the_first_folder_that_has_a_library_wins) {
  const Folder folder;
  const std::string mine = good_copy(folder);
  Problems problems;
  PluginHost first{{folder.path(), BAD_PLUGINS}}, second{{BAD_PLUGINS, folder.path()}};
  BOOST_TEST(first.load("strategy", "good", kWhere, problems)->path == mine);
  BOOST_TEST(second.load("strategy", "good", kWhere, problems)->path == BAD_PLUGINS "/strategy_good.so");
}

BOOST_AUTO_TEST_CASE(a_library_that_was_put_right_is_loaded_at_the_next_try) {
  const Folder folder;
  const std::string file = folder.write("strategy_good.so", "not yet");
  PluginHost host{{folder.path()}};
  BOOST_TEST(refusal(host, "strategy", "good") != "");
  std::filesystem::remove(file);
  good_copy(folder);
  BOOST_TEST(refusal(host, "strategy", "good") == "");
}

BOOST_AUTO_TEST_CASE(each_make_gives_a_new_instance_with_its_own_settings) {
  PluginHost host{{BAD_PLUGINS}};
  Problems problems;
  const auto one = host.make("strategy", "good", map("period", "5"), {}, problems);
  const auto other = host.make("strategy", "good", {}, {}, problems);
  BOOST_REQUIRE_EQUAL(words(problems), "");
  BOOST_TEST(one != nullptr);
  BOOST_TEST(one != other);
}

BOOST_AUTO_TEST_CASE(wrong_settings_are_reported_and_make_nothing) {
  PluginHost host{{BAD_PLUGINS}};
  Problems problems;
  BOOST_TEST(host.make("strategy", "good", map("perod", "5"), {}, problems) == nullptr);
  BOOST_TEST(words(problems) == "f:7:1: unknown setting 'perod' (did you mean 'period'?)\n");
}

BOOST_AUTO_TEST_CASE(a_plugin_describes_its_settings) {
  PluginHost host{{BAD_PLUGINS}};
  Problems problems;
  const auto docs = host.describe("strategy", "good", problems);
  BOOST_REQUIRE_EQUAL(docs.size(), 2u);
  BOOST_TEST(docs[0].name == "period");
  BOOST_TEST(docs[0].default_text == "20");
  BOOST_TEST(docs[0].limits == "at least 2");
}

BOOST_AUTO_TEST_CASE(a_plugin_linked_in_hides_a_library_of_its_name) {
  PluginHost host{{BAD_PLUGINS}};
  BOOST_REQUIRE_EQUAL(words(host.add(&kLinked)), "");
  Problems problems;
  BOOST_TEST(host.load("strategy", "good", kWhere, problems)->manifest == &kLinked);
  BOOST_TEST(*std::static_pointer_cast<int>(host.make("strategy", "good", {}, {}, problems)) == 42);
  PluginManifest second = kLinked;
  BOOST_TEST(words(host.add(&second)) == "the strategy 'good' is registered twice (rename one of them)\n");
  PluginManifest broken = kLinked;
  broken.magic = 0;
  BOOST_TEST(!host.add(&broken).empty());
}

BOOST_AUTO_TEST_CASE(a_pin_admits_exactly_its_bytes) {
  PluginHost host{{BAD_PLUGINS}};
  Problems problems;
  std::string digest = host.load("strategy", "good", kWhere, problems)->sha256;
  for (char& c : digest) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  host.pin("strategy", "good", digest, {"f", 3, 1});
  BOOST_TEST(refusal(host, "strategy", "good") == "");
  host.pin("strategy", "good", std::string(64, 'a'), {"f", 3, 1});
  BOOST_TEST(refusal(host, "strategy", "good").find("f:3:1: ") == 0u);
  BOOST_TEST(host.make("strategy", "good", {}, {}, problems) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_plugin_linked_in_cannot_satisfy_a_pin) {
  PluginHost host;
  BOOST_REQUIRE_EQUAL(words(host.add(&kLinked)), "");
  host.pin("strategy", "good", std::string(64, 'a'), {"f", 3, 1});
  BOOST_TEST(refusal(host, "strategy", "good") ==
             "f:3:1: the strategy 'good' is linked in and cannot be pinned"
             " (install the pinned library, or change the pin after a review)\n");
}

BOOST_AUTO_TEST_CASE(the_list_has_everything_found_with_reasons_for_what_is_refused) {
  const Folder folder;
  good_copy(folder);
  folder.write("strategy_text.so", "text");
  folder.write("README.so", "text");
  folder.write("strategy_.so", "text");
  PluginHost host{{folder.path()}};
  std::string seen;
  for (const auto& plugin : host.list())
    if (plugin.path.compare(0, folder.path().size(), folder.path()) == 0)
      seen += plugin.kind + " " + plugin.name + " " + plugin.version + " " + plugin.stability + " " +
              plugin.purity + " " + std::to_string(plugin.refused.size()) + "\n";
  BOOST_TEST(seen == "strategy good 1.2.3 experimental pure 0\nstrategy text    1\n");
}

BOOST_AUTO_TEST_CASE(one_file_is_verified_wherever_it_is) {
  PluginHost host;
  BOOST_TEST(host.verify(BAD_PLUGINS "/strategy_good.so").refused.empty());
  BOOST_TEST(host.verify(BAD_PLUGINS "/strategy_good.so").version == "1.2.3");
  BOOST_TEST(host.verify(BAD_PLUGINS "/strategy_magic.so").refused.size() == 1u);
  BOOST_TEST(words(host.verify("/nowhere/good.so").refused) ==
             "the file name does not say kind and name"
             " (call it <kind>_<name>.so, such as strategy_crossover.so)\n");
  BOOST_TEST(
      words(host.verify("/nowhere/strategy_good.so").refused) ==
      "/nowhere/strategy_good.so cannot be read: No such file or directory (check its name and its permissions)\n");
}

BOOST_AUTO_TEST_CASE(a_search_path_is_split_at_its_colons) {
  const std::vector<std::string> expected{"/a", "b"};
  BOOST_TEST(PluginHost::split_path(":/a::b:") == expected, boost::test_tools::per_element());
  BOOST_TEST(PluginHost::split_path("").empty());
  const PluginHost host{{"", "/a"}};
  BOOST_TEST(host.folders().front() == "/a");
}

BOOST_AUTO_TEST_CASE(a_plan_is_checked_down_to_the_plugins_its_settings_name) {
  const auto result = load_plan_text(R"(holdfast: 1
system: { name: s }
instruments: [ { symbol: AAPL, tick: 0.01, lot: 1, currency: USD } ]
tree:
  children:
    - { name: a, actor: outer, settings: { instrument: AAPL, strategy: { plugin: good, period: 3 } } }
    - { name: b, actor: outer, settings: { instrument: APPL, strategy: { plugin: good, period: 1 } } }
    - { name: c, actor: outr }
    - { name: d, actor: outer }
)",
                                     "f");
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  PluginHost host{{BAD_PLUGINS}};
  BOOST_TEST(words(check_plan(*result.plan, host)) ==
             "f:7:96: period is 1, must be at least 2\n"
             "f:7:56: unknown instrument 'APPL' (did you mean 'AAPL'?)\n"
             "f:8:25: there is no actor plugin 'outr' (did you mean 'outer'?)\n"
             "f:9:7: strategy is required (What decides.)\n"
             "f:9:7: instrument is required (What is traded.)\n");
}

BOOST_AUTO_TEST_CASE(a_pin_in_the_plan_holds_for_nested_plugins) {
  const auto result = load_plan_text(
      "holdfast: 1\nsystem: { name: s }\n"
      "instruments: [ { symbol: AAPL, tick: 0.01, lot: 1, currency: USD } ]\n"
      "plugins: { pins: { strategy_good: " +
          std::string(64, 'a') +
          " } }\n"
          "tree: { children: [ { name: a, actor: outer,"
          " settings: { instrument: AAPL, strategy: { plugin: good } } } ] }\n",
      "f");
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  PluginHost host{{BAD_PLUGINS}};
  const auto problems = words(check_plan(*result.plan, host));
  BOOST_TEST(problems.find("f:4:35: " BAD_PLUGINS "/strategy_good.so has SHA-256 ") == 0u);
}
