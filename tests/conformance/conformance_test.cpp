// holdfast conformance: verdicts, exit codes and what is written.
#include <boost/test/unit_test.hpp>
#include <holdfast/journal/signing_key.hpp>
#include <set>

#include "tools/program.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace fs = std::filesystem;

namespace {

std::string build() { return std::getenv("HOLDFAST_BUILD"); }

/// A configuration of a broken plugin.
std::string broken(const ScratchDir& scratch, const std::string& settings, const std::string& suite = "broker") {
  const std::string file = scratch / "broken.yaml";
  std::ofstream{file} << "conformance: 1\n" << suite << ": " << settings << "\nplugin_path: [" << build() << "/tests_broken]\n"
                      << "instruments:\n  - { symbol: X, tick: 0.01, lot: 0.01, currency: USD }\n";
  return file;
}

Ended conformance(const ScratchDir& scratch, std::vector<std::string> arguments, const std::string& suite = "broker") {
  arguments.insert(arguments.begin(), {"conformance", suite, "--results", scratch / "results.json"});
  return holdfast::test::holdfast(arguments);
}

std::string shipped(const std::string& name) {
  return std::string{std::getenv("HOLDFAST_SOURCE")} + "/configs/conformance/" + name + ".yaml";
}
std::string paper() { return shipped("paper"); }

/// Outcome by case.
std::map<std::string, std::string> outcomes(const nlohmann::json& report) {
  std::map<std::string, std::string> all;
  for (const auto& one : report["cases"]) all[one["id"]] = one["outcome"];
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conformance_verb)

BOOST_AUTO_TEST_CASE(paper_conforms_and_reaches_level_paper) {
  const ScratchDir scratch;
  const Ended ended = conformance(scratch, {"--config", paper(), "--json", "--junit", scratch / "j.xml", "--html",
                                            scratch / "p.html", "--certificate", scratch / "c.json"});
  BOOST_TEST(ended.code == 0, ended.out << ended.err);
  const auto report = ended.json();
  BOOST_TEST(report["schema"] == "holdfast.conformance/1");
  BOOST_TEST(report["conforms"] == true);
  BOOST_TEST(report["level"] == "paper");
  BOOST_TEST(report["plugin"]["sha256"].get<std::string>().size() == 64u);
  BOOST_TEST(nlohmann::json::parse(text_of_file(scratch / "c.json")) == report);
  const std::string junit = text_of_file(scratch / "j.xml"), page = text_of_file(scratch / "p.html");
  BOOST_TEST(junit.find("<skipped message=\"it does not claim icebergs\"/>") != std::string::npos, junit);
  BOOST_TEST(junit.find("failures=\"0\" errors=\"0\"") != std::string::npos, junit);
  BOOST_TEST(page.find("Partial fills add up exactly") != std::string::npos);
  BOOST_TEST(page.find("http") == std::string::npos, "the page needs something from elsewhere");
}

BOOST_AUTO_TEST_CASE(the_fix_broker_conforms_at_its_venue_and_reaches_level_live) {
  const ScratchDir scratch;
  const Ended ended = conformance(scratch, {"--config", shipped("fix"), "--json"});
  BOOST_TEST(ended.code == 0, ended.out << ended.err);
  BOOST_TEST(ended.json()["level"] == "live");
  BOOST_TEST(outcomes(ended.json())["BC-100"] == "passed");
}

BOOST_AUTO_TEST_CASE(shipped_feeds_and_a_shipped_strategy_conform) {
  const std::map<std::string, std::pair<std::string, std::string>> all{
      {"synthetic", {"feed", "paper"}}, {"fix_feed", {"feed", "live"}}, {"quoter", {"strategy", "live"}}};
  for (const auto& [name, expected] : all) {
    const ScratchDir scratch;
    const Ended ended = conformance(scratch, {"--config", shipped(name), "--json", "--junit", scratch / "j.xml"}, expected.first);
    BOOST_TEST(ended.code == 0, name << ": " << ended.out << ended.err);
    BOOST_TEST(ended.json()["suite"] == expected.first);
    BOOST_TEST(ended.json()["level"] == expected.second, name);
    BOOST_TEST(text_of_file(scratch / "j.xml").find("conformance." + expected.first) != std::string::npos);
    // Somebody looks on: without the library that can, nobody would notice a clock.
    if (name != "fix_feed") BOOST_TEST(outcomes(ended.json())[expected.first == "feed" ? "FC-035" : "SC-032"] == "passed");
  }
}

BOOST_AUTO_TEST_CASE(what_is_another_in_every_process_is_found_by_running_two) {
  const ScratchDir scratch;
  const Ended feed = conformance(scratch, {"--config", broken(scratch, "{ plugin: faulty, fault: process }", "feed"), "--json"}, "feed");
  BOOST_TEST(feed.code == 1, feed.out << feed.err);
  for (const auto& [id, outcome] : outcomes(feed.json())) BOOST_TEST((outcome == "failed") == (id == "FC-033"), id);
  const Ended strategy = conformance(
      scratch, {"--config", broken(scratch, "{ plugin: faulty, fault: process, instrument: X }", "strategy"), "--json"}, "strategy");
  BOOST_TEST(strategy.code == 1, strategy.out << strategy.err);
  for (const auto& [id, outcome] : outcomes(strategy.json())) BOOST_TEST((outcome == "failed") == (id == "SC-031"), id);
}

BOOST_AUTO_TEST_CASE(a_clock_is_noticed_in_the_process_of_a_case) {
  const ScratchDir scratch;
  const Ended ended = conformance(
      scratch, {"--config", broken(scratch, "{ plugin: faulty, fault: clock, instrument: X }", "strategy"), "--json"}, "strategy");
  BOOST_TEST(ended.code == 1, ended.out << ended.err);
  BOOST_TEST(ended.out.find("it asks for a clock (clock_gettime): use desk.now()") != std::string::npos, ended.out);
}

BOOST_AUTO_TEST_CASE(a_setting_of_another_suite_is_refused_at_its_line) {
  const ScratchDir scratch;
  const Ended ended = conformance(scratch, {"--config", shipped("synthetic")}, "strategy");
  BOOST_TEST(ended.code == 78);
  BOOST_TEST(ended.err.find("synthetic.yaml:5") != std::string::npos, ended.err);
}

BOOST_AUTO_TEST_CASE(a_plugin_that_crashes_fails_that_case_and_the_suite_goes_on) {
  const ScratchDir scratch;
  const Ended ended = conformance(scratch, {"--config", broken(scratch, "{ plugin: faulty, fault: crashes }"),
                                            "--include", "BC-00|BC-03", "--json"});
  BOOST_TEST(ended.code == 1, ended.out << ended.err);
  auto found = outcomes(ended.json());
  BOOST_TEST(found["BC-001"] == "passed");
  BOOST_TEST(found["BC-030"] == "failed");
  BOOST_TEST(found["BC-036"] == "failed");
  BOOST_TEST(ended.out.find("Segmentation fault") != std::string::npos, ended.out);
  BOOST_TEST(ended.json()["level"].is_null());
}

BOOST_AUTO_TEST_CASE(a_plugin_that_ends_the_process_fails_whatever_its_exit_code_says) {
  const ScratchDir scratch;
  const Ended ended =
      conformance(scratch, {"--config", broken(scratch, "{ plugin: faulty, fault: exits }"), "--include", "BC-030"});
  BOOST_TEST(ended.code == 1, ended.out << ended.err);
  BOOST_TEST(ended.out.find("the process ended in the middle of the case, with exit code 0") != std::string::npos,
             ended.out);
}

BOOST_AUTO_TEST_CASE(a_case_that_takes_too_long_is_inconclusive) {
  const ScratchDir scratch;
  const Ended ended = conformance(scratch, {"--config", broken(scratch, "{ plugin: faulty, fault: hangs }"),
                                            "--include", "BC-030", "--limit", "1"});
  BOOST_TEST(ended.code == 2, ended.out << ended.err);
  BOOST_TEST(ended.out.find("not done after 1 s") != std::string::npos, ended.out);
}

BOOST_AUTO_TEST_CASE(only_what_failed_is_asked_again) {
  const ScratchDir scratch;
  const std::string file = broken(scratch, "{ plugin: faulty, fault: no_reason }");
  BOOST_TEST(conformance(scratch, {"--config", file}).code == 1);
  const Ended again = conformance(scratch, {"--config", file, "--only-failed", "--json"});
  BOOST_TEST(again.code == 1);
  for (const auto& [id, outcome] : outcomes(again.json())) BOOST_TEST(outcome == "failed", id);
  broken(scratch, "{ plugin: faulty }");
  BOOST_TEST(conformance(scratch, {"--config", file, "--only-failed"}).code == 0);
  BOOST_TEST(outcomes(conformance(scratch, {"--config", file, "--only-failed", "--json"}).json()).empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_configuration_is_78_and_a_wrong_command_line_64) {
  const ScratchDir scratch;
  const Ended nobody = conformance(scratch, {"--config", broken(scratch, "{ plugin: nobody }")});
  BOOST_TEST(nobody.code == 78);
  BOOST_TEST(nobody.err.find("broken.yaml:2") != std::string::npos, nobody.err);
  const Ended setting = conformance(scratch, {"--config", broken(scratch, "{ plugin: faulty, flaut: x }")});
  BOOST_TEST(setting.code == 78);
  BOOST_TEST(setting.err.find("fault") != std::string::npos, setting.err);
  BOOST_TEST(conformance(scratch, {"--config", scratch / "none.yaml"}).code == 78);
  BOOST_TEST(conformance(scratch, {}).code == 64);
  BOOST_TEST(conformance(scratch, {"--config", paper(), "--include", "("}).code == 64);
  BOOST_TEST(conformance(scratch, {"--config", paper(), "--include", "BC-999"}).code == 64);
  BOOST_TEST(conformance(scratch, {"--config", paper(), "--only-failed"}).code == 64);
}

BOOST_AUTO_TEST_CASE(a_report_that_cannot_be_written_is_no_verdict) {
  const ScratchDir scratch;
  BOOST_TEST(conformance(scratch, {"--config", paper(), "--include", "BC-001", "--junit", "/nowhere/j.xml"}).code ==
             74);
}

BOOST_AUTO_TEST_CASE(a_certificate_says_who_made_it) {
  const ScratchDir scratch;
  const std::string file = scratch / "c.json";
  const auto certify = [&](std::vector<std::string> more) {
    std::vector<std::string> all{"--config", paper(), "--include", "BC-001", "--certificate", file};
    all.insert(all.end(), more.begin(), more.end());
    return conformance(scratch, all);
  };
  const Ended ended = certify({"--sign", scratch / "maker.key"});
  BOOST_TEST_REQUIRE(ended.code == 0, ended.out << ended.err);
  const auto key = public_key_in(text_of_file(file + ".pub"));
  BOOST_TEST_REQUIRE(key.has_value());
  const std::string text = text_of_file(file), signature = text_of_file(file + ".sig");
  BOOST_TEST(signed_by(*key, text, signature));
  BOOST_TEST(!signed_by(*key, text + " ", signature));
  BOOST_TEST((SigningKey{scratch / "maker.key"}.public_key() == *key));
  BOOST_TEST(certify({}).code == 0);
  BOOST_TEST(!std::filesystem::exists(file + ".sig"), "the signature of another certificate lies beside this one");
  std::filesystem::permissions(scratch / "maker.key", std::filesystem::perms::all);
  const Ended open = certify({"--sign", scratch / "maker.key"});
  BOOST_TEST(open.code == 64);
  BOOST_TEST(open.err.find("is readable by others") != std::string::npos, open.err);
  BOOST_TEST(open.out.find("BC-001") == std::string::npos, "cases ran before the key was looked at");
}

BOOST_AUTO_TEST_CASE(a_secret_is_in_no_report) {
  const ScratchDir scratch;
  const std::string file = broken(scratch, "{ plugin: faulty, fault: tells_secret, key: { secret: key } }");
  const Ended ended = conformance(scratch, {"--config", file, "--include", "BC-1[78]", "--certificate",
                                            scratch / "c.json", "--html", scratch / "p.html"});
  BOOST_TEST(ended.code == 1);
  for (const auto& text : {ended.out, ended.err, text_of_file(scratch / "c.json"), text_of_file(scratch / "p.html")})
    BOOST_TEST(text.find("canary-") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(cases_are_listed_with_ids_that_no_two_share) {
  const auto listed = holdfast::test::holdfast({"conformance", "list-tests", "--json"}).json();
  std::set<std::string> ids;
  for (const auto& one : listed["cases"]) {
    BOOST_TEST(ids.insert(one["id"]).second, one["id"]);
    BOOST_TEST(!one["group_name"].get<std::string>().empty(), one["id"]);
  }
  BOOST_TEST(ids.size() > 50u);
}

BOOST_AUTO_TEST_SUITE_END()
