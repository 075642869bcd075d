// What programs read from programs: every reader's JSON keeps the shape of its golden file.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <regex>
#include <set>

#include "program.hpp"

using namespace holdfast::test;
using nlohmann::json;

namespace {

/// Words in a golden file that stand for any value of a kind; every other value is meant as it is.
bool fits(const std::string& kind, const json& value) {
  static const std::map<std::string, std::string> patterns{{"<hash>", "[0-9a-f]{64}"},
                                                           {"<time>", R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z)"},
                                                           {"<decimal>", R"(-?\d+(\.\d+)?)"},
                                                           {"<text>", R"((.|\n)*)"}};
  if (kind == "<count>") return value.is_number_unsigned();
  if (kind == "<number>") return value.is_number();
  if (kind == "<bool>") return value.is_boolean();
  const auto found = patterns.find(kind);
  if (found == patterns.end()) return value == kind;
  return value.is_string() && std::regex_match(value.get<std::string>(), std::regex{found->second});
}

/// Where `value` first leaves the golden shape; empty when it keeps it. What is not in the golden
/// file may be added; a list of one stands for any number of the same, but at least one.
std::string difference(const json& golden, const json& value, const std::string& at) {
  if (golden.is_string())
    return fits(golden.get<std::string>(), value) ? "" : at + " is " + value.dump() + ", not " + golden.dump();
  if (golden.is_object()) {
    if (!value.is_object()) return at + " is no object";
    for (const auto& [key, below] : golden.items()) {
      if (!value.contains(key)) return at + "." + key + " is gone";
      if (auto found = difference(below, value[key], at + "." + key); !found.empty()) return found;
    }
    return "";
  }
  if (golden.is_array()) {
    if (!value.is_array() || (!golden.empty() && value.empty())) return at + " is no list, or empty";
    for (std::size_t i = 0; !golden.empty() && i < value.size(); ++i)
      if (auto found = difference(golden[golden.size() == 1 ? 0 : std::min(i, golden.size() - 1)], value[i],
                                  at + "[" + std::to_string(i) + "]");
          !found.empty())
        return found;
    return "";
  }
  return golden == value ? "" : at + " is " + value.dump() + ", not " + golden.dump();
}

std::filesystem::path golden_folder() {
  return std::filesystem::path{std::getenv("HOLDFAST_SOURCE")} / "tests/tools/golden";
}

/// `verb` as its golden file is called: "journal verify" is journal_verify.json.
void keeps_shape(const std::string& verb, const std::string& text) {
  std::string name = verb;
  std::ranges::replace(name, ' ', '_');
  const auto file = golden_folder() / (name + ".json");
  BOOST_TEST_REQUIRE(std::filesystem::exists(file), file << " is missing; it would hold " << text);
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    const auto found = difference(json::parse(text_of_file(file)), json::parse(line), verb);
    BOOST_TEST(found == "", found << " in " << line);
  }
}

