// When instruments trade: days, zones, what their clocks do, and the days on which there is none.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <holdfast/trading/calendar.hpp>
#include <ostream>

using namespace holdfast;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(calendar)

namespace {

Time utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  using namespace std::chrono;
  const sys_days date{std::chrono::year{year} / month / day};
  return Time{(date.time_since_epoch() + hours{hour} + minutes{minute}) / 1ns};
}
Calendar calendar_of(const char* text) {
  std::string why;
  const auto made = Calendar::parse(text, &why);
  BOOST_TEST_REQUIRE(made.has_value(), why);
  return *made;
}
/// "2026-03-06T14:30 to 2026-03-06T21:00".
std::string text(const Calendar::Session& session) {
  return session.opens.str().substr(0, 16) + " to " + session.closes.str().substr(0, 16);
}

constexpr const char* kNewYork = "Mon-Fri 09:30-16:00 America/New_York except 2026-11-26 2026-11-27@13:00 2026-12-25";

struct Day {
  const char* what;
  const char* calendar;
  Time now;
  const char* session;
};
std::ostream& operator<<(std::ostream& out, const Day& d) { return out << d.what; }

const Day kSessions[] = {
    {"always", "24x7", utc(2026, 3, 6, 5), "2026-03-06T00:00 to 2026-03-07T00:00"},
    {"each day", "08:00-16:30", utc(2026, 3, 6, 5), "2026-03-06T08:00 to 2026-03-06T16:30"},
    {"each day, at its end", "08:00-16:30", utc(2026, 3, 6, 16, 30), "2026-03-07T08:00 to 2026-03-07T16:30"},
    {"over midnight, after it", "22:00-06:00 UTC", utc(2026, 3, 6, 5), "2026-03-05T22:00 to 2026-03-06T06:00"},
    {"over midnight, between", "22:00-06:00 UTC", utc(2026, 3, 6, 6), "2026-03-06T22:00 to 2026-03-07T06:00"},
    {"before 1970", "08:00-16:30", utc(1969, 12, 30, 5), "1969-12-30T08:00 to 1969-12-30T16:30"},
    {"the Friday before the clocks go forward", kNewYork, utc(2026, 3, 6, 20, 59),
     "2026-03-06T14:30 to 2026-03-06T21:00"},
    {"the weekend on which they do", kNewYork, utc(2026, 3, 6, 21), "2026-03-09T13:30 to 2026-03-09T20:00"},
    {"the Friday before they go back", kNewYork, utc(2026, 10, 30, 15), "2026-10-30T13:30 to 2026-10-30T20:00"},
    {"the weekend on which they do", kNewYork, utc(2026, 10, 30, 20), "2026-11-02T14:30 to 2026-11-02T21:00"},
    {"a holiday, and a short day after it", kNewYork, utc(2026, 11, 25, 21), "2026-11-27T14:30 to 2026-11-27T18:00"},
    {"after the short day", kNewYork, utc(2026, 11, 27, 18), "2026-11-30T14:30 to 2026-11-30T21:00"},
    {"beyond what the zone's file lists", kNewYork, utc(2050, 7, 1, 12), "2050-07-01T13:30 to 2050-07-01T20:00"},
    {"the same in winter", kNewYork, utc(2050, 1, 3, 12), "2050-01-03T14:30 to 2050-01-03T21:00"},
    {"south of the equator", "Mon-Fri 10:00-16:00 Australia/Sydney", utc(2026, 1, 5, 1),
     "2026-01-04T23:00 to 2026-01-05T05:00"},
    {"and in its winter", "Mon-Fri 10:00-16:00 Australia/Sydney", utc(2050, 7, 4, 1),
     "2050-07-04T00:00 to 2050-07-04T06:00"},
    {"Sunday evening to Friday", "Sun-Thu 17:00-16:00 America/Chicago", utc(2026, 3, 7, 12),
     "2026-03-08T22:00 to 2026-03-09T21:00"},
    {"single days", "Mon,Wed 09:00-10:00", utc(2026, 3, 3), "2026-03-04T09:00 to 2026-03-04T10:00"},
    {"over the end of the week", "Sat-Mon 09:00-10:00", utc(2026, 3, 3), "2026-03-07T09:00 to 2026-03-07T10:00"},
};

