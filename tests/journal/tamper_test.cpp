#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "day.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Tampering {
  const char* name;
  std::function<void(Day&, Raw&)> how;
  std::vector<std::pair<std::string, std::uint64_t>> breaks;  ///< Kind and first sequence number.
};
std::ostream& operator<<(std::ostream& out, const Tampering& t) { return out << t.name; }

const std::vector<Tampering>& tamperings() {
  static const std::vector<Tampering> all{
      {"a bit of a business value",
       [](Day&, Raw& raw) {
         flip(raw, Raw::business, seq_key(first_of(3)),
              sizeof(FrameHeader) + sizeof(EventHeader) + offsetof(OrderFilled, last_px));
       },
       {{"hash_mismatch", first_of(3)}}},
      {"a bit of a market value",
       [](Day&, Raw& raw) { flip(raw, Raw::market, seq_key(first_of(4)), 20); },
       {{"hash_mismatch", first_of(4)}}},
      {"a bit of a header",
       [](Day&, Raw& raw) {
         flip(raw, Raw::business, seq_key(first_of(4)), offsetof(FrameHeader, last_time));
       },
       {{"hash_mismatch", first_of(4)}}},
      {"a bit of a stored hash",
       [](Day&, Raw& raw) { flip(raw, Raw::business, seq_key(first_of(4)), offsetof(FrameHeader, hash)); },
       {{"hash_mismatch", first_of(4)}}},
      {"a count",
       [](Day&, Raw& raw) { flip(raw, Raw::business, seq_key(first_of(4)), offsetof(FrameHeader, count)); },
       {{"hash_mismatch", first_of(4)}}},
      {"a record cut short",
       [](Day&, Raw& raw) { put(raw, Raw::business, seq_key(first_of(4)), "short"); },
       {{"malformed", first_of(4)}}},
      {"a magic number",
       [](Day&, Raw& raw) { flip(raw, Raw::business, seq_key(first_of(4)), 0); },
       {{"malformed", first_of(4)}}},
      {"the first record deleted", [](Day&, Raw& raw) { erase_frame(raw, 0); }, {{"gap", 1}}},
      {"a middle record deleted", [](Day&, Raw& raw) { erase_frame(raw, 4); }, {{"gap", first_of(4)}}},
      {"two middle records deleted",
       [](Day&, Raw& raw) {
         erase_frame(raw, 4);
         erase_frame(raw, 7);
       },
       {{"gap", first_of(4)}, {"gap", first_of(7)}}},
      {"the last record deleted", [](Day&, Raw& raw) { erase_frame(raw, 9); }, {{"truncated", first_of(9)}}},
      {"the tail truncated",
       [](Day&, Raw& raw) {
         for (int i = 6; i < Day::kFrames; ++i) erase_frame(raw, i);
       },
       {{"truncated", first_of(6)}}},
      {"everything deleted",
       [](Day&, Raw& raw) {
         for (int i = 0; i < Day::kFrames; ++i) erase_frame(raw, i);
         erase(raw, Raw::snapshots, std::string{"risk\0", 5} + seq_key(33));
       },
       {{"truncated", 1}}},
      {"market data deleted",
       [](Day&, Raw& raw) { erase(raw, Raw::market, seq_key(first_of(4))); },
       {{"market_missing", first_of(4)}}},
      {"all market data deleted",
       [](Day&, Raw& raw) {
         for (int i = 0; i < Day::kFrames; ++i) erase(raw, Raw::market, seq_key(first_of(i)));
       },
       {{"market_missing", 1}}},
      {"a record inserted",
       [](Day&, Raw& raw) {
         put(raw, Raw::business, seq_key(first_of(4) + 2), [&] {
           auto value = get(raw, Raw::business, seq_key(first_of(4)));
           FrameHeader header;
           std::memcpy(&header, value.data(), sizeof header);
           header.first_seq += 2;
           header.hash = header.compute_hash();
           std::memcpy(value.data(), &header, sizeof header);
           return value;
         }());
       },
       {{"reorder", first_of(4) + 2}}},
      {"a record appended",
       [](Day&, Raw& raw) {
         auto value = get(raw, Raw::business, seq_key(first_of(9)));
         FrameHeader header;
         std::memcpy(&header, value.data(), sizeof header);
         header.first_seq = first_of(10);
         header.hash = header.compute_hash();
         std::memcpy(value.data(), &header, sizeof header);
         put(raw, Raw::business, seq_key(first_of(10)), value);
         put(raw, Raw::market, seq_key(first_of(10)), get(raw, Raw::market, seq_key(first_of(9))));
       },
       {{"link_mismatch", first_of(10)}, {"malformed", first_of(10)}}},
      {"market data inserted",
       [](Day&, Raw& raw) {
         put(raw, Raw::market, seq_key(first_of(4) + 2), get(raw, Raw::market, seq_key(first_of(4))));
       },
       {{"malformed", first_of(4) + 2}}},
      {"two records swapped",
       [](Day&, Raw& raw) {
         for (const auto family : {Raw::business, Raw::market}) {
           const auto a = get(raw, family, seq_key(first_of(3))), b = get(raw, family, seq_key(first_of(6)));
           put(raw, family, seq_key(first_of(3)), b);
           put(raw, family, seq_key(first_of(6)), a);
         }
       },
       {{"reorder", first_of(3)}, {"reorder", first_of(6)}}},
      {"market data of two frames swapped",
       [](Day&, Raw& raw) {
         const auto a = get(raw, Raw::market, seq_key(first_of(3))),
                    b = get(raw, Raw::market, seq_key(first_of(6)));
         put(raw, Raw::market, seq_key(first_of(3)), b);
         put(raw, Raw::market, seq_key(first_of(6)), a);
       },
       {{"hash_mismatch", first_of(3)}, {"hash_mismatch", first_of(6)}}},
      {"a snapshot's state changed",
       [](Day&, Raw& raw) {
         flip(raw, Raw::snapshots, std::string{"risk\0", 5} + seq_key(33), sizeof(Raw::SnapshotHead) + 3);
       },
       {{"snapshot_changed", 33}}},
      {"a snapshot from beyond the head",
       [](Day&, Raw& raw) {
         auto value = get(raw, Raw::snapshots, std::string{"risk\0", 5} + seq_key(33));
         const std::uint64_t beyond = 99;
         std::memcpy(value.data(), &beyond, sizeof beyond);
         put(raw, Raw::snapshots, std::string{"risk\0", 5} + seq_key(99), value);
       },
       {{"truncated", first_of(10)}}},
      {"a booked amount, and the chain hashed again",
       [](Day&, Raw& raw) {
         rewrite(raw, 4, [](FrameHeader&, std::string& business, std::string&) {
           business[kFill + sizeof(EventHeader) + offsetof(FillBooked, cash)] ^= 1;
         });
       },
       {{"fork", first_of(4)}, {"balance_mismatch", first_of(4) + 2}}},
      {"a fill's price, and the chain hashed again",
       [](Day&, Raw& raw) {
         rewrite(raw, 4, [](FrameHeader&, std::string& business, std::string&) {
           business[sizeof(EventHeader) + offsetof(OrderFilled, last_px) + 4] ^= 1;
         });
       },
       {{"fork", first_of(4)}, {"balance_mismatch", first_of(4) + 2}}},
      {"a fill no ledger can hold, and the chain hashed again",
       [](Day&, Raw& raw) {
         rewrite(raw, 4, [](FrameHeader&, std::string& business, std::string&) {
           business[sizeof(EventHeader) + offsetof(OrderFilled, last_px) + 7] ^= 0x40;
         });
       },
       {{"fork", first_of(4)}, {"balance_mismatch", first_of(4) + 1}}},
      {"a posting made a second one of the fill before, and the chain hashed again",
       [](Day&, Raw& raw) {
         rewrite(raw, 4, [](FrameHeader&, std::string& business, std::string&) {
           const auto at = [](std::size_t event) {
             return event * (kFill + kBooked) + kFill + sizeof(EventHeader);
           };
           business.replace(at(1), 16, business.substr(at(0), 16));
         });
       },
       {{"fork", first_of(4)}, {"balance_mismatch", first_of(4) + 4}}},
      {"a time set back, and the chain hashed again",
       [](Day&, Raw& raw) {
         rewrite(raw, 4, [](FrameHeader&, std::string& business, std::string&) {
           business[offsetof(EventHeader, time) + 5] ^= 0x10;
         });
       },
       {{"fork", first_of(4)}, {"clock_regression", first_of(4) + 1}}},
      {"a sequence number, and the chain hashed again",
       [](Day&, Raw& raw) {
         rewrite(raw, 4, [](FrameHeader&, std::string& business, std::string&) { business[0] ^= 0x40; });
       },
       {{"fork", first_of(4)}, {"malformed", first_of(4) + 1}}},
      {"market data emptied, and the chain hashed again",
       [](Day&, Raw& raw) {
         rewrite(raw, 4, [](FrameHeader&, std::string&, std::string& market) { market.assign(4, '\0'); });
       },
       {{"malformed", first_of(4)}, {"fork", first_of(4)}}},
  };
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verify)

BOOST_DATA_TEST_CASE(tampering_is_found_with_kind_and_place, boost::unit_test::data::make(tamperings()),
                     tampering) {
  Day day;
  day.tamper(tampering.how);
  check(day.verify(), tampering.breaks);
}

BOOST_AUTO_TEST_SUITE_END()
