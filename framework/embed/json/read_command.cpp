#include "embed/command.hpp"

#include <array>
#include <stdexcept>

namespace holdfast {

namespace {

std::string text_at(const Json& request, const char* key, const char* otherwise = nullptr) {
  return otherwise != nullptr && !request.contains(key) ? otherwise : request.at(key).get<std::string>();
}

/// Requests are written in lower case, whatever people are shown.
std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// Which of `values` the request names.
template <class T, std::size_t N>
T one_of(const Json& request, const char* key, const std::array<T, N>& values) {
  const auto word = text_at(request, key, lower(to_string(values[0])).c_str());
  std::string all;
  for (const T value : values) {
    if (word == lower(to_string(value))) return value;
    (all += all.empty() ? "" : ", ") += lower(to_string(value));
  }
  throw std::invalid_argument{std::string{key} + " must be one of " + all};
}

/// JSON's numbers are wider than what they stand for here, and may be no whole numbers at all.
Time read_since(const Json& request) {
  if (!request.contains("since")) return {};
  const Json& value = request.at("since");
  const bool fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= INT64_MAX : value.is_number_integer();
  if (!fits || value.get<std::int64_t>() < 0)
    throw std::invalid_argument{"since must be a whole number of nanoseconds since 1970"};
  return Time{value.get<std::int64_t>()};
}

/// Who does it, and why.
void read_words(const Json& request, LatchFile::Latch& out) {
  out.who = text_at(request, "by");
  out.why = text_at(request, "reason");
  check_latch_text(out.who, LatchFile::kNameBytes, "by");
  check_latch_text(out.why, LatchFile::kWhyBytes, "reason");
}

LatchFile::Latch read_latch(const Json& request, bool engages) {
  LatchFile::Latch latch;
  latch.scope = one_of(request, "scope", std::array{LatchScope::system, LatchScope::strategy, LatchScope::instrument});
  latch.target = text_at(request, "target", "");
  read_words(request, latch);
  if (latch.scope == LatchScope::system && !latch.target.empty())
    throw std::invalid_argument{"a latch over the whole system has no target"};
  if (latch.scope != LatchScope::system) check_latch_text(latch.target, LatchFile::kNameBytes, "target");
  if (!engages) return latch;
  latch.level = one_of(request, "level", std::array{LatchLevel::halted, LatchLevel::reducing});
  latch.since = read_since(request);
  return latch;
}

}  // namespace

Command read_command(const Json& request) {
  using Verb = Command::Verb;
  const auto verb = text_at(request, "verb");
  if (verb == "status") return {};
  if (verb == "halt") return {Verb::halt, read_latch(request, true), "", "", ""};
  if (verb == "resume") return {Verb::resume, read_latch(request, false), "", "", ""};
  if (verb == "crash") return {Verb::crash, {}, text_at(request, "actor"), text_at(request, "reason"), ""};
  if (verb == "failpoints") return {Verb::failpoints, {}, "", text_at(request, "text", ""), ""};
  if (verb == "checkpoint") return {Verb::checkpoint, {}, "", "", ""};
  if (verb == "book") return {Verb::book, {}, "", "", ""};
  if (verb == "cancel" || verb == "accept") {
    Command command{verb == "cancel" ? Verb::cancel : Verb::accept, {}, "", "", ""};
    if (command.verb == Verb::cancel) command.order = text_at(request, "order");
    else command.latch.target = text_at(request, "instrument");
    read_words(request, command.latch);
    return command;
  }
  throw std::invalid_argument{"'" + verb + "' is none of the commands status, book, halt, resume, cancel, accept, crash, failpoints, checkpoint"};
}

void check_latch_text(const std::string& text, std::size_t most, const std::string& name) {
  if (text.find_first_not_of(" \t") == std::string::npos)
    throw std::invalid_argument{name + " is empty: a latch has a named operator and a reason"};
  // In the latch file a zero byte would end the text, in the journal a line end would.
  if (text.size() >= most || text.find_first_of(std::string_view{"\n\0", 2}) != std::string::npos)
    throw std::invalid_argument{name + " must be one line of fewer than " + std::to_string(most) + " bytes"};
}

}  // namespace holdfast
