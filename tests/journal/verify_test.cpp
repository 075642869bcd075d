#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "day.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace fs = std::filesystem;
using Verdict = VerifyReport::Verdict;

BOOST_AUTO_TEST_SUITE(verify)

BOOST_AUTO_TEST_CASE(an_anchored_journal_is_intact_and_counted) {
  const Day day;
  const auto report = day.verify();
  BOOST_TEST((report.verdict == Verdict::intact));
  BOOST_TEST(report.breaks.empty());
  BOOST_TEST(report.frames == 10u);
  BOOST_TEST(report.events == 60u);
  BOOST_TEST(report.fills == 20u);
  BOOST_TEST(report.snapshots == 1u);
  BOOST_TEST(report.anchors == 5u);
  BOOST_TEST(report.head_seq == 60u);
  BOOST_TEST((report.head_hash == day.open()->head()->hash));
}

BOOST_AUTO_TEST_CASE(a_running_system_can_be_verified) {
  const Day day;
  const auto store = day.open();
  Writer writer{*store, 2};
  writer.write(one(kFeed, quote(7)));
  const auto report = day.verify();
  BOOST_TEST((report.verdict == Verdict::intact));
  BOOST_TEST(report.head_seq == 61u);
}

BOOST_AUTO_TEST_CASE(without_checkpoints_an_intact_journal_is_unanchored) {
  const Day day;
  BOOST_TEST((verify_journal(day.path(), "").verdict == Verdict::unanchored));
  BOOST_TEST((verify_journal(day.path(), day.dir() / "nowhere").verdict == Verdict::unanchored));
  for (const auto& entry : fs::directory_iterator{day.anchors()})
    if (entry.path().extension() == ".txt") fs::remove(entry.path());
  BOOST_TEST((day.verify().verdict == Verdict::unanchored));
}

BOOST_AUTO_TEST_CASE(what_is_no_journal_is_unreadable) {
  TempDir dir;
  const auto missing = verify_journal(dir / "none", "");
  BOOST_TEST((missing.verdict == Verdict::unreadable));
  BOOST_TEST(missing.unreadable == (dir / "none") + " is not a data directory: check the path");
  const auto empty = verify_journal(dir.path, "");
  BOOST_TEST((empty.verdict == Verdict::unreadable));
  BOOST_TEST(empty.unreadable == (dir / "journal") + " holds no journal: check the path");
}

BOOST_AUTO_TEST_CASE(a_damaged_manifest_makes_a_journal_unreadable) {
  const Day day;
  for (const auto& entry : fs::directory_iterator{day.path() + "/journal"}) {
    if (!entry.path().filename().string().starts_with("MANIFEST-")) continue;
    std::fstream{entry.path(), std::ios::in | std::ios::out | std::ios::binary}.seekp(20).put('\x7f');
  }
  BOOST_TEST((day.verify().verdict == Verdict::unreadable));
}

BOOST_AUTO_TEST_CASE(a_fill_never_booked_is_found_unless_the_ledger_is_only_behind) {
  TempDir dir;
  {
    auto store = Store::open(store_options(dir / "journal"));
    Writer writer{*store};
    Position position;
    for (std::uint64_t exec = 1; exec <= 4; ++exec) {
      OrderFilled fill;
      fill.cl_ord_id = ClOrdId::make(kStrategy, exec);
      fill.exec_id = exec;
      fill.instrument = kInstrument;
      fill.last_px = Price::of(100);
      fill.last_qty = Quantity::of(1);
      writer.write(one(kBroker, fill));
      const auto effect = position.fill(fill.side, fill.last_px, fill.last_qty, fill.fee);
      if (exec == 2 || exec == 4) continue;  // The second is skipped; the last is still to come.
      writer.write(one(kLedger, FillBooked{fill.cl_ord_id, exec, kInstrument, 0, position.quantity(),
                                           effect.cash, effect.realized, fill.fee}));
    }
  }
  check(verify_journal(dir.path, ""), {{"balance_mismatch", 3}});
}

