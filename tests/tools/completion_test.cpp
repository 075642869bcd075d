// What a shell offers and what `man` shows; both are made of the command line as it is declared.
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>

#include "program.hpp"

using namespace holdfast::test;

namespace {

struct Shell {
  int code = -1;
  std::string out;
};

/// `command` in `bash` or another shell; what it prints on either stream.
Shell shell(const std::string& command) {
  Shell result;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) result.out.append(buffer, n);
  const int status = ::pclose(pipe);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

bool installed(const std::string& program) { return shell("command -v " + program).code == 0; }

std::string script(const ScratchDir& scratch, const std::string& of) {
  const auto ended = holdfast::test::holdfast({"completion", of});
  BOOST_TEST(ended.code == 0);
  const std::string path = scratch / ("holdfast." + of);
  std::ofstream{path} << ended.out;
  return path;
}

/// What bash offers for the words of a command line; the last is being typed.
std::string offered(const ScratchDir& scratch, const std::string& file, const std::string& words) {
  const std::string test = scratch / "test.sh";
  std::ofstream{test} << "cd '" << scratch.str() << "'\nsource '" << file << "'\nCOMP_WORDS=(" << words
                      << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                      << "_holdfast\nprintf '%s ' \"${COMPREPLY[@]}\"\n";
  return shell("bash --norc --noprofile '" + test + "'").out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(completion)

BOOST_AUTO_TEST_CASE(bash_offers_verbs_options_choices_and_files) {
  const ScratchDir scratch;
  const auto file = script(scratch, "bash");
  std::filesystem::create_directory(scratch / "data of ann");
  const auto offers = [&](const std::string& words) { return offered(scratch, file, words); };
  BOOST_TEST(offers("holdfast bac") == "backtest backup ");
  BOOST_TEST(offers("holdfast journal ''") == "verify replay show -h --help ");
  BOOST_TEST(offers("holdfast journal sh") == "show ");
  BOOST_TEST(offers("holdfast journal show --or") == "--order ");
  BOOST_TEST(offers("holdfast halt d --le") == "--level ");
  BOOST_TEST(offers("holdfast halt d --level ''") == "reducing halted ");
  BOOST_TEST(offers("holdfast status data") == "data of ann ");
  BOOST_TEST(offers("holdfast run --data-dir data") == "data of ann ");
  BOOST_TEST(offers("holdfast run --ki") == " ", "hidden options stay hidden");
}

BOOST_AUTO_TEST_CASE(zsh_and_fish_understand_their_scripts) {
  const ScratchDir scratch;
  const auto zsh = script(scratch, "zsh"), fish = script(scratch, "fish");
  BOOST_TEST(text_of_file(zsh).rfind("#compdef holdfast\n", 0) == 0u);
  if (installed("zsh")) BOOST_TEST(shell("zsh -n '" + zsh + "'").out == "");
  if (installed("fish")) {
    const auto offers = [&](const std::string& line) {
      return shell("HOME='" + scratch.str() + "' fish --private -c \"source '" + fish + "'; complete -C '" + line +
                   "'\"")
          .out;
    };
    BOOST_TEST(offers("holdfast journal ver").find("verify\t") == 0u);
    BOOST_TEST(offers("holdfast halt d --level r").find("reducing") == 0u);
    BOOST_TEST(offers("holdfast plugin show --k").find("--kind") == 0u);
  }
}

BOOST_AUTO_TEST_CASE(every_verb_has_a_manual_page_that_formats_without_a_complaint) {
  const ScratchDir scratch;
  BOOST_TEST(holdfast::test::holdfast({"man", "--into", scratch / "man"}).code == 0);
  std::size_t pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator{scratch / "man"}) {
    ++pages;
    const auto path = entry.path().string();
    // Dates are left out on purpose, and mandoc would miss them.
    if (installed("mandoc"))
      BOOST_TEST(shell("mandoc -T lint -W warning '" + path + "' | grep -v 'missing date'").out == "");
    if (installed("groff")) BOOST_TEST(shell("groff -man -ww -z -K utf8 '" + path + "'").out == "");
  }
  BOOST_TEST(pages > 10u);
  const std::string page = text_of_file(scratch / "man/holdfast-halt.1");
  BOOST_TEST(page.find("\\fB\\-\\-reason\\fR \\fITEXT\\fR") != std::string::npos, page);
  BOOST_TEST(holdfast::test::holdfast({"man", "halt"}).out == page);
  BOOST_TEST(text_of_file(scratch / "man/holdfast.1").find(".BR holdfast\\-journal (1)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_manual_of_a_verb_nobody_knows_names_the_nearest) {
  const auto ended = holdfast::test::holdfast({"man", "hatl"});
  BOOST_TEST(ended.code == 64);
  BOOST_TEST(ended.err == "error: there is no verb 'hatl': did you mean 'halt'?\n");
}

BOOST_AUTO_TEST_CASE(exit_codes_of_the_manual_are_those_of_the_document) {
  const std::string page = holdfast::test::holdfast({"man"}).out;
  const std::string document = text_of_file(std::string{std::getenv("HOLDFAST_SOURCE")} + "/docs/operate.md");
  for (const char* code : {"64", "69", "70", "74", "78"}) {
    BOOST_TEST(page.find(".TP\n" + std::string{code} + "\n") != std::string::npos, code);
    BOOST_TEST(document.find("| " + std::string{code} + " |") != std::string::npos, code);
  }
}

BOOST_AUTO_TEST_SUITE_END()
