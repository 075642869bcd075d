// One fault of each kind a document can have.
#include <boost/test/unit_test.hpp>

#include "tidy/doc_checks.hpp"

using namespace holdfast::tidy;

namespace {

const File kGlossary{"docs/glossary.md",
                     "| word | is | instead of |\n|---|---|---|\n"
                     "| **actor** | a part. | agent |\n| **latch** | a brake. | kill switch, fuse |\n"};

}  // namespace

BOOST_AUTO_TEST_SUITE(planted_faults_in_documents)

BOOST_AUTO_TEST_CASE(commands_that_nobody_runs_are_found) {
  const File document{"docs/a.md",
                      "```sh\nholdfast run\n```\n<!-- run exit=3 prints=INTACT BUT -->\n```sh\nholdfast check a\n```\n"
                      "<!-- not run: needs root -->\n```sh\nmount\n```\n```text\nfree\n```\n"};
  const auto found = check_commands(document);
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  BOOST_TEST(found[0].line == 1);
  const auto blocks = commands_in(document);
  BOOST_REQUIRE_EQUAL(blocks.size(), 3u);
  BOOST_TEST(!blocks[0].run);
  BOOST_TEST(blocks[1].run);
  BOOST_TEST(blocks[1].exit == 3);
  BOOST_TEST(blocks[1].prints == "INTACT BUT");
  BOOST_TEST(blocks[1].text == "holdfast check a\n");
  BOOST_TEST(!blocks[2].run);
}

BOOST_AUTO_TEST_CASE(code_that_is_not_quoted_from_a_file_is_found) {
  const std::string source = "int f() {\n  return 1;\n}\n";
  const Lookup lookup = [&](const std::string& path) { return path == "a.cpp" ? &source : nullptr; };
  const auto count = [&](const std::string& mark, const std::string& code, bool quoting = true) {
    return check_quotes({"docs/a.md", mark + "\n```cpp\n" + code + "\n```\n"}, lookup, quoting).size();
  };
  BOOST_TEST(count("<!-- from a.cpp -->", "return 1;") == 0u);
  BOOST_TEST(count("<!-- from a.cpp -->", "int f() {\nreturn 1;") == 0u);
  BOOST_TEST(count("<!-- from a.cpp -->", "return 2;") == 1u);
  BOOST_TEST(count("<!-- from b.cpp -->", "return 1;") == 1u);
  BOOST_TEST(count("", "return 1;") == 1u);
  BOOST_TEST(count("", "return 1;", false) == 0u);
}

BOOST_AUTO_TEST_CASE(a_table_that_names_no_test_or_one_that_is_not_there_is_found) {
  const std::vector<File> project{{"tests/a_test.cpp", "BOOST_AUTO_TEST_CASE(it_works) {}\nBOOST_DATA_TEST_CASE(it_survives, data::make({\"rain\"})) {}\n"},
                                  {"framework/a.cpp", "BOOST_AUTO_TEST_CASE(elsewhere)"}};
  const auto lines = [&](const std::string& rows) {
    std::vector<int> all;
    for (const auto& f : check_named_tests({"docs/a.md", "| `do` | test |\n|---|---|\n" + rows}, project)) all.push_back(f.line);
    return all;
  };
  BOOST_TEST(lines("| `x` | `it_works`, `it_survives` \"rain\" |\n\n| `y` | not in a table |\n").empty());
  BOOST_TEST((lines("| `x` | `it_works` |\n| `y` | soon |\n") == std::vector{4}));
  BOOST_TEST((lines("| `x` | `it_work` |\n") == std::vector{3}));
  BOOST_TEST((lines("| `x` | `elsewhere` |\n") == std::vector{3}));
  BOOST_TEST((lines("| `x` | `it_survives` \"snow\" |\n") == std::vector{3}));
  const File table{"docs/a.md", "| `do` | test |\n|---|---|\n| `x`, `y` | `z` |\n\n| `w` | |\n"};
  BOOST_TEST((first_column(table, "| `do` | test |") == std::vector<std::string>{"x", "y"}));
}

BOOST_AUTO_TEST_CASE(commands_under_another_name_are_found) {
  BOOST_TEST(check_commands({"docs/a.md", "```bash\nls\n```\n"}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(links_that_lead_nowhere_are_found) {
  const std::string there = "# A page\n\n## What is `there`, today\n";
  const Lookup lookup = [&](const std::string& path) { return path == "docs/there.md" ? &there : nullptr; };
  const auto count = [&](const std::string& link) { return check_links({"docs/a.md", "[x](" + link + ")"}, lookup).size(); };
  BOOST_TEST(count("there.md") == 0u);
  BOOST_TEST(count("../docs/there.md#what-is-there-today") == 0u);
  BOOST_TEST(count("https://example.org/x") == 0u);
  BOOST_TEST(count("gone.md") == 1u);
  BOOST_TEST(count("../there.md") == 1u);
  BOOST_TEST(count("there.md#what-was-there") == 1u);
}

BOOST_AUTO_TEST_CASE(a_glossary_with_a_word_missing_twice_or_out_of_order_is_found) {
  BOOST_TEST(check_glossary(kGlossary, {"actor", "latch"}).empty());
  BOOST_TEST(check_glossary(kGlossary, {"frame"}).size() == 1u);
  BOOST_TEST(check_glossary({"g", kGlossary.text + "| **latch** | again. | |\n"}, {}).size() == 1u);
  BOOST_TEST(check_glossary({"g", kGlossary.text + "| **frame** | late. | |\n"}, {}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_second_word_for_one_idea_is_found) {
  const auto words = words_in(kGlossary);
  BOOST_TEST(check_words({"docs/a.md", "A latch stops an actor.\nReagents are no agency."}, words).empty());
  const auto found = check_words({"docs/a.md", "The latch\nis a Kill Switch for agents"}, words);
  BOOST_REQUIRE_EQUAL(found.size(), 2u);
  BOOST_TEST(found[0].what == "'agent': the word is actor");
  BOOST_TEST(found[1].line == 2);
}

BOOST_AUTO_TEST_SUITE_END()
