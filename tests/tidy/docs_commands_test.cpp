// Runs the commands in the documents, each document in a folder of its own that looks like the
// project's root: what one block leaves behind, the next finds.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "shell.hpp"
#include "test_data.hpp"
#include "tidy/doc_checks.hpp"
#include "tidy/tree.hpp"

namespace fs = std::filesystem;
using namespace holdfast;
using namespace holdfast::tidy;

namespace {

void make_root(const std::string& folder) {
  for (const char* name : {"configs", "plugins", "docs", "tests"})
    fs::create_directory_symlink(fs::path{source_root()} / name, fs::path{folder} / name);
  fs::create_directory(fs::path{folder} / "build");
  fs::create_directory_symlink(fs::path{test::built_bin()}.parent_path(), fs::path{folder} / "build/release");
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
      const test::Ran ran = test::shell(block.text, folder.str());
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
  BOOST_TEST(test::shell("false\ntrue\n", folder.str()).exit == 1);
  BOOST_TEST(test::shell("holdfast chekc a.yaml\n", folder.str()).exit == 64);
}

BOOST_AUTO_TEST_SUITE_END()
