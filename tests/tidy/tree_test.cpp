// The project as it stands, under every rule. What the rules catch is planted in *_faults_test.cpp.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "tidy/checks.hpp"
#include "tidy/doc_checks.hpp"
#include "tidy/tree.hpp"

using namespace holdfast::tidy;

namespace {

void nothing_found(const std::function<Findings(const File&)>& check) {
  BOOST_REQUIRE(project_files().size() > 100u);
  for (const auto& file : project_files())
    for (const auto& finding : check(file)) BOOST_ERROR(finding);
}

bool is_document(const File& file) { return file.path.ends_with(".md"); }

const File& file_at(const std::string& path) {
  for (const auto& file : project_files())
    if (file.path == path) return file;
  throw std::runtime_error{path + " is missing"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tree)

BOOST_AUTO_TEST_CASE(includes_follow_the_floor_plan) { nothing_found(check_floors); }
BOOST_AUTO_TEST_CASE(files_fit_into_a_head) { nothing_found(check_size); }
BOOST_AUTO_TEST_CASE(calls_stay_in_their_rooms) { nothing_found(check_calls); }
BOOST_AUTO_TEST_CASE(every_failpoint_is_listed_and_reached) {
  for (const auto& finding : check_failpoints(file_at("framework/journal/src/failpoint_sites.cpp"), project_files())) BOOST_ERROR(finding);
}
BOOST_AUTO_TEST_CASE(nothing_is_left_lying_about) { nothing_found(check_leftovers); }

BOOST_AUTO_TEST_CASE(the_example_strategy_is_short_and_needs_the_sdk_only) {
  for (const auto& finding : check_example(file_at("plugins/strategies/crossover/crossover.cpp"))) BOOST_ERROR(finding);
}

BOOST_AUTO_TEST_CASE(what_people_expect_beside_the_code_is_there) {
  for (const auto* name : {"README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"})
    BOOST_TEST(project_index().contains(name), name << " is missing");
  BOOST_TEST(lines_of(file_at("README.md").text).size() <= 60u);
}

BOOST_AUTO_TEST_CASE(links_between_documents_lead_somewhere) {
  const Lookup lookup = [](const std::string& path) {
    const auto at = project_index().find(path);
    return at == project_index().end() ? nullptr : &at->second;
  };
  nothing_found([&](const File& file) { return is_document(file) ? check_links(file, lookup) : Findings{}; });
}

BOOST_AUTO_TEST_CASE(code_in_a_document_is_quoted_from_a_file_that_is_built) {
  const Lookup lookup = [](const std::string& path) {
    const auto at = project_index().find(path);
    return at == project_index().end() ? nullptr : &at->second;
  };
  nothing_found([&](const File& file) {
    return is_document(file) ? check_quotes(file, lookup, file.path.starts_with("docs/write_")) : Findings{};
  });
}

BOOST_AUTO_TEST_CASE(every_command_in_a_document_is_run_by_a_test_or_says_why_not) {
  nothing_found([](const File& file) { return is_document(file) ? check_commands(file) : Findings{}; });
}

BOOST_AUTO_TEST_CASE(every_incident_and_every_trouble_of_the_venue_has_a_test_that_is_there) {
  const File& incidents = file_at("docs/incidents.md");
  for (const auto& finding : check_named_tests(incidents, project_files())) BOOST_ERROR(finding);
  for (int row = 1; row <= 25; ++row)
    BOOST_TEST(incidents.text.find("\n| " + std::to_string(row) + " | ") != std::string::npos, "row " << row << " is missing");
  auto here = first_column(incidents, "| `do` | afterwards the books are equal | test |");
  auto there = first_column(file_at("docs/venue.md"), "| `do` | what happens | when |");
  std::ranges::sort(here);
  std::ranges::sort(there);
  BOOST_TEST(there.size() > 20u);
  BOOST_TEST(here == there, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(documents_have_one_word_per_idea) {
  const File& glossary = file_at("docs/glossary.md");
  for (const auto& finding : check_glossary(glossary, {"actor", "plugin", "event", "frame", "stream", "journal",
                                                       "snapshot", "latch", "incarnation", "era", "denied", "rejected",
                                                       "failed", "stop", "crash", "intent", "tick", "position"}))
    BOOST_ERROR(finding);
  const auto words = words_in(glossary);
  BOOST_TEST(words.size() > 20u);
  nothing_found([&](const File& file) {
    return is_document(file) && file.path != glossary.path ? check_words(file, words) : Findings{};
  });
}

BOOST_AUTO_TEST_SUITE_END()
