// What is written about a plugin: a certificate, JUnit's XML, a page for people.
#include <algorithm>
#include <cmath>

#include "chart.hpp"
#include "conformance.hpp"
#include "html.hpp"
#include "output.hpp"
#include "report_style.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

using testkit::Outcome;

namespace {

constexpr int kInconclusive = 2;

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// Characters that XML 1.0 cannot hold, escaped or not, become '?'.
std::string xml(const std::string& text) {
  std::string clean;
  for (const char c : text) clean += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
  return escaped(clean);
}

std::string seconds_text(double seconds) { return decimal(seconds, 3); }

const char* mark(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed: return "✓ passed";
    case Outcome::warned: return "! passed, with a warning";
    case Outcome::failed: return "✗ failed";
    case Outcome::skipped: return "– skipped";
    case Outcome::inconclusive: return "? inconclusive";
  }
  return "";
}

/// The groups in the order of their cases.
std::vector<std::pair<std::string, std::vector<const RanCase*>>> by_group(const SuiteReport& report) {
  std::vector<std::pair<std::string, std::vector<const RanCase*>>> groups;
  for (const RanCase& one : report.cases) {
    if (groups.empty() || groups.back().first != one.group)
      groups.emplace_back(one.group, std::vector<const RanCase*>{});
    groups.back().second.push_back(&one);
  }
  return groups;
}

std::size_t count(const std::vector<const RanCase*>& cases, Outcome outcome) {
  return static_cast<std::size_t>(std::ranges::count(cases, outcome, &RanCase::outcome));
}

std::string tally(const std::vector<const RanCase*>& cases) {
  std::string text;
  for (const Outcome outcome :
       {Outcome::failed, Outcome::inconclusive, Outcome::warned, Outcome::passed, Outcome::skipped})
    if (const auto n = count(cases, outcome); n != 0)
      text += (text.empty() ? "" : ", ") + std::to_string(n) + " " + std::string{to_string(outcome)};
  return text;
}

std::string cards(const SuiteReport& report) {
  const auto number = [&](Outcome outcome) { return std::to_string(report.count(outcome)); };
  const bool good = report.verdict() == kOk;
  return "<div class=\"cards\">\n" +
         card(report.level.empty() ? "none" : report.level, "level reached", report.level.empty() ? "bad" : "good") +
         card(number(Outcome::passed) + " of " + std::to_string(report.cases.size() - report.count(Outcome::skipped)),
              "cases passed", good ? "good" : "bad") +
         card(number(Outcome::failed), "failed", report.count(Outcome::failed) == 0 ? "" : "bad") +
         card(number(Outcome::skipped), "say nothing about this plugin") + "</div>\n";
}

/// What needs attention, first.
std::string attention(const SuiteReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const Outcome outcome : {Outcome::failed, Outcome::inconclusive, Outcome::warned})
    for (const RanCase& one : report.cases)
      if (one.outcome == outcome) rows.push_back({one.id, one.title, std::string{to_string(outcome)}, one.why});
  return rows.empty()
             ? ""
             : section("To look at", "", html_table({"case", "what should hold", "", "what was seen"}, rows, 9, 3));
}

std::string facts(const SuiteReport& report) {
  std::vector<std::vector<std::string>> rows{{"suite", report.suite + " " + testkit::kSuiteVersion},
                                             {"program", HOLDFAST_VERSION},
                                             {"library", report.path},
                                             {"sha256", report.sha256},
                                             {"configuration", report.config},
                                             {"seed", std::to_string(report.seed)}};
  std::vector<std::vector<std::string>> claims;
  for (const auto& [name, value] : report.capabilities) claims.push_back({name, value});
  return (claims.empty() ? "" : section("What it claims", "", html_table({"capability", "claim"}, claims, 9, 1))) +
         section("What was tested, and how", "", html_table({"fact", "value"}, rows, 9, 1));
}

}  // namespace

std::size_t SuiteReport::count(Outcome outcome) const {
  return static_cast<std::size_t>(std::ranges::count(cases, outcome, &RanCase::outcome));
}

int SuiteReport::verdict() const {
  if (count(Outcome::failed) != 0) return kRefused;
  return count(Outcome::inconclusive) != 0 ? kInconclusive : kOk;
}

std::string SuiteReport::sentence() const {
  const int code = verdict();
  std::string text = name + " " + version +
                     (code == kOk        ? " conforms"
                      : code == kRefused ? " does not conform"
                                         : " could not be judged");
  if (code == kOk && !whole) text += " in the cases that were asked";
  if (whole) text += level.empty() ? ", no level reached" : ", level " + level;
  std::vector<const RanCase*> all;
  for (const RanCase& one : cases) all.push_back(&one);
  return text + ": " + tally(all) + " (seed " + std::to_string(seed) + ")";
}