namespace {

/// A fill, its posting, its bust, and what the ledger made of that.
VerifyReport with_bust(const std::function<void(FillBooked&)>& forge, bool booked = true) {
  TempDir dir;
  {
    auto store = Store::open(store_options(dir / "journal"));
    Writer writer{*store};
    Position position;
    const auto book = [&](const auto& trade, Side side, Money fee, std::uint32_t busted) {
      const auto effect = position.fill(side, trade.last_px, trade.last_qty, fee);
      return FillBooked{trade.cl_ord_id, trade.exec_id, kInstrument, busted, position.quantity(), effect.cash, effect.realized, fee};
    };
    OrderFilled fill;
    fill.cl_ord_id = ClOrdId::make(kStrategy, 1);
    fill.exec_id = 1;
    fill.instrument = kInstrument;
    fill.last_px = Price::of(100);
    fill.last_qty = Quantity::of(2);
    fill.fee = Money::of(1);
    writer.write(one(kBroker, fill));
    writer.write(one(kLedger, book(fill, fill.side, fill.fee, 0)));
    FillBusted bust;
    bust.cl_ord_id = fill.cl_ord_id;
    bust.exec_id = fill.exec_id;
    bust.instrument = fill.instrument;
    bust.side = fill.side;
    bust.last_px = fill.last_px;
    bust.last_qty = fill.last_qty;
    bust.fee = fill.fee;
    writer.write(one(kBroker, bust));
    FillBooked back = book(bust, opposite(bust.side), -bust.fee, 1);
    forge(back);
    if (booked) writer.write(one(kLedger, back));
    fill.cl_ord_id = ClOrdId::make(kStrategy, 2);
    fill.exec_id = 2;
    writer.write(one(kBroker, fill));
    writer.write(one(kLedger, book(fill, fill.side, fill.fee, 0)));
  }
  return verify_journal(dir.path, "");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_busted_fill_is_recomputed_like_a_fill) {
  BOOST_TEST(with_bust([](FillBooked&) {}).breaks.empty());
  check(with_bust([](FillBooked& back) { back.cash += Money::of(1); }), {{"balance_mismatch", 4}});
  check(with_bust([](FillBooked& back) { back.busted = 0; }), {{"balance_mismatch", 4}});
  check(with_bust([](FillBooked&) {}, false), {{"balance_mismatch", 3}});
}

BOOST_AUTO_TEST_CASE(a_bust_of_a_fill_that_never_came_is_nothing_to_book) {
  const auto with = [](ClOrdId order) {
    TempDir dir;
    {
      auto store = Store::open(store_options(dir / "journal"));
      Writer writer{*store};
      FillBusted bust;
      bust.cl_ord_id = order;
      bust.exec_id = 1;
      bust.instrument = kInstrument;
      writer.write(one(kBroker, bust));
    }
    return verify_journal(dir.path, "");
  };
  BOOST_TEST(with({}).breaks.empty());
  check(with(ClOrdId::make(kStrategy, 1)), {{"balance_mismatch", 1}});
}

BOOST_AUTO_TEST_CASE(an_old_copy_put_back_is_a_truncated_journal) {
  Day day;
  fs::copy(day.path(), day.dir() / "copy", fs::copy_options::recursive);
  {
    const auto store = day.open();
    Writer writer{*store, 2};
    const SigningKey signer{day.dir() / "signing.key"};
    day.anchor(signer, writer.write(one(kFeed, quote(7)))->header);
    store->sync();
  }
  BOOST_TEST((day.verify().verdict == Verdict::intact));
  fs::remove_all(day.path());
  fs::rename(day.dir() / "copy", day.path());
  check(day.verify(), {{"truncated", 61}});
}

BOOST_AUTO_TEST_CASE(an_old_copy_that_was_written_on_is_a_fork) {
  Day day;
  fs::copy(day.path(), day.dir() / "copy", fs::copy_options::recursive);
  const auto go_on = [&](int bid, bool anchored) {
    const auto store = day.open();
    Writer writer{*store, 2};
    const auto frame = writer.write(one(kFeed, quote(bid)));
    if (anchored) day.anchor(SigningKey{day.dir() / "signing.key"}, frame->header);
    store->sync();
  };
  go_on(7, true);
  fs::remove_all(day.path());
  fs::rename(day.dir() / "copy", day.path());
  go_on(8, false);
  check(day.verify(), {{"fork", 61}});
}

BOOST_AUTO_TEST_CASE(a_forged_checkpoint_is_a_bad_signature) {
  Day day;
  const std::string path = day.anchors() + "/checkpoint-100024.txt";
  std::string text{std::istreambuf_iterator{std::ifstream{path}.rdbuf()}, {}};
  text.replace(text.find("\n24\n"), 4, "\n25\n");
  write_file(path, text);
  check(day.verify(), {{"bad_signature", 25}});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_signed_with_another_key_is_a_bad_signature) {
  Day day;
  const SigningKey other{day.dir() / "other.key"};
  day.anchor(other, day.open()->read(24)->header);
  check(day.verify(), {{"bad_signature", 24}});
}

BOOST_AUTO_TEST_CASE(all_checkpoints_signed_anew_without_the_key_are_all_refused) {
  Day day;
  const SigningKey other{day.dir() / "other.key"};
  for (int i = 1; i < Day::kFrames; i += 2) day.anchor(other, day.open()->read(first_of(i))->header);
  check(day.verify(), {{"bad_signature", 12},
                       {"bad_signature", 24},
                       {"bad_signature", 36},
                       {"bad_signature", 48},
                       {"bad_signature", 60}});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_system_does_not_fit) {
  Day day;
  const SigningKey signer{day.dir() / "signing.key"};
  const auto header = day.open()->read(24)->header;
  write_file(day.anchors() + "/checkpoint-100024.txt", sign(signer, {"holdfast/beta", 24, header.hash, 1}));
  check(day.verify(), {{"checkpoint_mismatch", 24}});
}

BOOST_AUTO_TEST_CASE(a_frame_put_in_place_of_a_witnessed_one_does_not_fit_its_checkpoint) {
  Day day;
  day.tamper([](Day&, Raw& raw) {
    const auto key = seq_key(first_of(3));
    auto value = get(raw, Raw::business, key);
    FrameHeader header;
    std::memcpy(&header, value.data(), sizeof header);
    header.epoch = 7;
    header.hash = header.compute_hash();
    std::memcpy(value.data(), &header, sizeof header);
    put(raw, Raw::business, key, value);
  });
  check(day.verify(), {{"fork", first_of(2)}, {"link_mismatch", first_of(4)}});
}

BOOST_AUTO_TEST_CASE(a_byte_flipped_in_a_table_on_disk_is_found_at_its_place) {
  Day day;
  day.tamper([](Day&, Raw& raw) {
    for (auto* family : raw.families) BOOST_REQUIRE(raw.db->Flush({}, family).ok());
  });
  const std::string needle = "Hfrm";  // The magic of a frame; the sixth one.
  for (const auto& entry : fs::directory_iterator{day.path() + "/journal"}) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file{entry.path(), std::ios::in | std::ios::out | std::ios::binary};
    const std::string bytes{std::istreambuf_iterator{file.rdbuf()}, {}};
    std::size_t at = bytes.find(needle);
    if (at == std::string::npos) continue;
    file.seekp(static_cast<std::streamoff>(at + 40)).put(static_cast<char>(bytes[at + 40] ^ 1));
  }
  // One small block holds the whole day: nothing in it can be read.
  const auto report = day.verify();
  BOOST_TEST((report.verdict == Verdict::unreadable));
  BOOST_TEST(report.unreadable.find("block checksum mismatch") != std::string::npos, report.unreadable);
}

