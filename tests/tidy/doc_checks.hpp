#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tidy/checks.hpp"

/// Rules for what people read, over the text of a document.
namespace holdfast::tidy {

/// A ```sh block and what the comment above it says about running it:
/// `<!-- run -->`, `<!-- run exit=3 prints=INTACT -->` or `<!-- not run: why -->`.
struct Commands {
  std::string path;
  int line = 0;
  std::string text;
  bool marked = false, run = false;
  int exit = 0;
  std::string prints;  ///< Must be found in what it prints.
};
std::vector<Commands> commands_in(const File& document);
/// Every block of commands says whether a test runs it, and why not.
Findings check_commands(const File& document);

/// Text of a document by its path, or null when there is no such file; "" for anything else there.
using Lookup = std::function<const std::string*(const std::string& path)>;
/// Code is quoted, never written: a ```cpp block under `<!-- from FILE -->` stands in that file, which is
/// built, line for line but for its indentation. In documents of `quoting` every block says so.
Findings check_quotes(const File& document, const Lookup& lookup, bool quoting);
/// Every relative link leads to a file, and its anchor to a heading there.
Findings check_links(const File& document, const Lookup& lookup);

/// A row of the glossary: `| **latch** | what it is | kill switch |`.
struct Word {
  std::string word;
  std::vector<std::string> instead_of;
};
std::vector<Word> words_in(const File& glossary);
/// Every needed word is explained once, in alphabetical order.
Findings check_glossary(const File& glossary, const std::vector<std::string>& needed);
/// One word per idea: a document uses none that the glossary replaces.
Findings check_words(const File& document, const std::vector<Word>& words);

/// Every row of a table whose last column is `test` names tests that are there: `name` of a test case, followed by
/// "what" for one of its samples.
Findings check_named_tests(const File& document, const std::vector<File>& project);
/// The words in backticks of the first column of the table that begins with the line `header`.
std::vector<std::string> first_column(const File& document, const std::string& header);

}  // namespace holdfast::tidy