Json certificate_json(const SuiteReport& report) {
  Json claims = Json::object(), cases = Json::array();
  for (const auto& [name, value] : report.capabilities) claims[name] = value;
  for (const RanCase& one : report.cases) {
    Json line = {{"id", one.id}, {"title", one.title}, {"level", one.level}, {"outcome", to_string(one.outcome)}};
    if (!one.why.empty()) line["why"] = one.why;
    line["seconds"] = std::round(one.seconds * 1e3) / 1e3;
    cases.push_back(line);
  }
  return {{"schema", "holdfast.conformance/1"},
          {"suite", report.suite},
          {"suite_version", testkit::kSuiteVersion},
          {"sdk_version", kSdkVersion},
          {"program_version", HOLDFAST_VERSION},
          {"plugin", {{"name", report.name}, {"version", report.version}, {"sha256", report.sha256}}},
          {"date", report.date},
          {"seed", report.seed},
          {"whole", report.whole},
          {"conforms", report.verdict() == kOk},
          {"level", report.level.empty() ? Json() : Json(report.level)},
          {"capabilities", claims},
          {"cases", cases}};
}

std::string junit_xml(const SuiteReport& report) {
  double total = 0;
  for (const RanCase& one : report.cases) total += one.seconds;
  const auto counts = [&](const std::vector<const RanCase*>& cases, double seconds) {
    return " tests=\"" + std::to_string(cases.size()) + "\" failures=\"" +
           std::to_string(count(cases, Outcome::failed)) + "\" errors=\"" +
           std::to_string(count(cases, Outcome::inconclusive)) + "\" skipped=\"" +
           std::to_string(count(cases, Outcome::skipped)) + "\" time=\"" + seconds_text(seconds) + "\"";
  };
  std::vector<const RanCase*> all;
  for (const RanCase& one : report.cases) all.push_back(&one);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" +
                    xml(report.suite + " " + report.name) + "\"" + counts(all, total) + ">\n";
  for (const auto& [group, cases] : by_group(report)) {
    double seconds = 0;
    for (const RanCase* one : cases) seconds += one->seconds;
    out += "  <testsuite name=\"" + xml(group + " " + cases.front()->group_name) + "\"" + counts(cases, seconds) +
           " timestamp=\"" + xml(report.date) + "\">\n";
    for (const RanCase* one : cases) {
      out += "    <testcase classname=\"" + xml("conformance." + report.suite + "." + group) + "\" name=\"" +
             xml(one->id + " " + one->title) + "\" time=\"" + seconds_text(one->seconds) + "\"";
      const auto inside = [&](const char* tag) {
        out += std::string{">\n      <"} + tag + " message=\"" + xml(one->why) + "\"/>\n    </testcase>\n";
      };
      switch (one->outcome) {
        case Outcome::failed: inside("failure"); break;
        case Outcome::inconclusive: inside("error"); break;
        case Outcome::skipped: inside("skipped"); break;
        case Outcome::warned:
          out += ">\n      <system-out>" + xml("warning: " + one->why) + "</system-out>\n    </testcase>\n";
          break;
        case Outcome::passed: out += "/>\n"; break;
      }
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

std::string suite_page(const SuiteReport& report) {
  const std::string title = report.name + " " + report.version;
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">"
      "<title>" +
      escaped(title + " · conformance") + "</title><style>" + kReportStyle + "</style></head><body><main>\n";
  out += "<header><h1>" + escaped(title) + "</h1>" + paragraph(report.sentence()) +
         paragraph(report.date.substr(0, 19) + " UTC") + "</header>\n";
  out += cards(report) + attention(report);
  for (const auto& [group, cases] : by_group(report)) {
    std::vector<std::vector<std::string>> rows;
    for (const RanCase* one : cases) {
      std::string what = one->title;
      if (one->outcome != Outcome::passed && !one->why.empty()) what += " — " + one->why;
      rows.push_back(
          {one->id, mark(one->outcome), what, one->does, one->level, joined(one->needs), short_time(one->seconds)});
    }
    out += section(
        cases.front()->group_name, group + " · " + tally(cases),
        html_table({"case", "result", "what should hold", "how it is tested", "level", "needs", "time"}, rows, 6, 2));
  }
  out += facts(report);
  out +=
      "<footer>" +
      paragraph(
          "A case is skipped when it says nothing about this plugin: what it needs is not claimed. What is claimed and "
          "does "
          "not work is a failure; what works and is not claimed is a warning.") +
      paragraph("Level sim: safe in simulations. Level paper: safe with no money at stake. Level live: every case.") +
      "</footer>\n";
  return out + "</main></body></html>\n";
}

}  // namespace holdfast::cli
