#include <holdfast/fix/message.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace holdfast::fix {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t days_of(std::chrono::year_month_day day) {
  return std::chrono::sys_days{day}.time_since_epoch().count();
}

/// Digits only, which std::from_chars does not insist on.
std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

struct Civil {
  std::chrono::year_month_day day;
  std::int64_t second, ns;
};

Civil civil(Time time) {
  const std::int64_t seconds = time.ns / kSecond - (time.ns % kSecond < 0 ? 1 : 0);
  const std::int64_t days = seconds / 86400 - (seconds % 86400 < 0 ? 1 : 0);
  return {std::chrono::sys_days{std::chrono::days{days}}, seconds - days * 86400, time.ns - seconds * kSecond};
}

std::string padded(std::int64_t value, int width) {
  std::string text = std::to_string(value);
  if (text.size() < static_cast<std::size_t>(width)) text.insert(0, static_cast<std::size_t>(width) - text.size(), '0');
  return text;
}

std::string day_text(std::chrono::year_month_day day) {
  return padded(static_cast<int>(day.year()), 4) + padded(static_cast<unsigned>(day.month()), 2) +
         padded(static_cast<unsigned>(day.day()), 2);
}

}  // namespace

Message::Message(Content content, const Head& head)
    : poss_dup{head.poss_dup}, poss_resend{head.poss_resend}, seq{head.seq},
      sending_time{parse_timestamp(head.sending_time).value_or(Time{})}, content_{std::move(content)} {}

Message& Message::set(int tag, std::string_view value) {
  auto& fields = content_.fields;
  const auto at = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.tag == tag; });
  if (value.empty()) {
    if (at != fields.end()) fields.erase(at);
  } else if (at != fields.end()) {
    at->value = value;
  } else {
    fields.push_back({tag, std::string{value}});
  }
  return *this;
}

Message& Message::set(int tag, Time value) { return set(tag, std::string_view{timestamp(value)}); }

std::optional<std::string_view> Message::get(int tag) const { return fix::get(content_.fields, tag); }

Message& Message::add(int count_tag, Entry entry) {
  auto& groups = content_.groups;
  const auto same = [&](const Group& group) { return group.count_tag == count_tag; };
  auto at = std::find_if(groups.begin(), groups.end(), same);
  if (at == groups.end()) at = groups.insert(groups.end(), Group{count_tag, {}});
  at->entries.push_back(std::move(entry));
  return *this;
}

const std::vector<Entry>& Message::entries(int count_tag) const {
  static const std::vector<Entry> kNone;
  for (const auto& group : content_.groups)
    if (group.count_tag == count_tag) return group.entries;
  return kNone;
}

std::optional<std::string_view> get(const Entry& entry, int tag) {
  for (const auto& field : entry)
    if (field.tag == tag) return field.value;
  return std::nullopt;
}

std::string date(Time time) { return day_text(civil(time).day); }

std::string timestamp(Time time) {
  const Civil at = civil(time);
  return day_text(at.day) + "-" + padded(at.second / 3600, 2) + ":" + padded(at.second / 60 % 60, 2) + ":" +
         padded(at.second % 60, 2) + "." + padded(at.ns / 1000, 6);
}

std::optional<Time> parse_timestamp(std::string_view text) {
  if (text.size() < 17 || text[8] != '-' || text[11] != ':' || text[14] != ':') return std::nullopt;
  const auto year = digits(text.substr(0, 4)), month = digits(text.substr(4, 2)), day = digits(text.substr(6, 2));
  const auto hour = digits(text.substr(9, 2)), minute = digits(text.substr(12, 2)), second = digits(text.substr(15, 2));
  if (!year || !month || !day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  // Beyond these years nanoseconds do not fit.
  if (!date.ok() || *year < 1700 || *year > 2200) return std::nullopt;
  std::int64_t ns = 0;
  if (text.size() > 17) {
    const auto fraction = text.substr(18);
    const auto value = digits(fraction.substr(0, 9));
    if (text[17] != '.' || fraction.empty() || fraction.size() > 9 || !value) return std::nullopt;
    ns = *value;
    for (auto n = fraction.size(); n < 9; ++n) ns *= 10;
  }
  return Time{((days_of(date) * 24 + *hour) * 60 + *minute) * 60 * kSecond + *second * kSecond + ns};
}

std::optional<std::int64_t> integer(std::optional<std::string_view> text) {
  std::int64_t value = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc{} && end == text->data() + text->size() ? std::optional{value} : std::nullopt;
}

}  // namespace holdfast::fix
