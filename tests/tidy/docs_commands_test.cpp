// Runs the commands in the documents, each document in a folder of its own that looks like the
// project's root: what one block leaves behind, the next finds.
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "test_data.hpp"
#include "tidy/doc_checks.hpp"
#include "tidy/tree.hpp"

namespace fs = std::filesystem;
using namespace holdfast;
using namespace holdfast::tidy;

namespace {

struct Ran {
  int exit = -1;
  std::string output;
};

/// Every line of `text` in `folder`; stops at the first that fails.
Ran run(const std::string& text, const std::string& folder) {
  const char* program = std::getenv("HOLDFAST_BIN");
  const std::string bin = program == nullptr ? "." : fs::path{program}.parent_path().string();
  const std::string script = folder + "/.commands";
  std::ofstream{script} << "set -e\ncd '" << folder << "'\nexport PATH='" << bin << "':\"$PATH\" NO_COLOR=1\n" << text;
  Ran ran;
  FILE* pipe = ::popen(("timeout 120 sh '" + script + "' 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) ran.output.append(buffer, n);
  const int status = ::pclose(pipe);
  ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

void make_root(const std::string& folder) {
  for (const char* name : {"configs", "plugins", "docs"})
    fs::create_directory_symlink(fs::path{source_root()} / name, fs::path{folder} / name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(docs_commands)

BOOST_AUTO_TEST_CASE(commands_in_documents_do_what_the_documents_say) {
  std::size_t blocks = 0;
  for (const auto& file : project_files()) {
    if (!file.path.ends_with(".md")) continue;
    const test::ScratchDir folder;
    make_root(folder.str());
    for (const auto& block : commands_in(file)) {
      if (!block.run) continue;
      ++blocks;
      const Ran ran = run(block.text, folder.str());
      BOOST_TEST_CONTEXT(block.path << ":" << block.line << " printed:\n" << ran.output) {
        BOOST_TEST(ran.exit == block.exit);
        BOOST_TEST(ran.output.find(block.prints) != std::string::npos, "it does not print: " << block.prints);
      }
    }
  }
  BOOST_TEST(blocks > 5u);
}

BOOST_AUTO_TEST_CASE(a_command_that_fails_is_not_taken_for_one_that_works) {
  const test::ScratchDir folder;
  BOOST_TEST(run("false\ntrue\n", folder.str()).exit == 1);
  BOOST_TEST(run("holdfast chekc a.yaml\n", folder.str()).exit == 64);
}

BOOST_AUTO_TEST_SUITE_END()