BOOST_DATA_TEST_CASE(behind_a_damaged_block_verification_goes_on, boost::unit_test::data::make({false, true}),
                     market) {
  TempDir dir;
  {
    auto store = Store::open(store_options(dir / "journal"));
    Writer writer{*store};
    Random random{3};
    for (int i = 0; i < 400; ++i) {
      std::string text(1600, ' ');
      for (auto& c : text) c = static_cast<char>('a' + random.below(26));
      writer.write(market ? one(kFeed, BadTick{}, text) : one(kStrategy, OrderIntent{}, text));
    }
    for (auto* family : store->raw().families) BOOST_REQUIRE(store->raw().db->Flush({}, family).ok());
  }
  for (const auto& entry : fs::directory_iterator{dir / "journal"}) {
    if (entry.path().extension() != ".sst" || fs::file_size(entry.path()) < 100'000) continue;
    std::fstream file{entry.path(), std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(fs::file_size(entry.path()) / 2)).put('\x01');
  }
  const auto report = verify_journal(dir.path, "");
  BOOST_TEST((report.verdict == Verdict::tampered));
  BOOST_REQUIRE(report.breaks.size() == 1u);
  BOOST_TEST(report.breaks[0].kind == "malformed");
  BOOST_TEST(report.breaks[0].seq > 100u);
  BOOST_TEST(report.breaks[0].seq < 300u);
  BOOST_TEST(report.head_seq == 400u);
  BOOST_TEST(report.frames > 350u);
  BOOST_TEST(report.breaks[0].what.find(market ? "a block of market data on disk" : "a block on disk") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
