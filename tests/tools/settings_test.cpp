// What the program says about settings: check, its schema, profiles, secrets, and where values come from.
#include <boost/test/data/test_case.hpp>
#include <stdlib.h>

#include "program.hpp"

using namespace holdfast::test;
namespace data = boost::unit_test::data;
namespace fs = std::filesystem;

namespace {

const std::string kSource = std::getenv("HOLDFAST_SOURCE");
const std::string kBuild = std::getenv("HOLDFAST_BUILD");
const std::string kValue = "hunter2-correct-horse";

/// A variable of this process, and so of every program it runs, for one test.
struct Variable {
  Variable(const char* name, const std::string& value) : name_{name} { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  const char* name_;
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, what);
  return text.replace(at, what.size(), by);
}

std::string write(const ScratchDir& scratch, const std::string& name, const std::string& text) {
  std::ofstream{scratch / name} << text;
  return scratch / name;
}

/// Systems: venues have a form of their own.
std::vector<fs::path> shipped() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{kSource + "/configs"})
    if (entry.path().extension() == ".yaml" && text_of_file(entry.path().string()).find("\nholdfast: 1") != std::string::npos)
      files.push_back(entry.path());
  BOOST_REQUIRE(!files.empty());
  return files;
}

/// What an independent validator says about a file.
Ended validate(const std::string& file) {
  const ScratchDir scratch;
  const auto schema = holdfast::test::holdfast({"check", "--schema"});
  BOOST_REQUIRE_EQUAL(schema.code, 0);
  return Program{scratch, {kSource + "/tests/tools/validate.py", write(scratch, "s.json", schema.out), file}, "/usr/bin/python3"}
      .wait();
}

/// The shipped system with one thing written wrong; both must refuse it.
struct Mistake {
  std::string right, wrong;
};
std::ostream& operator<<(std::ostream& out, const Mistake& m) { return out << m.wrong; }

const Mistake kMistakes[] = {
    {"holdfast: 1", "holdfast: 2"},
    {"journal:", "jornal:"},
    {"seed: 7", "sed: 7"},
    {"workers: 2", "workers: many"},
    {"workers: 2", "workers: 0"},
    {"workers: 2", "workers: \"2\""},
    {"clock: feed", "clock: fed"},
    {"sync_interval: 5ms", "sync_interval: 5"},
    {"wal_cap: 128MiB", "wal_cap: 128MB"},
    {"  - symbol: BTCUSDT", "  - symbl: BTCUSDT"},
    {"tick: 0.01 ", "tick: 0 "},
    {"intensity: 3 ", "intensity: -3 "},
    {"jitter: 0.2", "jitter: 2.0"},
    {"      actor: ledger", "      actr: ledger"},
    {"      actor: ledger", "      actor: legder"},
    {"anchors: ${HOLDFAST_ANCHORS:-anchors/paper}", "anchor: x"},
    {"plugin: fat_finger", "plugin: fat_fingre"},
    {"max_quantity: 1 ", "max_quantity: one "},
    {"plugin: synthetic", "plugin: crossover"},
    {"fast: 500", "fasst: 500"},
    {"fast: 500", "window: 500"},
    {"              instrument: BTCUSDT\n", ""},
    {"supervisor: one_for_one", "supervisor: one_for_everybody"},
    {"on_crossed: drop ", "on_crossed: yes "},
    {"volatility_ticks: 50 ", "volatility_ticks: [50] "},
};

std::string everything_under(const std::string& folder) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.is_regular_file()) all += text_of_file(entry.path().string());
  return all;
}