/// A finished system, stopped with a latch on, that all readers here look at.
struct Finished {
  ScratchDir scratch;
  std::string file = small_system(scratch), dir = scratch / "d";
  std::map<std::string, std::string> read;
  Finished() {
    read["backtest"] = holdfast::test::holdfast({"backtest", file, "--data-dir", dir, "--json"}).out;
    // Its market waits for orders on their way, or it would be over before the first is filled.
    const ScratchDir own;
    read["run"] = holdfast::test::holdfast({"run", small_system(own), "--data-dir", own / "d", "--until-end", "--set",
                                            "system.in_step=256", "--json"})
                      .out;
    const auto latch = [&](const char* verb) {
      return holdfast::test::holdfast({verb, dir, "--by", "ann", "--reason", "odd fills", "--json"}).out;
    };
    read["resume"] = latch("resume");
    read["halt"] = latch("halt");
    const auto add = [&](const std::string& verb, std::vector<std::string> words) {
      words.push_back("--json");
      read[verb] = holdfast::test::holdfast(words).out;
    };
    add("check", {"check", file, "--set", "actors.trend.settings.strategy.fsat=3"});
    add("status", {"status", dir});
    add("doctor", {"doctor", dir});
    add("failpoints", {"failpoints"});
    const std::string backups = scratch / "backups";
    add("backup create", {"backup", "create", dir, "--to", backups});
    for (const char* verb : {"list", "verify"}) add(std::string{"backup "} + verb, {"backup", verb, "--from", backups});
    add("backup prune", {"backup", "prune", "--from", backups, "--keep", "5"});
    add("restore", {"restore", "--from", backups, "--to", dir, "--dry-run"});
    add("journal verify", {"journal", "verify", dir, "--anchors", scratch / "anchors"});
    add("journal replay", {"journal", "replay", dir});
    add("journal show", {"journal", "show", dir, "--order", "trend-1"});
    add("plugin list", {"plugin", "list"});
    add("plugin show", {"plugin", "show", "crossover"});
    add("plugin verify",
        {"plugin", "verify", std::string{std::getenv("HOLDFAST_BUILD")} + "/plugins/strategy_crossover.so"});
    add("plugin new", {"plugin", "new", "strategy", "my_own", "--dir", scratch / "my_own"});
    for (const char* verb : {"orders", "positions", "reconcile"}) add(verb, {verb, dir});
    const std::string source = std::getenv("HOLDFAST_SOURCE");
    add("conformance list", {"conformance", "list-tests"});
    for (const auto& [kind, config] : {std::pair{"broker", "paper"}, {"feed", "synthetic"}, {"strategy", "quoter"}})
      add(std::string{"conformance "} + kind, {"conformance", kind, "--config", source + "/configs/conformance/" + config + ".yaml", "--include", "C-001"});
    run_venue(source + "/configs/venue.yaml");
    add("venue book", {"venue", "book", scratch / "venue"});
    add("venue log", {"venue", "log", scratch / "venue"});
    read["top"] = watched();
  }
  /// Leaves the file of a venue that opened and closed.
  void run_venue(const std::string& config) const {
    const ScratchDir own;
    Program program{own, {"venue", config, "--data", scratch / "venue", "--port", "0", "--port-file", own / "port"}};
    BOOST_TEST_REQUIRE(wait_until([&] { return std::filesystem::exists(own / "port"); }));
    program.signal(SIGTERM);
    BOOST_TEST(program.wait().code == 0);
  }
  std::string watched() {
    Program program{scratch, {"run", small_system(scratch, "0", 20), "--data-dir", scratch / "live"}};
    if (!wait_until([&] {
          return holdfast::test::holdfast({"status", scratch / "live", "--json"}).out.find("\"ready\"") !=
                 std::string::npos;
        }))
      return "";
    const auto out =
        holdfast::test::holdfast({"top", scratch / "live", "--every", "0.05", "--times", "2", "--json"}).out;
    program.signal(SIGTERM);
    program.wait();
    return out;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(json_shapes)

BOOST_AUTO_TEST_CASE(what_every_reader_prints_as_json_keeps_its_golden_shape) {
  Finished finished;
  for (const auto& [verb, text] : finished.read) keeps_shape(verb, text);
}

BOOST_AUTO_TEST_CASE(no_reader_is_without_a_golden_file) {
  // The completion script knows every verb and option, and so does this test.
  const std::string script = holdfast::test::holdfast({"completion", "fish"}).out;
  static const std::regex reader{R"(-n '([^']*)' -l json)"};
  static const std::regex word{R"((not )?__fish_seen_subcommand_from ([a-z_]+))"};
  std::set<std::string> names;
  for (std::sregex_iterator at{script.begin(), script.end(), reader}, end; at != end; ++at) {
    const std::string condition = (*at)[1];
    std::string name;
    for (std::sregex_iterator w{condition.begin(), condition.end(), word}; w != end; ++w)
      if (!(*w)[1].matched) name += (name.empty() ? "" : "_") + (*w)[2].str();
    names.insert(name);
  }
  BOOST_TEST(names.size() > 10u);
  names.erase("bench");  // Takes minutes; tests of its own look at its figures.
  for (const auto& name : names)
    BOOST_TEST(std::filesystem::exists(golden_folder() / (name + ".json")), name << " has --json and no golden file");
}

BOOST_AUTO_TEST_CASE(a_lost_or_changed_key_is_seen_and_a_new_one_is_not) {
  const json golden = json::parse(R"({"schema":"a/1","n":"<count>","list":[{"name":"<text>"}]})");
  const auto first = [&](const char* text) { return difference(golden, json::parse(text), ""); };
  BOOST_TEST(first(R"({"schema":"a/1","n":3,"list":[{"name":"x","more":1}],"new":true})") == "");
  BOOST_TEST(first(R"({"schema":"a/2","n":3,"list":[{"name":"x"}]})") == R"(.schema is "a/2", not "a/1")");
  BOOST_TEST(first(R"({"schema":"a/1","n":"3","list":[{"name":"x"}]})") == R"(.n is "3", not "<count>")");
  BOOST_TEST(first(R"({"schema":"a/1","n":3,"list":[{"name":"x"},{"nmae":"y"}]})") == ".list[1].name is gone");
  BOOST_TEST(first(R"({"schema":"a/1","n":3,"list":[]})") == ".list is no list, or empty");
}

BOOST_AUTO_TEST_SUITE_END()
