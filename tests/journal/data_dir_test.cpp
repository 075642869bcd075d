#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "journal_fixture.hpp"
#include "refused.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(data_dir)

BOOST_AUTO_TEST_CASE(a_new_directory_is_fresh_until_it_is_marked) {
  TempDir dir;
  {
    auto d = DataDir::open(dir / "new", "alpha", true);
    BOOST_TEST(d.fresh());
    Store::open(store_options(d.journal_path()));
    d.mark_created("alpha");
    BOOST_TEST(!d.fresh());
  }
  BOOST_TEST(system_name_of(dir / "new") == "alpha");
  BOOST_TEST(!DataDir::open(dir / "new", "alpha", true).fresh());
}

BOOST_AUTO_TEST_CASE(a_start_that_crashed_before_the_mark_is_taken_up_again) {
  TempDir dir;
  { Store::open(store_options(DataDir::open(dir / "d", "alpha", true).journal_path())); }
  BOOST_TEST(DataDir::open(dir / "d", "alpha", true).fresh());
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_not_there_is_only_made_when_asked) {
  TempDir dir;
  BOOST_CHECK_EXCEPTION(DataDir::open(dir / "no", "alpha", false), StoreError,
                        refused(StoreError::Kind::missing, (dir / "no") + " does not exist: check the path"));
  fs::create_directory(dir / "empty");
  BOOST_CHECK_EXCEPTION(
      DataDir::open(dir / "empty", "alpha", false), StoreError,
      refused(StoreError::Kind::missing, (dir / "empty") + " holds no Holdfast journal: check the path"));
}

BOOST_AUTO_TEST_CASE(somebody_elses_directory_is_refused) {
  TempDir dir;
  write_file(dir / "letter.txt", "hello");
  BOOST_CHECK_EXCEPTION(
      DataDir::open(dir.path, "alpha", true), StoreError,
      refused(StoreError::Kind::foreign,
              dir.path + " is not a Holdfast data directory and is not empty (it holds letter.txt): "
                         "choose another directory"));
  BOOST_CHECK_EXCEPTION(DataDir::open(dir / "letter.txt", "alpha", true), StoreError,
                        refused(StoreError::Kind::foreign,
                                (dir / "letter.txt") + " is not a directory: choose another data directory"));
}

BOOST_AUTO_TEST_CASE(a_marker_without_its_journal_is_damage_not_a_new_start) {
  TempDir dir;
  write_file(dir / "holdfast.store", "schema 1\nsystem alpha\n");
  BOOST_CHECK_EXCEPTION(
      DataDir::open(dir.path, "alpha", true), StoreError,
      refused(StoreError::Kind::damaged,
              dir.path + " had a journal, but " + dir.path +
                  "/journal is missing or incomplete: restore a backup; nothing was started"));
}

BOOST_AUTO_TEST_CASE(another_systems_directory_is_refused) {
  TempDir dir;
  {
    auto d = DataDir::open(dir / "d", "alpha", true);
    Store::open(store_options(d.journal_path()));
    d.mark_created("alpha");
  }
  BOOST_CHECK_EXCEPTION(
      DataDir::open(dir / "d", "beta", true), StoreError,
      refused(StoreError::Kind::foreign, (dir / "d") + " belongs to the system 'alpha', not to 'beta': "
                                                       "choose another data directory"));
  BOOST_CHECK_NO_THROW(DataDir::open(dir / "d", "", false));  // Readers take what is there.
}

BOOST_DATA_TEST_CASE(
    a_marker_of_another_kind_is_refused,
    boost::unit_test::data::make({"schema 2\nsystem alpha\n", "garbage", "", "schema 0\nsystem alpha\n"}) ^
        boost::unit_test::data::make({" was written by a newer Holdfast (schema 2, this one knows 1): use "
                                      "that version or newer",
                                      "/holdfast.store is damaged: restore a backup",
                                      "/holdfast.store is damaged: restore a backup",
                                      "/holdfast.store is damaged: restore a backup"}),
    text, sentence) {
  TempDir dir;
  write_file(dir / "holdfast.store", text);
  BOOST_CHECK_EXCEPTION(DataDir::open(dir.path, "alpha", true), StoreError,
                        [&](const StoreError& e) { return e.what() == dir.path + sentence; });
}

BOOST_AUTO_TEST_CASE(a_directory_in_use_by_another_process_is_refused_until_that_ends) {
  TempDir dir;
  int ready[2], done[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  BOOST_REQUIRE(::pipe(done) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    char byte = 'x';
    try {
      const auto held = DataDir::open(dir / "d", "alpha", true);
      if (::write(ready[1], &byte, 1) != 1 || ::read(done[0], &byte, 1) != 1) ::_exit(2);
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  char byte = 0;
  BOOST_REQUIRE(::read(ready[0], &byte, 1) == 1);
  BOOST_CHECK_EXCEPTION(
      DataDir::open(dir / "d", "alpha", true), StoreError,
      refused(StoreError::Kind::in_use,
              (dir / "d") + " is in use by another process: stop it first, or choose another data "
                            "directory"));
  BOOST_REQUIRE(::write(done[1], &byte, 1) == 1);
  int status = 1;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
  BOOST_CHECK_NO_THROW(DataDir::open(dir / "d", "alpha", true));
  for (const int fd : {ready[0], ready[1], done[0], done[1]}) ::close(fd);
}

BOOST_AUTO_TEST_SUITE_END()
