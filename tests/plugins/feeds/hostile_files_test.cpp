// Files that are not what they seem: each is refused in one sentence, or read for what it is.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tapes.hpp"
#include "test_data.hpp"

namespace holdfast::test {
namespace {

namespace kit = testkit;
const std::string kHeader = "time,bid,ask\n";

struct HostileCase {
  std::string name, format, text, expected;
};
std::ostream& operator<<(std::ostream& out, const HostileCase& c) { return out << c.name; }

std::string utf16(const std::string& text, bool big_endian) {
  std::string out = big_endian ? "\xfe\xff" : "\xff\xfe";
  for (const char c : text) out += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}

std::string repeated(const std::string& part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

const std::string kZeroByte = ": a zero byte stands in the text after this line; write the file as UTF-8";

std::vector<HostileCase> refused_texts() {
  const std::string long_line(70u << 20, 'x');
  return {
      {"utf16 little endian", "csv", utf16(kHeader + "1,2,3\n", false), kZeroByte},
      {"utf16 big endian", "lean", utf16("0,1,2\n", true), kZeroByte},
      {"zero bytes where a disk lost a block", "csv", kHeader + "1,2,3\n" + std::string(4096, '\0'), kZeroByte},
      {"a line without end", "binance", long_line, ": this line does not end; the file is not text"},
      {"a header with a column twice", "csv", "time,bid,bid,ask\n1,2,3,4\n", ":1: the first line names bid twice"},
      {"a header of quotes and of trades", "csv", "time,bid,ask,price,quantity\n1,2,3,4,5\n",
       ":1: the first line does not name the columns of quotes or of trades"},
      {"a header with more columns than rows have", "csv", "time,bid,ask,bid_size\n1,2,3\n",
       ":2: the line has not as many fields"},
      {"a header of 5000 columns", "csv", "time" + repeated(",x", 5000) + "\n", ":1: more than 64 columns"},
      {"semicolons for commas", "csv", "time;bid;ask\n1;2;3\n", ":1: the first line does not name the columns"},
      {"a csv header where lean has none", "lean", kHeader + "1,2,3\n", ":1: the first row begins with no time"},
      {"a csv header where lobster has none", "lobster", "time,type,id,size,price,direction\n",
       ":1: the first row begins with no time"},
      {"a lobster row without end of record", "lobster", "1,1,1,1,1,1\n2,1,1,1", ":2: this is no line of a LOBSTER"},
      {"a capture cut in mid-record", "binance", "1 {\"lastUpdateId\":2,\"bids\":[[\"1\",",
       ":1: this is no line of a Binance capture"},
      {"a capture of numbers where text must be", "binance",
       "1 {\"lastUpdateId\":2,\"bids\":[[1,2]],\"asks\":[]}\n", ":1: this is no line of a Binance capture"},
      {"a level without price and quantity", "binance", "1 {\"lastUpdateId\":2,\"bids\":[[]],\"asks\":[]}\n",
       ":1: this is no line of a Binance capture"},
      {"an update id beyond 64 bits", "binance",
       "1 {\"lastUpdateId\":18446744073709551616,\"bids\":[],\"asks\":[]}\n", ":1: this is no line of a Binance"},
      {"json of a thousand levels", "binance", "1 " + repeated("{\"a\":", 1000) + "\n", ":1: this is no line of a Binance"},
  };
}

std::vector<HostileCase> absurd_numbers() {
  return {
      {"infinity", "csv", kHeader + "1,inf,3\n", "1"},
      {"not a number", "csv", kHeader + "1,NaN,3\n", "1"},
      {"an exponent", "csv", kHeader + "1,1e400,3\n", "1"},
      {"more than 64 bits", "csv", kHeader + "1,99999999999999999999,3\n", "1"},
      {"more decimals than are kept", "csv", kHeader + "1,2.000000001,3\n", "1"},
      {"a hexadecimal", "csv", kHeader + "1,0x10,3\n", "1"},
      {"a decimal comma in quotes", "csv", kHeader + "1,\"2\",3\n", "1"},
      {"a time beyond 64 bits", "csv", kHeader + "99999999999999999999,2,3\n", "1"},
      {"a negative time", "csv", kHeader + "-5,2,3\n", "1"},
      {"a size beyond 64 bits", "lean", "1,2,1e99,P,0,0\n", "1"},
      {"a day of ten to the eighteen seconds", "lobster", "1,1,1,1,1,1\n1000000000000000000,1,1,1,1,1\n", "1"},
      {"more shares than there are", "lobster", "1,1,1,9999999999,1,1\n", "1"},
      {"a price of nothing", "csv", kHeader + "1,,3\n", "1"},
      {"spaces around", "csv", kHeader + "1, 2,3\n", "1"},
  };
}

void check_sentence(const std::string& text, const std::string& file, const std::string& expected) {
  BOOST_TEST_CONTEXT("refused with: " << text) {
    BOOST_TEST(text.starts_with(file + expected));
    BOOST_TEST(text.find("; ") != std::string::npos);
    BOOST_TEST(text.find('\n') == std::string::npos);
  }
}

/// Root reads everything, so for a while nobody does.
class AsNobody {
 public:
  AsNobody() { if (::geteuid() == 0) active_ = ::seteuid(65534) == 0; }
  ~AsNobody() { if (active_ && ::seteuid(0) != 0) std::abort(); }

 private:
  bool active_ = false;
};

/// Bytes of memory this process had at most.
std::size_t peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

/// A zip of one stored file, with its general purpose flags as given.
std::string zip_with_flags(const ScratchDir& dir, char flags) {
  kit::write_zip(dir / "a.zip", "a.csv", kHeader + "1,2,3\n");
  auto bytes = kit::read_bytes(dir / "a.zip");
  for (const auto& [magic, at] : {std::pair{"PK\x03\x04", 6}, std::pair{"PK\x01\x02", 8}})
    bytes[bytes.find(magic) + static_cast<std::size_t>(at)] |= flags;
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_files)

BOOST_DATA_TEST_CASE(a_text_that_lies_is_refused, refused_texts()) {
  const ScratchDir dir;
  const auto file = dir / "2013-10-08.txt";
  kit::write_plain(file, sample.text);
  check_sentence(refusal(replay(sample.format, file)), file, sample.expected);
}

BOOST_DATA_TEST_CASE(an_absurd_number_is_a_bad_tick_and_the_rest_is_read, absurd_numbers()) {
  const ScratchDir dir;
  const auto file = dir / "2013-10-08.txt";
  kit::write_plain(file, sample.text);
  HeardTape tape;
  const auto feed = replay(sample.format, file).make();
  feed->open(0, [] {});
  play(*feed, tape);
  BOOST_TEST(tape.bad_ticks == std::stoull(sample.expected));
}

BOOST_AUTO_TEST_CASE(line_ends_of_other_systems_and_a_byte_order_mark_change_nothing) {
  const ScratchDir dir;
  const std::string text = kHeader + "1,2,3\n2,3,4\n";
  kit::write_plain(dir / "unix.csv", text);
  std::string windows = "\xef\xbb\xbf";
  for (const char c : text) windows += c == '\n' ? "\r\n" : std::string{c};
  kit::write_plain(dir / "windows.csv", windows.substr(0, windows.size() - 2));
  BOOST_TEST(play_all(replay("csv", dir / "unix.csv")).lines == play_all(replay("csv", dir / "windows.csv")).lines,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(latin1_in_a_column_that_nobody_needs_is_passed_over) {
  const ScratchDir dir;
  kit::write_plain(dir / "a.csv", "time,bid,ask,caf\xe9\n1,2,3,\xfc\n");
  BOOST_TEST(play_all(replay("csv", dir / "a.csv")).lines.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_header_without_rows_is_a_market_without_ticks) {
  const ScratchDir dir;
  kit::write_plain(dir / "a.csv", kHeader);
  BOOST_TEST(play_all(replay("csv", dir / "a.csv")).lines.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_may_not_be_read_is_refused) {
  const ScratchDir dir;
  kit::write_plain(dir / "a.csv", kHeader);
  ::chmod((dir / "a.csv").c_str(), 0);
  std::filesystem::create_directory(dir / "closed");
  ::chmod((dir / "closed").c_str(), 0);
  const AsNobody nobody;
  check_sentence(refusal(replay("csv", dir / "a.csv")), dir / "a.csv", ": the file cannot be read (Permission denied)");
  check_sentence(refusal(replay("csv", dir / "closed/a.csv")), dir / "closed/a.csv",
                 ": the file cannot be read (Permission denied)");
}

BOOST_AUTO_TEST_CASE(a_pipe_and_a_device_are_refused_at_once) {
  const ScratchDir dir;
  BOOST_REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  for (const auto& name : {dir / "pipe", std::string{"/dev/zero"}})
    check_sentence(refusal(replay("csv", name)), name, ": this is no file but a pipe, a socket or a device; name a file");
}

BOOST_AUTO_TEST_CASE(a_name_too_long_and_links_in_a_circle_are_refused) {
  const ScratchDir dir;
  const auto name = dir / std::string(300, 'x');
  check_sentence(refusal(replay("csv", name)), name, ": the file cannot be read (File name too long)");
  std::filesystem::create_symlink("b", dir / "a");
  std::filesystem::create_symlink("a", dir / "b");
  check_sentence(refusal(replay("csv", dir / "a")), dir / "a",
                 ": the file cannot be read (Too many levels of symbolic links)");
}

BOOST_AUTO_TEST_CASE(a_zip_of_nothing_or_with_a_lock_is_refused) {
  const ScratchDir dir;
  kit::write_plain(dir / "none.zip", std::string{"PK\x05\x06"} + std::string(18, '\0'));
  check_sentence(refusal(replay("csv", dir / "none.zip")), dir / "none.zip", ": the file is empty");
  kit::write_plain(dir / "a.zip", zip_with_flags(dir, 0));
  BOOST_TEST(refusal(replay("csv", dir / "a.zip")) == "");
  kit::write_plain(dir / "a.zip", zip_with_flags(dir, 1));
  check_sentence(refusal(replay("csv", dir / "a.zip")), dir / "a.zip", ": this zip is encrypted; unpack it");
}

BOOST_AUTO_TEST_CASE(gzip_of_nothing_is_refused_and_gzip_in_gzip_is_read) {
  const ScratchDir dir;
  kit::write_gzip(dir / "none.gz", "");
  check_sentence(refusal(replay("csv", dir / "none.gz")), dir / "none.gz", ": the file is empty");
  kit::write_gzip(dir / "once.gz", kHeader);
  kit::write_gzip(dir / "twice.gz", kit::read_bytes(dir / "once.gz"));
  BOOST_TEST(refusal(replay("csv", dir / "once.gz")) == "");
  BOOST_TEST(refusal(replay("csv", dir / "twice.gz")) == "");
}

BOOST_DATA_TEST_CASE(a_bomb_takes_time_but_no_memory, boost::unit_test::data::make({"gz", "zip"})) {
  const ScratchDir dir;
  // A thousandth of it on disk; what it says is one quote and then nothing for long.
  const std::string text = kHeader + "1,2,3\n" + std::string(200u << 20, '\n');
  if (std::string{sample} == "gz") kit::write_gzip(dir / "bomb", text);
  else kit::write_zip(dir / "bomb", "bomb.csv", text);
  BOOST_TEST(std::filesystem::file_size(dir / "bomb") < 1u << 20);
  const std::size_t before = peak_memory();
  BOOST_TEST(play_all(replay("csv", dir / "bomb")).lines.size() == 1u);
  BOOST_TEST(peak_memory() - before < 16u << 20);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace holdfast::test
