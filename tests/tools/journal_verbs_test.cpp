// journal verify, replay and show.
#include "program.hpp"

using namespace holdfast::test;

namespace {

/// One finished backtest for all tests here.
struct Journal {
  ScratchDir scratch;
  std::string dir;
  nlohmann::json run;
  Journal() : dir{scratch / "d"} {
    const auto ended = holdfast::test::holdfast({"backtest", small_system(scratch), "--data-dir", dir, "--json"});
    if (ended.code != 0) throw std::runtime_error{ended.err};
    run = ended.json();
  }
};
Journal& journal() {
  static Journal instance;
  return instance;
}

std::string words(std::string text) {
  std::string out;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells{line};
    std::string seq, time, author, type;
    cells >> seq >> time >> author >> type;
    out += author + " " + type + "\n";
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_verbs)

BOOST_AUTO_TEST_CASE(verify_says_intact_unanchored_or_unreadable_by_its_exit_code) {
  const auto anchored = holdfast::test::holdfast({"journal", "verify", journal().dir, "--anchors", journal().scratch / "anchors"});
  BOOST_TEST(anchored.code == 0, anchored.out);
  BOOST_TEST(anchored.out.rfind("INTACT: ", 0) == 0u);
  const auto unanchored = holdfast::test::holdfast({"journal", "verify", journal().dir, "--json"});
  BOOST_TEST(unanchored.code == 3);
  BOOST_TEST(unanchored.json()["verdict"] == "unanchored");
  BOOST_TEST(unanchored.json()["head_seq"] == journal().run["head_seq"]);
  const auto missing = holdfast::test::holdfast({"journal", "verify", journal().scratch / "nowhere", "--json"});
  BOOST_TEST(missing.code == 2);
  BOOST_TEST(missing.json()["verdict"] == "unreadable");
}

BOOST_AUTO_TEST_CASE(a_changed_byte_is_never_called_intact) {
  const ScratchDir scratch;
  std::filesystem::copy(journal().dir, scratch / "d", std::filesystem::copy_options::recursive);
  // The largest file of the store holds events, as a table or still as log.
  std::filesystem::path largest;
  for (const auto& entry : std::filesystem::directory_iterator{scratch / "d/journal"})
    if (entry.is_regular_file() && (largest.empty() || entry.file_size() > std::filesystem::file_size(largest))) largest = entry.path();
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(largest) / 2);
  std::fstream file{largest, std::ios::binary | std::ios::in | std::ios::out};
  file.seekg(middle);
  const char byte = static_cast<char>(file.get() ^ 0x10);
  file.seekp(middle);
  file.put(byte);
  file.close();
  const auto ended = holdfast::test::holdfast({"journal", "verify", scratch / "d", "--anchors", journal().scratch / "anchors"});
  BOOST_TEST((ended.code == 1 || ended.code == 2), ended.out);
}

BOOST_AUTO_TEST_CASE(replay_gives_each_actors_digest) {
  const auto ended = holdfast::test::holdfast({"journal", "replay", journal().dir, "--json"});
  BOOST_TEST(ended.code == 0, ended.err);
  const auto json = ended.json();
  BOOST_TEST(json["schema"] == "holdfast.replay/1");
  BOOST_TEST(json["equal"] == true);
  BOOST_TEST(json["actors"].size() == 7u);
  BOOST_TEST(json["actors"][0]["digest"].get<std::string>().size() == 64u);
  const auto early = holdfast::test::holdfast({"journal", "replay", journal().dir, "--until", "9000", "--json"}).json();
  BOOST_TEST(early["actors"][0]["until_seq"] == 9000);
}

BOOST_AUTO_TEST_CASE(the_story_of_an_order_begins_with_the_tick_that_caused_it) {
  const auto ended = holdfast::test::holdfast({"journal", "show", journal().dir, "--order", "trend-1"});
  BOOST_TEST(ended.code == 0);
  BOOST_TEST(words(ended.out) ==
             "market Quote\ntrend OrderIntent\nrisk OrderApproved\nvenue OrderSent\nvenue OrderAcknowledged\n"
             "venue OrderFilled\nledger FillBooked\n");
  BOOST_TEST(ended.out.find("'means crossed'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_event_is_shown_behind_its_causes) {
  const auto story = holdfast::test::holdfast({"journal", "show", journal().dir, "--order", "trend-1", "--json"}).json();
  BOOST_TEST(story["schema"] == "holdfast.events/1");
  const auto& approved = story["events"][2];
  const auto chain = holdfast::test::holdfast({"journal", "show", journal().dir, "--seq", approved["seq"].dump(), "--json"}).json();
  BOOST_REQUIRE(chain["events"].size() == 3u);
  for (int i = 0; i < 3; ++i) BOOST_TEST(chain["events"][i] == story["events"][i]);
  BOOST_TEST(chain["events"][1]["cause"] == chain["events"][0]["seq"]);
  BOOST_TEST(chain["events"][1]["fields"]["quantity"] == "0.01");
}

BOOST_AUTO_TEST_CASE(the_tail_is_the_last_events) {
  const auto ended = holdfast::test::holdfast({"journal", "show", journal().dir, "--tail", "--json"}).json();
  BOOST_REQUIRE(ended["events"].size() == 20u);
  BOOST_TEST(ended["events"][19]["seq"] == journal().run["head_seq"]);
  BOOST_TEST(ended["events"][19]["type"] == "SystemStopped");
  BOOST_TEST(holdfast::test::holdfast({"journal", "show", journal().dir, "--tail", "3", "--json"}).json()["events"].size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_order_nobody_knows_is_a_usage_error) {
  for (const char* order : {"trend-999999", "nobody-1", "words"}) {
    const auto ended = holdfast::test::holdfast({"journal", "show", journal().dir, "--order", order});
    BOOST_TEST(ended.code == 64);
    BOOST_TEST(ended.err.find(order) != std::string::npos, ended.err);
  }
}

BOOST_AUTO_TEST_SUITE_END()
