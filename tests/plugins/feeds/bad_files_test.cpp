// Files that cannot be replayed: one sentence with file, place, what and remedy.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tapes.hpp"
#include "test_data.hpp"

namespace holdfast::test {
namespace {

namespace kit = testkit;

struct BadCase {
  std::string name, format, file, text, expected;
};
std::ostream& operator<<(std::ostream& out, const BadCase& c) { return out << c.name; }

std::vector<BadCase> bad_texts() {
  return {
      {"json where csv should be", "csv", "a.csv", "{}\n", ":1: the first line does not name the columns"},
      {"empty csv", "csv", "a.csv", "", ": the file is empty"},
      {"a csv row cut short", "csv", "a.csv", "time,bid,ask\n1,2,3\n1,2\n",
       ":3: the line has not as many fields"},
      {"text in a capture", "binance", "a", "hello world\n", ":1: this is no line of a Binance capture"},
      {"json without a time", "binance", "a", "{\"stream\":\"a@trade\"}\n",
       ":1: this is no line of a Binance capture"},
      {"json cut short", "binance", "a", "1 {\"stream\":\"a@trade\",\"data\":{\"p\":\"1\n",
       ":1: this is no line of a Binance"},
      {"a trade without a price", "binance", "a",
       "1 {\"stream\":\"a@trade\",\"data\":{\"q\":\"1\",\"m\":true}}\n",
       ":1: this is no line of a Binance capture"},
      {"two symbols in one capture", "binance", "a",
       "1 {\"stream\":\"a@kline\",\"data\":{}}\n2 {\"stream\":\"b@kline\",\"data\":{}}\n",
       ":2: the capture holds both a and b"},
      {"a file of bars for ticks", "lean", "20140508_x.csv", "0,1,1,1,1\n",
       ":1: a row of 5 fields is none of a Lean"},
      {"a lean file without a day", "lean", "a.csv", "0,1,2\n", ": the file's name does not tell its day"},
      {"a lobster file without a day", "lobster", "a.csv", "0,1,1,1,1,1\n",
       ": the file's name does not tell its day"},
      {"an order book for messages", "lobster", "2012-06-21.csv", "1,2,3,4\n",
       ":1: this is no line of a LOBSTER message"},
  };
}

void check_refused(const std::string& text, const std::string& file, const std::string& expected) {
  BOOST_TEST_CONTEXT("refused with: " << text) {
    BOOST_TEST(text.starts_with(file + expected));
    BOOST_TEST(text.find("; ") != std::string::npos);
    BOOST_TEST(text.find('\n') == std::string::npos);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_files)

BOOST_DATA_TEST_CASE(a_text_of_another_format_is_refused, bad_texts()) {
  const ScratchDir dir;
  kit::write_plain(dir / sample.file, sample.text);
  check_refused(refusal(replay(sample.format, dir / sample.file)), dir / sample.file, sample.expected);
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_folder_are_refused) {
  const ScratchDir dir;
  check_refused(refusal(replay("csv", dir / "none.csv")), dir / "none.csv", ": there is no such file");
  check_refused(refusal(replay("csv", dir.str())), dir.str(), ": this is a folder");
}

BOOST_AUTO_TEST_CASE(a_missing_second_file_is_refused_before_the_first_is_read) {
  const ScratchDir dir;
  kit::write_plain(dir / "a.csv", "time,bid,ask\n1,2,3\n");
  const FeedCase feed{
      "replay",
      map({{"format", "csv"}, {"instrument", "BTCUSDT"}, {"files", list({dir / "a.csv", dir / "b.csv"})}})};
  BOOST_CHECK_THROW(feed.make()->open(0, [] {}), std::runtime_error);
}

BOOST_DATA_TEST_CASE(a_truncated_archive_is_refused, boost::unit_test::data::make({"gz", "zip"})) {
  const ScratchDir dir;
  const std::string file = dir / "quotes";
  if (std::string{sample} == "gz") kit::write_gzip(file, kit::csv_quotes(1, 5'000));
  else kit::write_zip(file, "quotes.csv", kit::csv_quotes(1, 5'000));
  const auto bytes = kit::read_bytes(file);
  BOOST_TEST(refusal(replay("csv", file)) == "");
  // Without the directory at its end a zip can still be read in full.
  const std::size_t most = std::string{sample} == "gz" ? bytes.size() - 5 : bytes.size() * 19 / 20;
  for (const std::size_t left : {bytes.size() / 2, bytes.size() * 9 / 10, most}) {
    kit::write_plain(file, bytes.substr(0, left));
    check_refused(refusal(replay("csv", file)), file, ":");
  }
}

BOOST_DATA_TEST_CASE(a_flipped_bit_in_an_archive_is_refused, boost::unit_test::data::make({"gz", "zip"})) {
  const ScratchDir dir;
  const std::string file = dir / "quotes";
  if (std::string{sample} == "gz") kit::write_gzip(file, kit::csv_quotes(1, 5'000));
  else kit::write_zip(file, "quotes.csv", kit::csv_quotes(1, 5'000));
  auto bytes = kit::read_bytes(file);
  bytes[bytes.size() / 2] ^= 0x10;
  kit::write_plain(file, bytes);
  check_refused(refusal(replay("csv", file)), file, ":");
}

BOOST_AUTO_TEST_CASE(a_zip_without_a_csv_is_refused) {
  const ScratchDir dir;
  kit::write_zip(dir / "a.zip", "readme.txt", "hello");
  check_refused(refusal(replay("csv", dir / "a.zip")), dir / "a.zip", ": this zip holds 0 csv files");
}

BOOST_AUTO_TEST_CASE(a_bad_book_file_is_refused) {
  const ScratchDir dir;
  const auto files = kit::lobster_files(1, 5);
  kit::write_plain(dir / "2012-06-21.csv", files.messages);
  kit::write_plain(dir / "book.csv", "1,2,3\n");
  check_refused(refusal(replay("lobster", dir / "2012-06-21.csv", {{"book", dir / "book.csv"}})),
                dir / "book.csv", ":1: this is no row of a LOBSTER order book");
}

BOOST_AUTO_TEST_CASE(files_shorter_than_the_journal_are_refused) {
  const ScratchDir dir;
  kit::write_plain(dir / "a.csv", "time,bid,ask\n1,2,3\n");
  const auto feed = replay("csv", dir / "a.csv").make();
  BOOST_CHECK_EXCEPTION(feed->open(5, [] {}), std::runtime_error, [](const std::runtime_error& error) {
    return std::string{error.what()}.find("the journal holds record 5, but the files end after 1") !=
           std::string::npos;
  });
}

struct BadSettings {
  std::vector<std::pair<std::string, Written>> settings;
  std::string expected;
};
std::ostream& operator<<(std::ostream& out, const BadSettings& c) { return out << c.expected; }

std::vector<BadSettings> bad_settings() {
  return {
      {{{"format", "binnance"}}, "binance"},
      {{{"files", list({"a", "b"})}}, "file and files are both written"},
      {{{"file", ""}}, "neither file nor files"},
      {{{"file", ""}, {"files", list({"a", "b"})}, {"date", "2013-10-08"}},
       "date and book are about one file"},
      {{{"utc_offset", "EST"}}, "hours such as -4h"},
      {{{"date", "2013-02-30"}}, "a day such as 2013-10-08"},
      {{{"price_scale", "3"}}, "price_scale is 3"},
      {{{"time_unit", "min"}}, "time_unit"},
      {{{"instrument", "DOGE"}}, "unknown instrument 'DOGE'"},
  };
}

BOOST_DATA_TEST_CASE(wrong_settings_are_told, bad_settings()) {
  const auto problems = problems_of("feed", "replay", with(replay("csv", "a.csv").settings, sample.settings),
                                    context(instruments({"BTCUSDT"})));
  BOOST_REQUIRE(problems.size() == 1u);
  BOOST_TEST_CONTEXT(problems[0].str()) {
    BOOST_TEST(problems[0].str().find(sample.expected) != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
