#include <holdfast/fix/prepared.hpp>

#include <charconv>
#include <utility>

#include <holdfast/fix/tags.hpp>

#include "framer.hpp"

namespace holdfast::fix {

namespace {

constexpr char kEnd = '\x01';

bool is_open(int tag) { return tag == tag::MsgSeqNum || tag == tag::SendingTime || tag == tag::TransactTime; }
bool is_frame(int tag) { return tag == tag::BeginString || tag == tag::BodyLength || tag == tag::CheckSum; }

/// With what every message begins and ends with.
std::string framed(const std::string& body) {
  const std::string out = "8=FIX.4.4\x01" "9=" + std::to_string(body.size()) + kEnd + body;
  return out + trailer_of(out);
}

}  // namespace

Prepared::Prepared(Message message, std::string_view encoded) : message_{std::move(message)} {
  if (encoded.empty()) return;
  pieces_.emplace_back();
  while (!encoded.empty()) {
    const auto field = encoded.substr(0, encoded.find(kEnd) + 1);
    encoded.remove_prefix(field.size());
    int tag = 0;
    std::from_chars(field.data(), field.data() + field.size(), tag);
    if (is_frame(tag)) continue;
    if (!is_open(tag)) {
      pieces_.back().text += field;
      continue;
    }
    pieces_.back().text += field.substr(0, field.find('=') + 1);
    pieces_.back().then = tag;
    pieces_.emplace_back().text = kEnd;
  }
}

std::string Prepared::bytes(std::uint64_t seq, std::string_view sending_time, std::string_view transact_time) const {
  std::string body;
  body.reserve(512);
  for (const Piece& piece : pieces_) {
    body += piece.text;
    if (piece.then == tag::MsgSeqNum) body += std::to_string(seq);
    if (piece.then == tag::SendingTime) body += sending_time;
    if (piece.then == tag::TransactTime) body += transact_time;
  }
  return framed(body);
}

}  // namespace holdfast::fix
