// The audit actor: when checkpoints are signed, and how they reach the anchor directory.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "actor_fixture.hpp"
#include "test_data.hpp"

using namespace holdfast;
using namespace holdfast::test;

BOOST_AUTO_TEST_SUITE(audit_actor)

namespace {

struct Counting final : Notary {
  std::vector<std::uint64_t> asked;
  bool empty = false;
  std::string text = "";
  std::string key = "KEY\n";
  std::string public_key() override { return key; }
  std::string checkpoint(std::uint64_t seq) override {
    asked.push_back(seq);
    if (!text.empty()) return text;
    return empty ? "" : "holdfast test\n" + std::to_string(seq) + "\nroot\n\nsignature\n";
  }
};

struct Fixture {
  ScratchDir dir;
  std::shared_ptr<Counting> notary = std::make_shared<Counting>();
  Bench::Make make(const std::string& every = "10", const std::string& anchors = "") {
    return actor(
        "audit",
        map({{"anchors", anchors.empty() ? dir / "anchors" : anchors}, {"every", every}, {"interval", "1m"}}),
        {1}, std::make_shared<BuiltPlugins>(), notary);
  }
  std::string content(const std::string& name) {
    std::ifstream file{dir / ("anchors/" + name)};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  std::vector<std::string> files() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{dir / "anchors"})
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_first_checkpoint_is_signed_at_the_start, Fixture) {
  Bench bench{make()};
  bench.tell(trade("1", "1"));
  BOOST_TEST(files() == (std::vector<std::string>{"audit.pub", "checkpoint-00000000000000000001.txt"}),
             boost::test_tools::per_element());
  BOOST_TEST(content("audit.pub") == "KEY\n");
  BOOST_TEST(bench.wrote<CheckpointSigned>().at(0).covered_seq == 1u);
  BOOST_TEST(bench.words<CheckpointSigned>()[0] == "checkpoint-00000000000000000001.txt");
  BOOST_TEST(content("checkpoint-00000000000000000001.txt") == "holdfast test\n1\nroot\n\nsignature\n");
}

BOOST_FIXTURE_TEST_CASE(then_one_after_so_many_events, Fixture) {
  Bench bench{make()};
  for (int i = 0; i < 10; ++i) bench.tell(trade("1", "1"));  // Event 2 is the first checkpoint itself.
  BOOST_TEST(notary->asked == (std::vector<std::uint64_t>{1, 11}), boost::test_tools::per_element());
  BOOST_TEST(files().size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(or_after_so_much_time_when_anything_happened, Fixture) {
  Bench bench{make("1000")};
  bench.tell(trade("1", "1"));
  const Time first = bench.now();
  BOOST_CHECK(bench.act().at == first + std::chrono::minutes{1});
  bench.advance(std::chrono::minutes{1} - Duration{1});
  bench.act();
  BOOST_TEST(notary->asked.size() == 1u);
  bench.advance(Duration{1});
  bench.act();
  bench.run();
  BOOST_TEST(notary->asked.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(only_what_is_durable_is_signed, Fixture) {
  Bench bench{make()};
  bench.durable = false;
  for (int i = 0; i < 20; ++i) bench.tell(trade("1", "1"));
  BOOST_TEST(notary->asked.empty());
  bench.released = 12;
  bench.run();
  BOOST_TEST(notary->asked == std::vector<std::uint64_t>{12}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(nothing_to_sign_is_nothing_written, Fixture) {
  notary->empty = true;
  Bench bench{make()};
  bench.tell(trade("1", "1"));
  BOOST_TEST(bench.story() == "");
  BOOST_TEST(!std::filesystem::exists(dir / "anchors"));
}

BOOST_FIXTURE_TEST_CASE(an_anchor_that_is_there_is_never_overwritten, Fixture) {
  std::filesystem::create_directories(dir / "anchors");
  std::ofstream{dir / "anchors/checkpoint-00000000000000000001.txt"} << "evidence";
  Bench bench{make()};
  bench.tell(trade("1", "1"));
  BOOST_TEST(bench.story() == "CheckpointSigned");  // The same run gives the same journal again.
  BOOST_TEST(content("checkpoint-00000000000000000001.txt") == "evidence");
}

BOOST_FIXTURE_TEST_CASE(a_new_key_joins_the_old_ones_once, Fixture) {
  for (const char* key : {"KEY\n", "OTHER\n", "OTHER\n"}) {
    notary->key = key;
    Bench bench{make()};
    for (int i = 0; i < 3; ++i) bench.tell(trade("1", "1"));
    std::filesystem::remove(dir / "anchors/checkpoint-00000000000000000001.txt");
  }
  BOOST_TEST(content("audit.pub") == "KEY\nOTHER\n");
}

BOOST_FIXTURE_TEST_CASE(a_directory_that_cannot_be_used_stops_it_with_one_sentence, Fixture) {
  std::ofstream{dir / "file"} << "x";
  Bench bench{make("10", dir / "file/anchors")};
  BOOST_CHECK_EXCEPTION(bench.tell(trade("1", "1")), std::runtime_error, [&](const auto& e) {
    const std::string text = e.what();
    return text.starts_with("the anchor directory cannot be used: making " + dir.str() + "/file/anchors: ") &&
           text.ends_with("; make it writable or name another in `anchors`");
  });
}

BOOST_FIXTURE_TEST_CASE(a_checkpoint_without_a_size_is_refused, Fixture) {
  notary->text = "holdfast test\nmany\n";
  Bench bench{make()};
  BOOST_CHECK_EXCEPTION(bench.tell(trade("1", "1")), std::runtime_error, [](const auto& e) {
    return std::string{e.what()} == "the notary's checkpoint has no size in its second line";
  });
}

BOOST_FIXTURE_TEST_CASE(it_remembers_nothing_of_its_own, Fixture) {
  Bench bench{make()};
  bench.tell(trade("1", "1"));
  BOOST_TEST(bench.state().empty());
}

BOOST_AUTO_TEST_SUITE_END()
