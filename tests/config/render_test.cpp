#include <boost/test/unit_test.hpp>

#include "config/plan_text.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_CASE(problems_are_shown_with_their_line_and_a_caret) {
  const auto result = load("holdfast: 1\nsystem: { name: s, sed: 7 }\n" + kTree, {"system.workers=x"});
  BOOST_TEST(render(result, false) ==
             "error: unknown setting 'sed'\n"
             "  --> f:2:20\n"
             "    2 | system: { name: s, sed: 7 }\n"
             "      |                    ^^^ did you mean 'seed'?\n"
             "error: expected a whole number, got 'x'\n"
             "  --> --set system.workers=x\n"
             "  help: write digits only, such as 20\n"
             "2 errors. Nothing was started.\n");
}

BOOST_AUTO_TEST_CASE(colour_is_only_there_when_wanted) {
  const Problems problems{{{"f", 1, 1}, "what", "mend"}};
  BOOST_TEST(render(problems, "f", "word", false).find('\x1b') == std::string::npos);
  BOOST_TEST(render(problems, "f", "word", true) ==
             "\x1b[1;31merror\x1b[0m: what\n  \x1b[34m-->\x1b[0m f:1:1\n    \x1b[34m1 |\x1b[0m word\n"
             "     \x1b[34m |\x1b[0m \x1b[1;33m^^^^\x1b[0m mend\n1 error. Nothing was started.\n");
}

BOOST_AUTO_TEST_CASE(the_caret_stands_under_the_word_after_other_alphabets) {
  const Problems at_word{{{"f", 1, 8}, "what", ""}};
  BOOST_TEST(render(at_word, "f", "k: \"ö\" wörd: 1", false) ==
             "error: what\n  --> f:1:8\n    1 | k: \"ö\" wörd: 1\n      |        ^^^^\n1 error. Nothing was "
             "started.\n");
}

BOOST_AUTO_TEST_CASE(a_terminal_does_not_obey_the_file) {
  const Problems problems{{{"f\x1b", 1, 1}, "wh\x1b[2Jat", ""}, {{"f", 1, 1}, "x", ""}};
  const auto text = render(problems, "f", "\x1b[31mred", false);
  BOOST_TEST(text.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_place_beyond_the_text_is_no_reason_to_fall_over) {
  const Problems problems{{{"f", 99, 99}, "what", ""}};
  BOOST_TEST(render(problems, "f", "one line", false).find("f:99:99") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_problem_renders_to_nothing) { BOOST_TEST(render(Problems{}, "f", "", true) == ""); }
