// Lean and CSV rows: what each says, and what none may say.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tapes.hpp"
#include "test_data.hpp"

namespace holdfast::test {
namespace {

namespace kit = testkit;

struct RowCase {
  std::string name, format, file, text;
  std::vector<std::pair<std::string, Written>> settings;
  std::vector<std::string> expected;
};
std::ostream& operator<<(std::ostream& out, const RowCase& c) { return out << c.name; }

std::vector<RowCase> row_cases() {
  return {
      {"forex rows have no sizes",
       "lean",
       "19700101_quote.csv",
       "1,1.39147,1.39148\n2,1.39147,x\n",
       {{"default_size", "5"}},
       {"1: quote 1 1.39147 5 / 1.39148 5 @1000000", "2: bad not_a_number @2000000"}},
      {"milliseconds may have fractions",
       "lean",
       "19700101_quote.csv",
       "40.1868,1300.335,1300.799\n",
       {},
       {"1: quote 1 1300.335 1 / 1300.799 1 @40186800"}},
      {"midnight is that of the exchange",
       "lean",
       "19700102_quote.csv",
       "0,1,2\n",
       {{"utc_offset", "-5h"}},
       {"1: quote 1 1 1 / 2 1 @104400000000000"}},
      {"east of Greenwich midnight is earlier",
       "lean",
       "19700102_quote.csv",
       "0,1,2\n",
       {{"utc_offset", "+05:30"}},
       {"1: quote 1 1 1 / 2 1 @66600000000000"}},
      {"the day may be written in the settings",
       "lean",
       "quote.csv",
       "0,1,2\n",
       {{"date", "1970-01-02"}},
       {"1: quote 1 1 1 / 2 1 @86400000000000"}},
      {"trades follow the tick rule and leave suspicious rows out",
       "lean",
       "19700101_trade.csv",
       "1,1674000,100,P,1,0\n2,1673900,200,Q,1,0\n3,1673900,300,Q,1,0\n4,1680000,1,Q,1,1\n5,1674100,9,Q,1,0\n"
       "6,NaN,9,Q,1,0\n",
       {},
       {"1: trade 1 buy 100 at 167.4 @1000000", "2: trade 1 sell 200 at 167.39 @2000000",
        "3: trade 1 sell 300 at 167.39 @3000000", "5: trade 1 buy 9 at 167.41 @5000000",
        "6: bad not_a_number @6000000"}},
      {"equity quotes give the best over all exchanges",
       "lean",
       "19700101_quote.csv",
       "1,1000000,100,0,0,P,1,0\n"  // one side is no quote yet
       "2,0,0,1010000,300,P,1,0\n"  // now it is
       "3,1000000,50,0,0,Q,1,0\n"   // more at the same price
       "4,990000,500,0,0,Z,1,0\n"   // behind the best: nothing new
       "5,0,0,1005000,10,Q,1,0\n"   // a better ask
       "6,0,0,1005000,0,Q,1,0\n"    // is withdrawn
       "7,1000000,1e3,0,0,P,1,0\n",
       {},
       {"2: quote 1 100 100 / 101 300 @2000000", "3: quote 1 100 150 / 101 300 @3000000",
        "5: quote 1 100 150 / 100.5 10 @5000000", "6: quote 1 100 150 / 101 300 @6000000",
        "7: bad not_a_number @7000000"}},
      {"csv quotes may come in any order of columns",
       "csv",
       "a.csv",
       "ask,time,note,bid\r\n10.5,7,hello,10\r\n\r\nNaN,8,,10\r\n10,nine,,9\r\n",
       {},
       {"1: quote 1 10 1 / 10.5 1 @7", "3: bad not_a_number @8", "4: bad not_a_number @8"}},
      {"csv quotes may have sizes",
       "csv",
       "a.csv",
       "time,bid,ask,bid_size,ask_size\n1.5,10,11,2,3\n",
       {{"time_unit", "s"}},
       {"1: quote 1 10 2 / 11 3 @1500000000"}},
      {"csv trades take the side or guess it",
       "csv",
       "a.csv",
       "time,price,quantity,side\n1,10,1,sell\n2,11,1,\n3,12,1,up\n4,1,99999999999999999999,buy\n",
       {{"time_unit", "us"}},
       {"1: trade 1 sell 1 at 10 @1000", "2: trade 1 buy 1 at 11 @2000", "3: bad not_a_number @3000",
        "4: bad not_a_number @4000"}},
      {"csv times may be written as RFC 3339",
       "csv",
       "a.csv",
       "time,price,quantity\n1970-01-01T00:00:01.25Z,10,1\n1970-01-01T02:00:00+02:00,10,1\n1970-13-01T00:00:"
       "00Z,1,1\n",
       {{"time_unit", "rfc3339"}},
       {"1: trade 1 buy 1 at 10 @1250000000", "2: trade 1 buy 1 at 10 @0", "3: bad not_a_number @0"}},
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rows)

BOOST_DATA_TEST_CASE(a_row_is_told_as_what_it_says, row_cases()) {
  const ScratchDir dir;
  kit::write_plain(dir / sample.file, sample.text);
  const auto lines = play_all(replay(sample.format, dir / sample.file, sample.settings)).lines;
  BOOST_CHECK_EQUAL_COLLECTIONS(lines.begin(), lines.end(), sample.expected.begin(), sample.expected.end());
}

BOOST_AUTO_TEST_CASE(yesterdays_quotes_are_forgotten_on_a_new_day) {
  const ScratchDir dir;
  kit::write_plain(dir / "19700101_quote.csv", "1,1000000,100,0,0,P,1,0\n2,0,0,1010000,300,P,1,0\n");
  kit::write_plain(dir / "19700102_quote.csv", "1,0,0,990000,100,Q,1,0\n2,980000,100,0,0,Q,1,0\n");
  const auto lines =
      play_all({"replay", map({{"format", "lean"},
                               {"instrument", "BTCUSDT"},
                               {"files", list({dir / "19700101_quote.csv", dir / "19700102_quote.csv"})}})})
          .lines;
  const std::vector<std::string> expected{"2: quote 1 100 100 / 101 300 @2000000",
                                          "4: quote 1 98 100 / 99 100 @86400002000000"};
  BOOST_CHECK_EQUAL_COLLECTIONS(lines.begin(), lines.end(), expected.begin(), expected.end());
}

BOOST_DATA_TEST_CASE(a_file_is_the_same_plain_gzipped_or_zipped,
                     boost::unit_test::data::make({"plain", "gz", "zip"})) {
  const ScratchDir dir;
  const auto text = kit::csv_quotes(3, 20'000);  // more than one block of the reader
  const std::string file = dir / "quotes";
  if (std::string{sample} == "plain") kit::write_plain(file, text);
  if (std::string{sample} == "gz") kit::write_gzip(file, text);
  if (std::string{sample} == "zip") kit::write_zip(file, "quotes.csv", text);
  std::uint64_t quotes = 0;
  Time last;
  HeardTape tape;
  tape.on_quote = [&](const Quote& q, std::uint64_t) { ++quotes, last = q.venue_time; };
  const auto feed = replay("csv", file).make();
  feed->open(0, [] {});
  play(*feed, tape);
  BOOST_TEST(quotes == 20'000u);
  BOOST_TEST(last.ns == std::stoll(text.substr(text.rfind('\n', text.size() - 2) + 1)));
}

BOOST_AUTO_TEST_CASE(a_last_line_without_an_end_counts) {
  const ScratchDir dir;
  kit::write_plain(dir / "a.csv", "time,bid,ask\n1,2,3\n2,3,4");
  BOOST_TEST(play_all(replay("csv", dir / "a.csv")).lines.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