struct Bad {
  const char* text;
  const char* why;
};
std::ostream& operator<<(std::ostream& out, const Bad& b) { return out << b.text; }
const Bad kBad[] = {
    {"", "it is 24x7, or such as"},
    {"9-5", "it is 24x7, or such as"},
    {"09:00-09:00", "it is 24x7, or such as"},
    {"09:00-24:00", "it is 24x7, or such as"},
    {"09:00-10:00 America/New_York on", "it is 24x7, or such as"},
    {"09:00-10:00 except", "it is 24x7, or such as"},
    {"Mo-Fr 09:00-10:00", "'Mo-Fr' is no day: write such as Mon-Fri or Mon,Wed"},
    {"Mon- 09:00-10:00", "'Mon-' is no day"},
    {"09:00-10:00 America/New_Yark", "this machine knows no time zone 'America/New_Yark'"},
    {"09:00-10:00 ../../etc/passwd", "this machine knows no time zone"},
    {"09:00-10:00 except 2026-02-30", "'2026-02-30' is no exception"},
    {"09:00-10:00 except 2026-02-03@10:00", "is no exception"},
    {"09:00-10:00 except 2026-02-03@9", "is no exception"},
};

}  // namespace

BOOST_DATA_TEST_CASE(the_session_that_is_or_comes_next, data::make(kSessions), day) {
  const auto made = calendar_of(day.calendar);
  BOOST_TEST(text(made.session(day.now)) == day.session);
  BOOST_TEST(made.open_at(day.now) == (made.session(day.now).opens <= day.now));
}

BOOST_DATA_TEST_CASE(what_is_no_calendar_is_refused_with_the_reason, data::make(kBad), bad) {
  std::string why;
  BOOST_TEST(!Calendar::parse(bad.text, &why).has_value());
  BOOST_TEST(why.find(bad.why) != std::string::npos, why);
}

BOOST_AUTO_TEST_CASE(every_hour_of_a_year_agrees_with_the_clocks_of_the_c_library) {
  // The one oracle there is on this machine; a process-wide setting, so only here.
  const char* const before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  for (const char* name : {"America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe",
                           "America/Sao_Paulo", "Africa/Casablanca"}) {
    ::setenv("TZ", name, 1);
    ::tzset();
    std::string why;
    const auto zone = TimeZone::load(name, why);
    BOOST_TEST_REQUIRE(zone != nullptr, why);
    for (const int year : {1987, 2007, 2026, 2036, 2045}) {
      int wrong = 0;
      for (Time now = utc(year, 1, 1); now < utc(year + 1, 1, 1); now = now + std::chrono::minutes{30}) {
        const std::time_t seconds = now.ns / 1'000'000'000;
        std::tm local{};
        ::localtime_r(&seconds, &local);
        wrong += zone->offset(now) != std::chrono::seconds{local.tm_gmtoff} ? 1 : 0;
      }
      BOOST_TEST(wrong == 0, name << " " << year);
    }
  }
  if (before == nullptr) ::unsetenv("TZ");
  else ::setenv("TZ", kept.c_str(), 1);
  ::tzset();
}

BOOST_AUTO_TEST_CASE(what_clocks_show_twice_or_never_is_one_moment) {
  std::string why;
  const auto zone = TimeZone::load("America/New_York", why);
  BOOST_TEST(zone->utc(utc(2026, 11, 1, 1, 30)).str() == utc(2026, 11, 1, 5, 30).str());
  BOOST_TEST(zone->utc(utc(2026, 3, 8, 2, 30)).str() == utc(2026, 3, 8, 7, 30).str());
  BOOST_TEST(zone->utc(utc(2026, 3, 8, 1, 59)).str() == utc(2026, 3, 8, 6, 59).str());
  BOOST_TEST(zone->utc(utc(2026, 3, 8, 3)).str() == utc(2026, 3, 8, 7).str());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_cut_or_none_is_refused) {
  std::string why;
  const auto zone = TimeZone::load("America/New_York", why);
  const std::string& whole = zone->rules();
  BOOST_TEST(TimeZone::read(whole, why) != nullptr);
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST(TimeZone::read(whole.substr(0, size), why) == nullptr);
  BOOST_TEST(TimeZone::read(std::string(200, 'x'), why) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
