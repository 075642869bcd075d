#include <algorithm>
#include <charconv>
#include <fstream>
#include <holdfast/trading/time_zone.hpp>
#include <iterator>

namespace holdfast {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kHeader = 44;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// A big-endian number of `width` bytes, with a sign.
std::int64_t number(const std::string& bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int64_t>(value);
}

/// The counts of a header: of UT and standard indicators, leap seconds, transitions, types, bytes of names.
struct Counts {
  std::size_t ut, standard, leaps, times, types, names;
  Counts(const std::string& bytes, std::size_t at) {
    std::size_t* const all[] = {&ut, &standard, &leaps, &times, &types, &names};
    for (std::size_t i = 0; i < 6; ++i) *all[i] = static_cast<std::size_t>(number(bytes, at + 20 + 4 * i, 4)) & 0xffff;
  }
  std::size_t size(std::size_t width) const {
    return times * (width + 1) + types * 6 + names + leaps * (width + 4) + standard + ut;
  }
};

/// A cursor over a POSIX TZ text.
struct Text {
  std::string_view rest;
  bool skip(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool name() {
    const bool quoted = skip('<');
    const auto end = rest.find_first_of(quoted ? ">" : "+-0123456789,");
    if (end == 0 || (quoted && end == std::string_view::npos)) return false;
    rest.remove_prefix(std::min(end, rest.size()));
    return !quoted || skip('>');
  }
  bool whole(std::int64_t& out) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
    if (error != std::errc{}) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
  }
  /// hh[:mm[:ss]], with a sign.
  bool time(std::int64_t& out) {
    const bool minus = skip('-');
    if (!minus) skip('+');
    std::int64_t part = 0;
    if (!whole(part)) return false;
    out = part * 3600;
    for (const int scale : {60, 1})
      if (skip(':')) {
        if (!whole(part)) return false;
        out += part * scale;
      }
    if (minus) out = -out;
    return true;
  }
};

std::int64_t year_of(std::int64_t seconds) {
  const std::chrono::sys_days day{std::chrono::days{floor_div(seconds, 86400)}};
  return static_cast<int>(std::chrono::year_month_day{day}.year());
}

}  // namespace

std::shared_ptr<const TimeZone> TimeZone::load(const std::string& name, std::string& why) {
  why = "this machine knows no time zone '" + name + "': check the spelling, or install tzdata";
  if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos) return nullptr;
  std::ifstream in{"/usr/share/zoneinfo/" + name, std::ios::binary};
  if (!in) return nullptr;
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  return in.bad() || bytes.empty() ? nullptr : read(bytes, why);
}

std::shared_ptr<const TimeZone> TimeZone::read(const std::string& bytes, std::string& why) {
  why = "what this machine has of the time zone cannot be read";
  const auto is_header = [&](std::size_t at) {
    return bytes.size() >= at + kHeader && bytes.compare(at, 4, "TZif") == 0;
  };
  if (!is_header(0) || bytes[4] < '2') return nullptr;
  const std::size_t second = kHeader + Counts{bytes, 0}.size(4);
  if (!is_header(second)) return nullptr;
  auto zone = std::make_shared<TimeZone>();
  zone->bytes_ = bytes;
  const std::size_t end = second + kHeader + Counts{bytes, second}.size(8);
  if (bytes.size() < end || !zone->read_parts(second, 8)) return nullptr;
  const std::size_t stop = bytes.find('\n', end + 1);
  if (stop == std::string::npos || !zone->read_rule(std::string_view{bytes}.substr(end + 1, stop - end - 1)))
    return nullptr;
  return zone;
}

bool TimeZone::read_parts(std::size_t at, std::size_t width) {
  const Counts counts{bytes_, at};
  const std::size_t times = at + kHeader, types = times + counts.times * width, offsets = types + counts.times;
  if (counts.types == 0) return false;
  const auto offset = [&](std::size_t type) { return number(bytes_, offsets + 6 * type, 4); };
  parts_.push_back({INT64_MIN, offset(0)});
  for (std::size_t i = 0; i < counts.times; ++i) {
    const auto type = static_cast<std::size_t>(static_cast<unsigned char>(bytes_[types + i]));
    if (type >= counts.types) return false;
    parts_.push_back({number(bytes_, times + width * i, width), offset(type)});
  }
  return std::ranges::is_sorted(parts_, {}, &Part::from);
}

bool TimeZone::read_rule(std::string_view rule) {
  if (rule.empty()) return true;
  ruled_ = true;
  Text text{rule};
  if (!text.name() || !text.time(standard_)) return false;
  standard_ = -standard_;  // POSIX counts westwards.
  if (text.rest.empty()) return true;
  summers_ = true;
  summer_ = standard_ + 3600;
  if (!text.name()) return false;
  if (!text.rest.empty() && text.rest.front() != ',') {
    if (!text.time(summer_)) return false;
    summer_ = -summer_;
  }
  for (Change* change : {&begins_, &ends_}) {
    std::int64_t month = 0, week = 0, weekday = 0;
    if (!text.skip(',') || !text.skip('M') || !text.whole(month) || !text.skip('.') || !text.whole(week) ||
        !text.skip('.') || !text.whole(weekday) || month < 1 || month > 12 || week < 1 || week > 5 || weekday < 0 ||
        weekday > 6)
      return false;
    *change = {static_cast<int>(month), static_cast<int>(week), static_cast<int>(weekday)};
    if (text.skip('/') && !text.time(change->seconds)) return false;
  }
  return text.rest.empty();
}

std::int64_t TimeZone::Change::in_year(std::int64_t year) const {
  using namespace std::chrono;
  const auto y = std::chrono::year{static_cast<int>(year)};
  const auto m = std::chrono::month{static_cast<unsigned>(month)};
  const auto w = std::chrono::weekday{static_cast<unsigned>(weekday)};
  const sys_days day = week == 5 ? sys_days{y / m / w[last]} : sys_days{y / m / w[static_cast<unsigned>(week)]};
  return day.time_since_epoch().count() * std::int64_t{86400} + seconds;
}

Duration TimeZone::offset(Time now) const {
  const std::int64_t at = floor_div(now.ns, kSecond);
  const auto after = std::ranges::upper_bound(parts_, at, {}, &Part::from);
  std::int64_t found = std::prev(after)->seconds;
  if (ruled_ && after == parts_.end()) {
    const std::int64_t year = year_of(at + standard_);
    // Each change is told by the clocks before it.
    const std::int64_t begins = begins_.in_year(year) - standard_, ends = ends_.in_year(year) - summer_;
    const bool summer = summers_ && (begins < ends ? at >= begins && at < ends : at >= begins || at < ends);
    found = summer ? summer_ : standard_;
  }
  return std::chrono::seconds{found};
}

Time TimeZone::utc(Time local) const {
  // A day earlier and a day later the clocks are on either side of a change that may lie between.
  const Duration before = offset(local - std::chrono::hours{24}), after = offset(local + std::chrono::hours{24});
  for (const Duration by : {before, after})
    if (offset(local - by) == by) return local - by;
  return local - before;
}

}  // namespace holdfast
