// Files and folders that are wrong before anything of a library has run.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "plugin_host/folder.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

std::string copy(const Folder& folder, const std::string& name = "strategy_good.so") {
  const std::string file = folder.path() + "/" + name;
  std::filesystem::copy_file(BAD_PLUGINS "/strategy_good.so", file);
  return file;
}

/// While it lives, this test is somebody without rights, also where it runs as root.
struct Nobody {
  const uid_t before = ::geteuid();
  Nobody() {
    if (before == 0 && ::seteuid(65534) != 0) throw std::runtime_error{"cannot become nobody"};
  }
  ~Nobody() {
    if (before == 0 && ::seteuid(0) != 0) std::abort();
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_that_is_no_library_is_refused) {
  const Folder folder;
  folder.write("strategy_text.so", "#!/bin/sh\necho hello\n");
  folder.write("strategy_empty.so", "");
  folder.write("strategy_short.so",
               "\x7f"
               "ELF and no more");
  PluginHost host{{folder.path()}};
  const std::string mend = " (build the plugin with -shared, or remove the file)\n";
  BOOST_TEST(refusal(host, "strategy", "text") == "f:7:1: strategy_text.so is not a shared library" + mend);
  BOOST_TEST(refusal(host, "strategy", "empty") == "f:7:1: strategy_empty.so is not a shared library" + mend);
  BOOST_TEST(
      refusal(host, "strategy", "short").find("strategy_short.so is a damaged library: file too short") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(half_a_library_is_refused) {
  const Folder folder;
  const std::string file = copy(folder);
  for (const auto size : {100u, 5'000u, 12'000u}) {
    std::filesystem::remove(file);
    copy(folder);
    std::filesystem::resize_file(file, size);
    PluginHost host{{folder.path()}};
    BOOST_TEST(refusal(host, "strategy", "good") != "");
  }
}

BOOST_AUTO_TEST_CASE(a_folder_or_a_pipe_in_place_of_a_library_is_refused) {
  const Folder folder;
  std::filesystem::create_directory(folder.path() + "/strategy_folder.so");
  BOOST_REQUIRE(::mkfifo((folder.path() + "/strategy_pipe.so").c_str(), 0600) == 0);
  PluginHost host{{folder.path()}};
  const std::string mend = ", expected a shared library (remove it, or install the library in its place)\n";
  BOOST_TEST(refusal(host, "strategy", "folder") == "f:7:1: strategy_folder.so is a folder" + mend);
  BOOST_TEST(refusal(host, "strategy", "pipe") == "f:7:1: strategy_pipe.so is no regular file" + mend);
}

BOOST_AUTO_TEST_CASE(a_link_that_leads_nowhere_is_refused_although_a_later_folder_has_the_library) {
  const Folder folder;
  std::filesystem::create_symlink("/nowhere/strategy_good.so", folder.path() + "/strategy_good.so");
  PluginHost host{{folder.path(), BAD_PLUGINS}};
  BOOST_TEST(refusal(host, "strategy", "good") ==
             "f:7:1: strategy_good.so is a symbolic link to /nowhere/strategy_good.so, which leads nowhere, "
             "expected a shared library (remove the link, or install what it points to)\n");
}

BOOST_AUTO_TEST_CASE(a_link_to_a_library_is_as_good_as_the_library) {
  const Folder folder;
  std::filesystem::create_symlink(BAD_PLUGINS "/strategy_good.so", folder.path() + "/strategy_good.so");
  PluginHost host{{folder.path()}};
  BOOST_TEST(refusal(host, "strategy", "good") == "");
}

BOOST_AUTO_TEST_CASE(a_library_this_user_cannot_read_is_refused) {
  const Folder folder;
  const std::string file = copy(folder);
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
  std::filesystem::permissions(file, std::filesystem::perms{0});
  PluginHost host{{folder.path()}};
  const Nobody nobody;
  BOOST_TEST(refusal(host, "strategy", "good") ==
             "f:7:1: " + file + " cannot be read: Permission denied (check its name and its permissions)\n");
}

BOOST_AUTO_TEST_CASE(a_library_everybody_can_write_is_refused) {
  const Folder folder;
  const std::string file = copy(folder);
  std::filesystem::permissions(file, std::filesystem::perms{0757});
  PluginHost host{{folder.path()}};
  BOOST_TEST(refusal(host, "strategy", "good") ==
             "f:7:1: strategy_good.so is a file that everybody can write, expected one that only its owner can"
             " (chmod o-w " + file + ")\n");
  std::filesystem::permissions(file, std::filesystem::perms{0755});
  BOOST_TEST(refusal(host, "strategy", "good") == "");
}

BOOST_AUTO_TEST_CASE(a_library_in_a_folder_everybody_can_write_is_refused_also_behind_a_link) {
  const Folder folder, links;
  const std::string file = copy(folder);
  std::filesystem::create_symlink(file, links.path() + "/strategy_good.so");
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0777});
  const std::string said = "f:7:1: strategy_good.so is in a folder that everybody can write, expected one that only"
                           " its owner can (chmod o-w " + folder.path() + ", or install it elsewhere)\n";
  for (const auto& path : {folder.path(), links.path()}) {
    PluginHost host{{path}};
    BOOST_TEST(refusal(host, "strategy", "good") == said);
  }
}

BOOST_AUTO_TEST_CASE(of_two_libraries_of_one_name_the_first_is_used_and_the_other_is_named) {
  const Folder first, second;
  copy(first);
  const std::string hidden = copy(second);
  PluginHost host{{first.path(), second.path()}};
  const auto listing = host.look("strategy", "good");
  BOOST_TEST(listing.path == first.path() + "/strategy_good.so");
  BOOST_REQUIRE_EQUAL(listing.hides.size(), 1u);
  BOOST_TEST(listing.hides[0] == hidden);
}
