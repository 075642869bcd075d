#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <functional>
#include <holdfast/journal/verify.hpp>

#include "journal_fixture.hpp"
#include "store_raw.hpp"

namespace holdfast::test {

using Raw = Store::Raw;

/// A trading day of ten frames of six events (quote, two fills with their postings, quote), its anchors
/// after every second frame, and a snapshot in the sixth.
class Day {
 public:
  static constexpr int kFrames = 10;
  static constexpr std::uint64_t kEvents = 6;  ///< Per frame.

  explicit Day(int frames = kFrames) {
    auto data = DataDir::open(path(), "alpha", true);
    auto store = open();
    data.mark_created("alpha");
    Writer writer{*store};
    const SigningKey signer{dir_ / "signing.key"};
    std::filesystem::create_directory(anchors());
    write_file(anchors() + "/audit.pub", to_pem(signer.public_key()));
    for (int i = 0; i < frames; ++i) {
      const auto frame = writer.write(
          minute(writer, i), i == 5 ? std::vector{snapshot_at("risk", 33)} : std::vector<Snapshot>{});
      if (i % 2 == 1) anchor(signer, frame->header);
    }
    store->sync();
  }

  std::string path() const { return dir_ / "data"; }
  std::string anchors() const { return dir_ / "anchors"; }
  const TempDir& dir() const { return dir_; }
  std::unique_ptr<Store> open() const { return Store::open(store_options(path() + "/journal")); }
  /// Changes the store behind everybody's back.
  void tamper(const std::function<void(Day&, Raw&)>& how) {
    const auto store = open();
    how(*this, store->raw());
    store->sync();
  }
  VerifyReport verify() const { return verify_journal(path(), anchors()); }

  static void anchor(const SigningKey& signer, const FrameHeader& header, const std::string& dir) {
    Checkpoint c{"holdfast/alpha", header.last_seq(), header.hash, header.epoch};
    write_file(dir + "/checkpoint-" + std::to_string(100000 + c.seq) + ".txt", sign(signer, c));
  }
  void anchor(const SigningKey& signer, const FrameHeader& header) const { anchor(signer, header, anchors()); }

 private:
  Submission minute(Writer& writer, int i) {
    Submission s = one(kFeed, quote(100 + i));
    for (const Side side : {Side::buy, Side::sell}) {
      OrderFilled fill;
      fill.cl_ord_id = ClOrdId::make(kStrategy, static_cast<std::uint64_t>(++orders_));
      fill.exec_id = static_cast<std::uint64_t>(orders_);
      fill.instrument = kInstrument;
      fill.side = side;
      fill.last_px = Price::of(100 + i + (side == Side::sell));
      fill.last_qty = fill.cum_qty = Quantity::of(side == Side::buy ? 3 : 2);
      fill.fee = Money::from_raw(1000);
      const std::uint64_t seq = writer.sequencer().next_seq() + s.events.count();
      s.events.append(fill, kBroker, 0, true);
      const auto effect = position_.fill(fill.side, fill.last_px, fill.last_qty, fill.fee);
      FillBooked booked{fill.cl_ord_id,       fill.exec_id, kInstrument,     0,
                        position_.quantity(), effect.cash,  effect.realized, fill.fee};
      s.events.append(booked, kLedger, seq, false);
    }
    s.events.append(quote(200 + i), kFeed, static_cast<std::uint64_t>(i), true);
    return s;
  }

  TempDir dir_;
  Position position_;
  int orders_ = 0;
};

constexpr std::uint64_t first_of(int frame) { return 1 + static_cast<std::uint64_t>(frame) * Day::kEvents; }

inline std::string get(Raw& raw, Raw::Family family, const std::string& key) {
  std::string value;
  BOOST_REQUIRE(raw.db->Get({}, raw.families[family], key, &value).ok());
  return value;
}
inline void put(Raw& raw, Raw::Family family, const std::string& key, const std::string& value) {
  BOOST_REQUIRE(raw.db->Put({}, raw.families[family], key, value).ok());
}
inline void erase(Raw& raw, Raw::Family family, const std::string& key) {
  BOOST_REQUIRE(raw.db->Delete({}, raw.families[family], key).ok());
}
inline void erase_frame(Raw& raw, int frame) {
  erase(raw, Raw::business, seq_key(first_of(frame)));
  erase(raw, Raw::market, seq_key(first_of(frame)));
}
inline void flip(Raw& raw, Raw::Family family, const std::string& key, std::size_t byte, int mask = 1) {
  auto value = get(raw, family, key);
  value.at(byte) = static_cast<char>(value.at(byte) ^ mask);
  put(raw, family, key, value);
}

/// Changes frame `frame` with `change` and makes the chain whole again from there on, as somebody
/// would who knows everything but the signing key.
inline void rewrite(
    Raw& raw, int frame,
    const std::function<void(FrameHeader&, std::string& business, std::string& market)>& change) {
  Digest previous{};
  for (int i = 0; i < Day::kFrames; ++i) {
    const auto key = seq_key(first_of(i));
    auto value = get(raw, Raw::business, key), market = get(raw, Raw::market, key);
    FrameHeader header;
    std::memcpy(&header, value.data(), sizeof header);
    std::string business = value.substr(sizeof header);
    if (i == frame) change(header, business, market);
    header.previous = i < frame ? header.previous : previous;
    header.business_digest = sha256(business);
    header.market_digest = sha256(market);
    header.market_bytes = static_cast<std::uint32_t>(market.size());
    header.business_bytes = static_cast<std::uint32_t>(business.size());
    header.hash = previous = header.compute_hash();
    put(raw, Raw::business, key,
        std::string{reinterpret_cast<const char*>(&header), sizeof header} + business);
    put(raw, Raw::market, key, market);
  }
}

constexpr std::size_t kFill = sizeof(EventHeader) + sizeof(OrderFilled),
                      kBooked = sizeof(EventHeader) + sizeof(FillBooked);

inline std::vector<std::pair<std::string, std::uint64_t>> sorted(
    std::vector<std::pair<std::string, std::uint64_t>> breaks) {
  std::sort(breaks.begin(), breaks.end());
  return breaks;
}

inline void check(const VerifyReport& report,
                  const std::vector<std::pair<std::string, std::uint64_t>>& expected) {
  std::vector<std::pair<std::string, std::uint64_t>> found;
  std::string text;
  for (const auto& b : report.breaks) {
    found.emplace_back(b.kind, b.seq);
    text += b.kind + " at " + std::to_string(b.seq) + ": " + b.what + "\n";
  }
  BOOST_TEST((sorted(found) == sorted(expected)), text << report.unreadable);
  BOOST_TEST((report.verdict == VerifyReport::Verdict::tampered));
}

}  // namespace holdfast::test
