#include "framer.hpp"

#include <algorithm>
#include <charconv>

namespace holdfast::fix {

std::string trailer_of(std::string_view bytes) {
  unsigned sum = 0;
  for (const char c : bytes) sum += static_cast<unsigned char>(c);
  return "10=" + std::to_string(1000 + sum % 256).substr(1) + "\x01";
}

namespace {

constexpr char kEnd = '\x01';
constexpr std::string_view kBegin = "8=FIX";
/// "10=000" and the end of the field.
constexpr std::size_t kTrailer = 7;
/// Longest "8=FIXT.1.1|9=123456789|" that makes sense.
constexpr std::size_t kHead = 40;

enum class Found { nothing, garbage, message };

/// Every field is a number, "=", anything, end.
bool well_formed(std::string_view body) {
  while (!body.empty()) {
    const auto end = body.find(kEnd);
    const auto equals = body.substr(0, end).find('=');
    if (end == std::string_view::npos || equals == std::string_view::npos || equals == 0 || equals > 9) return false;
    for (const char c : body.substr(0, equals))
      if (c < '0' || c > '9') return false;
    if (body.front() == '0') return false;
    body.remove_prefix(end + 1);
  }
  return true;
}

bool checksum_right(std::string_view message) {
  const auto body = message.substr(0, message.size() - kTrailer);
  return message.substr(body.size()) == trailer_of(body);
}

/// What begins with kBegin at the front of `bytes`; its length when it is a message.
Found examine(std::string_view bytes, std::size_t limit, std::size_t& length) {
  const auto end_of_begin = bytes.substr(0, kHead).find(kEnd);
  if (end_of_begin == std::string_view::npos) return bytes.size() < kHead ? Found::nothing : Found::garbage;
  const auto head = bytes.substr(end_of_begin + 1, kHead);
  if (!std::string_view{"9="}.starts_with(head.substr(0, 2))) return Found::garbage;
  const auto end_of_length = head.find(kEnd);
  if (end_of_length == std::string_view::npos) return head.size() < kHead ? Found::nothing : Found::garbage;
  std::size_t body = 0;
  const auto digits = head.substr(2, end_of_length - 2);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), body);
  if (error != std::errc{} || end != digits.data() + digits.size() || body == 0 || body > limit) return Found::garbage;
  const auto front = end_of_begin + 1 + end_of_length + 1;
  length = front + body + kTrailer;
  // A length that reaches into the next message would be waited for in vain.
  const std::string_view next{"\x01""8=FIX"};
  if (bytes.substr(0, length).find(next, front) != std::string_view::npos) return Found::garbage;
  if (bytes.size() < length) return Found::nothing;
  const bool right = bytes.substr(front, 3) == "35=" && bytes[front + body - 1] == kEnd &&
                     well_formed(bytes.substr(front, body)) && checksum_right(bytes.substr(0, length));
  return right ? Found::message : Found::garbage;
}

}  // namespace

void Framer::add(std::string_view bytes) {
  buffer_.erase(0, at_);
  at_ = 0;
  buffer_.append(bytes);
}

std::string_view Framer::next() {
  const std::string_view all = buffer_;
  const auto pass_over_to = [this](std::size_t place) {
    passed_over_ += place - at_;
    at_ = place;
  };
  while (true) {
    const auto begin = all.find(kBegin, at_);
    if (begin == std::string_view::npos) {
      // Its first characters may be there already.
      pass_over_to(std::max(at_, all.size() - std::min(all.size(), kBegin.size() - 1)));
      return {};
    }
    pass_over_to(begin);
    std::size_t length = 0;
    switch (examine(all.substr(begin), limit_, length)) {
      case Found::nothing: return {};
      case Found::garbage: pass_over_to(begin + 1); break;
      case Found::message:
        passed_over_ = 0;
        at_ = begin + length;
        return all.substr(begin, length);
    }
  }
}

std::string_view raw_field(std::string_view message, int tag) {
  const std::string name = std::to_string(tag) + "=";
  while (!message.empty()) {
    const auto field = message.substr(0, message.find(kEnd));
    if (field.starts_with(name)) return field.substr(name.size());
    message.remove_prefix(std::min(message.size(), field.size() + 1));
  }
  return {};
}

}  // namespace holdfast::fix