/// The small system, with a notifier that has a secret.
std::string keyed_system(const ScratchDir& scratch, const std::string& key) {
  const auto text = text_of_file(small_system(scratch, "2000"));
  return write(scratch, "keyed.yaml",
               replaced(text, "    - name: market\n",
                        "    - { name: pager, actor: notifier, settings: { notifier: { plugin: keyed, path: " +
                            (scratch / "said") + ", key: " + key + " } } }\n    - name: market\n"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(a_slip_is_shown_as_people_expect_it) {
  const ScratchDir scratch;
  const auto text = text_of_file(kSource + "/configs/paper.yaml");
  const auto file = write(scratch, "f.yaml",
                          replaced(replaced(text, "max_quantity: 1 ", "max_quantitty: 1 "), "plugin: paper ", "plugin: papr "));
  const auto ended = holdfast::test::holdfast({"check", file});
  BOOST_TEST(ended.code == 78);
  BOOST_TEST(ended.out == "");
  BOOST_TEST(ended.err == "error: unknown setting 'max_quantitty'\n"
                          "  --> " + file + ":60:13\n"
                          "   60 |             max_quantitty: 1         #   this many units\n"
                          "      |             ^^^^^^^^^^^^^ did you mean 'max_quantity'?\n"
                          "error: there is no broker plugin 'papr'\n"
                          "  --> " + file + ":76:19\n"
                          "   76 |           plugin: papr             # matches against the quotes and trades of the feed\n"
                          "      |                   ^^^^ did you mean 'paper'?\n"
                          "2 errors. Nothing was started.\n");
}

BOOST_AUTO_TEST_CASE(shipped_systems_satisfy_the_schema) {
  for (const auto& file : shipped()) {
    const auto ended = validate(file.string());
    BOOST_TEST(ended.code == 0, file << ": " << ended.out << ended.err);
  }
}

BOOST_AUTO_TEST_CASE(a_shipped_system_names_the_schema_for_editors) {
  for (const auto& file : shipped()) {
    const auto text = text_of_file(file.string());
    const std::string line = "# yaml-language-server: $schema=";
    BOOST_REQUIRE_MESSAGE(text.find(line) == 0, file);
    const auto named = text.substr(line.size(), text.find('\n') - line.size());
    BOOST_TEST(text.find("\n# $schema: " + named + "\n") != std::string::npos, file);
    BOOST_TEST(fs::path{named}.filename() == "holdfast.schema.json");
  }
}

BOOST_AUTO_TEST_CASE(an_installed_system_finds_the_schema_from_where_it_is_installed) {
  for (const auto& file : shipped()) {
    const auto ours = text_of_file(file.string());
    const auto installed = text_of_file(kBuild + "/configs/" + file.filename().string());
    // From share/doc/holdfast/examples.
    const std::string beside = "../../../holdfast/holdfast.schema.json";
    const std::string here = "../build/release/share/holdfast.schema.json";
    BOOST_TEST((replaced(replaced(ours, here, beside), here, beside) == installed), file);
  }
}

BOOST_DATA_TEST_CASE(the_schema_refuses_what_check_refuses, data::make(kMistakes), mistake) {
  const ScratchDir scratch;
  const auto text = text_of_file(kSource + "/configs/paper.yaml");
  const auto file = write(scratch, "f.yaml", replaced(text, mistake.right, mistake.wrong));
  const auto judged = validate(file);
  BOOST_TEST(judged.code == 1, judged.err);
  BOOST_TEST(judged.out != "");
  BOOST_TEST(holdfast::test::holdfast({"check", file}).code == 78);
}

BOOST_AUTO_TEST_CASE(the_schema_knows_a_journal_that_is_off) {
  const ScratchDir scratch;
  const auto text = text_of_file(small_system(scratch));
  const auto with = [&](const std::string& value) {
    return write(scratch, "f.yaml", replaced(text, "{ snapshot_every: 5000 }", value));
  };
  for (const char* value : {"off", "\"off\""}) {
    BOOST_TEST(validate(with(value)).out == "");
    BOOST_TEST(holdfast::test::holdfast({"check", with(value)}).code == 0);
  }
  BOOST_TEST(validate(with("\"on\"")).code == 1);
  BOOST_TEST(holdfast::test::holdfast({"check", with("\"on\"")}).code == 78);
}

BOOST_AUTO_TEST_CASE(the_schema_of_the_build_is_the_one_the_program_prints) {
  const auto printed = holdfast::test::holdfast({"check", "--schema"}).out;
  BOOST_TEST((text_of_file(kBuild + "/share/holdfast.schema.json") == printed));
}

BOOST_AUTO_TEST_CASE(what_is_shown_reads_back_to_the_same_system) {
  const Variable feed{"HOLDFAST_FEED", "/nowhere/feed.gz"};
  for (const char* name : {"/configs/fix.yaml", "/configs/paper.yaml", "/configs/replay.yaml"}) {
    const ScratchDir scratch;
    const auto once = holdfast::test::holdfast({"check", kSource + name, "--show"});
    BOOST_REQUIRE_MESSAGE(once.code == 0, once.err);
    const auto file = write(scratch, "shown.yaml", once.out);
    const auto again = holdfast::test::holdfast({"check", file, "--show"});
    BOOST_TEST(again.out == once.out);
    BOOST_TEST(validate(file).out == "");
    const auto json = [](const std::string& path) {
      return holdfast::test::holdfast({"check", path, "--show", "--json"}).json()["configuration"];
    };
    BOOST_TEST(json(file) == json(kSource + name));
  }
}

BOOST_AUTO_TEST_CASE(a_run_of_what_is_shown_ends_in_the_same_state) {
  const ScratchDir scratch;
  const auto file = small_system(scratch);
  const auto shown = write(scratch, "shown.yaml", holdfast::test::holdfast({"check", file, "--show"}).out);
  const auto digest = [](const std::string& path) {
    return holdfast::test::holdfast({"backtest", path, "--json"}).json()["state_digest"];
  };
  BOOST_TEST(digest(shown) == digest(file));
}

BOOST_AUTO_TEST_CASE(every_value_says_where_it_comes_from) {
  const ScratchDir scratch;
  const auto text = "profiles: { slow: { system.workers: \"${WORKERS:-3}\" } }\n" + text_of_file(small_system(scratch));
  const auto file = write(scratch, "f.yaml", replaced(text, "\"${WORKERS:-3}\"", "3"));
  const auto ended = holdfast::test::holdfast(
      {"check", file, "--show", "--origin", "--json", "--profile", "slow", "--set", "system.seed=8"});
  BOOST_REQUIRE_MESSAGE(ended.code == 0, ended.err);
  const auto origins = ended.json()["origins"];
  BOOST_TEST(ended.json()["schema"] == "holdfast.effective/1");
  BOOST_TEST(origins["system.name"] == file + ":3");
  BOOST_TEST(origins["system.seed"] == "--set system.seed");
  BOOST_TEST(origins["system.workers"] == file + ":1, profile slow");
  BOOST_TEST(origins["tree.children.venue.settings.broker.maker_fee"] == "default");
  BOOST_TEST(ended.json()["configuration"]["system"]["workers"] == "3");
}

BOOST_AUTO_TEST_CASE(a_profile_is_known_to_every_verb_that_reads_a_file) {
  const ScratchDir scratch;
  const auto file = write(scratch, "f.yaml",
                          "profiles: { short: { actors.market.settings.source.ticks: 300 } }\n" + text_of_file(small_system(scratch)));
  for (const char* verb : {"backtest", "run"}) {
    std::vector<std::string> arguments{verb, file, "--json", "--profile", "short", "--data-dir", scratch / verb};
    if (arguments[0] == "run") arguments.push_back("--until-end");
    const auto ended = holdfast::test::holdfast(arguments);
    BOOST_REQUIRE_MESSAGE(ended.code == 0, ended.err);
    BOOST_TEST(ended.json()["ticks"] < 1000);
  }
  const auto wrong = holdfast::test::holdfast({"check", file, "--profile", "shrt"});
  BOOST_TEST(wrong.code == 78);
  BOOST_TEST(wrong.err == "error: there is no profile 'shrt'\n  --> --profile shrt\n  help: did you mean 'short'?\n"
                          "1 error. Nothing was started.\n");
}

BOOST_AUTO_TEST_CASE(a_secret_reaches_its_plugin_and_nothing_else) {
  const ScratchDir scratch;
  const Variable plugins{"HOLDFAST_PLUGIN_PATH", kBuild + "/tests_keyed"};
  const auto file = keyed_system(scratch, "{ secret: acme/api_key }");
  std::string said;
  {
    const Variable value{"HOLDFAST_SECRET_ACME_API_KEY", kValue};
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"check", file, "--show", "--origin"}, {"check", file, "--show", "--origin", "--json"},
          {"run", file, "--until-end", "--data-dir", scratch / "d", "--report", scratch / "r.html", "--log-json"}}) {
      const auto ended = holdfast::test::holdfast(arguments);
      BOOST_REQUIRE_MESSAGE(ended.code == 0, ended.err);
      said += ended.out + ended.err;
    }
  }
  BOOST_TEST(text_of_file(scratch / "said") == "acme/api_key sha256:417b00ea " + std::to_string(kValue.size()) + "\n");
  BOOST_TEST(said.find("secret: acme/api_key  # acme/api_key sha256:417b00ea, ") != std::string::npos, said);
  said += everything_under(scratch.str());
  BOOST_TEST(said.find("acme/api_key") != std::string::npos);
  BOOST_TEST(said.find(kValue) == std::string::npos);
  // And nobody who only reads the journal needs it.
  BOOST_TEST(holdfast::test::holdfast({"journal", "replay", scratch / "d"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_plugin_that_fails_cannot_give_its_secret_away) {
  const Variable plugins{"HOLDFAST_PLUGIN_PATH", kBuild + "/tests_keyed"};
  const Variable value{"HOLDFAST_SECRET_ACME_API_KEY", kValue};
  for (const char* verb : {"run", "backtest"}) {
    const ScratchDir scratch;
    const auto ended = holdfast::test::holdfast(
        {verb, keyed_system(scratch, "{ secret: acme/api_key }, betray: true"), "--data-dir", scratch / "d", "--log-json"});
    BOOST_TEST(ended.code == 70, ended.err);
    const auto said = ended.out + ended.err + everything_under(scratch.str());
    BOOST_TEST(said.find("the key {secret: acme/api_key} fits nowhere") != std::string::npos, ended.err);
    BOOST_TEST(said.find(kValue) == std::string::npos, ended.err);
  }
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_missing_or_written_keeps_a_system_from_starting) {
  const ScratchDir scratch;
  const Variable plugins{"HOLDFAST_PLUGIN_PATH", kBuild + "/tests_keyed"};
  const auto missing = holdfast::test::holdfast({"run", keyed_system(scratch, "{ secret: acme/api_key }"), "--data-dir", scratch / "d"});
  BOOST_TEST(missing.code == 78);
  BOOST_TEST(missing.err.find("error: there is no secret 'acme/api_key'\n") != std::string::npos, missing.err);
  BOOST_TEST(missing.err.find("HOLDFAST_SECRET_ACME_API_KEY") != std::string::npos, missing.err);
  const auto written = holdfast::test::holdfast({"run", keyed_system(scratch, kValue), "--data-dir", scratch / "d"});
  BOOST_TEST(written.code == 78);
  BOOST_TEST(written.err.find("help: write {secret: name}\n") != std::string::npos, written.err);
  BOOST_TEST(written.err.find(kValue) == std::string::npos, written.err);
  BOOST_TEST(!fs::exists(scratch / "d"));
}

BOOST_AUTO_TEST_SUITE_END()
