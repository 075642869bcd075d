// The report: what it draws, and that it stays whole whatever happened to the system.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <regex>
#include <set>

#include "chart.hpp"
#include "program.hpp"

using namespace holdfast::test;
using namespace holdfast::cli;

namespace {

std::vector<std::string> all_of(const std::string& text, const std::string& pattern) {
  const std::regex regex{pattern};
  std::vector<std::string> out;
  for (std::sregex_iterator at{text.begin(), text.end(), regex}, end; at != end; ++at) out.push_back((*at)[1]);
  return out;
}

/// Without what attributes say, but for what must not be in there. A path may be longer than the stack is
/// deep for a std::regex.
std::string without_values(const std::string& html) {
  std::string out;
  bool in_tag = false, quoted = false;
  for (const char c : html) {
    const bool bracket = c == '<' || c == '>';
    if (in_tag && c == '"') quoted = !quoted;
    else if (quoted && !bracket) continue;
    if (!quoted && bracket) in_tag = c == '<';
    out += c;
  }
  return out;
}

/// Every opened element is closed in order, and every attribute is quoted.
std::string unbalanced(const std::string& html) {
  static const std::regex tag{R"re(<(/?)([a-z][a-z0-9]*)((?: [A-Za-z0-9-]+(?:="")?)*)(/?)>)re"};
  static const std::set<std::string> kVoid{"meta", "br"};
  std::string rest = html.substr(html.find('\n') + 1);
  const auto style = rest.find("<style>"), styled = rest.find("</style>");
  rest.erase(style + 7, styled - style - 7);
  rest = without_values(rest);
  std::vector<std::string> open;
  std::size_t tags = 0;
  for (std::sregex_iterator at{rest.begin(), rest.end(), tag}, end; at != end; ++at) {
    ++tags;
    if ((*at)[4].length() > 0 || kVoid.contains((*at)[2])) continue;
    if ((*at)[1].length() == 0) open.push_back((*at)[2]);
    else if (open.empty() || open.back() != (*at)[2])
      return "</" + (*at)[2].str() + "> closes " + (open.empty() ? "nothing" : open.back());
    else open.pop_back();
  }
  if (!open.empty()) return "<" + open.back() + "> stays open";
  return tags == static_cast<std::size_t>(std::ranges::count(rest, '<')) ? "" : "a < that opens nothing";
}

/// What holds for every report, whatever is in it.
void check_page(const std::string& html) {
  BOOST_TEST(unbalanced(html) == "");
  for (const char* never : {"<script", "http:", "https:", "url(", "nan", "inf\"", "inf "})
    BOOST_TEST(html.find(never) == std::string::npos, never);
  const auto ids = all_of(html, " id=\"([^\"]+)\"");
  BOOST_TEST(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
  const auto charts = all_of(html, "<svg [^>]*role=\"(img)\"").size();
  BOOST_TEST(all_of(html, "role=\"img\" aria-labelledby=\"([a-z0-9]+-t [a-z0-9]+-d)\"><title").size() == charts);
  BOOST_TEST(html.find("prefers-color-scheme:dark") != std::string::npos);
  BOOST_TEST(html.find("@media print") != std::string::npos);
}

std::string report_of(const ScratchDir& scratch, std::vector<std::string> words) {
  const auto file = scratch / "report.html";
  words.insert(words.end(), {"--report", file});
  const auto ended = holdfast::test::holdfast(words);
  BOOST_TEST_REQUIRE(ended.code == 0, ended.err);
  const auto html = text_of_file(file);
  check_page(html);
  return html;
}

/// A price that swings, and fills on it, far more than there are columns.
struct Busy {
  ReportLine price;
  std::vector<ReportFill> fills;
  std::vector<ReportMark> no_marks;
  explicit Busy(int count) {
    const auto at = [](double time) { return 100 + 5 * std::sin(time / 40); };
    for (int i = 0; i <= 600; ++i) price.push_back({1000.0 + i, at(i), at(i) - 0.3, at(i) + 0.3});
    for (int i = 0; i < count; ++i) {
      const double time = 600.0 * i / count;
      fills.push_back({1000 + time, at(time), 0.5, i % 3 != 0});
    }
  }
  std::string draw() const {
    Chart chart;
    chart.id = "a";
    chart.title = "Price";
    chart.from = 1000;
    chart.until = 1600;
    chart.lines.push_back({"price", "price", &price, false, false, true});
    chart.fills = &fills;
    chart.marks = &no_marks;
    return holdfast::cli::draw(chart);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(thousands_of_fills_are_counted_by_columns_and_none_is_lost) {
  const auto svg = Busy{6000}.draw();
  const auto bought = all_of(svg, "<g class=\"buy\"><path[^>]*/><text[^>]*>([0-9]+)</text>");
  const auto sold = all_of(svg, "<g class=\"sell\"><path[^>]*/><text[^>]*>([0-9]+)</text>");
  const auto sum = [](const auto& counts) {
    int all = 0;
    for (const auto& count : counts) all += std::stoi(count);
    return all;
  };
  BOOST_TEST(bought.size() < 45u);
  BOOST_TEST(sum(bought) == 4000);
  BOOST_TEST(sum(sold) == 2000);
}

BOOST_AUTO_TEST_CASE(fills_stand_beside_the_price_and_never_on_it) {
  const auto svg = Busy{6000}.draw();
  // The band's outline: for each x the reach of the price.
  const std::string before = "<path class=\"band price\" d=\"";
  const auto from = svg.find(before);
  BOOST_TEST_REQUIRE(from != std::string::npos);
  const auto band = svg.substr(from + before.size(), svg.find('"', from + before.size()) - from - before.size());
  std::vector<std::pair<double, double>> points;
  for (const auto& point : all_of(band, "[ML]([0-9.]+ [0-9.]+)"))
    points.emplace_back(std::stod(point), std::stod(point.substr(point.find(' '))));
  const auto tips = [&](const char* side) {
    return all_of(svg, std::string{"<g class=\""} + side + "\"><path d=\"M([0-9.]+ [0-9.]+)l");
  };
  const auto near = [&](const std::string& tip, const auto& judge) {
    const double x = std::stod(tip), y = std::stod(tip.substr(tip.find(' ')));
    for (const auto& [px, py] : points)
      if (std::abs(px - x) < 5) BOOST_TEST(judge(y, py), tip << " against " << px << " " << py);
  };
  BOOST_TEST(!tips("buy").empty());
  for (const auto& tip : tips("buy")) near(tip, [](double tip_y, double price_y) { return tip_y > price_y; });
  for (const auto& tip : tips("sell")) near(tip, [](double tip_y, double price_y) { return tip_y < price_y; });
}

BOOST_AUTO_TEST_CASE(times_are_written_short) {
  const std::pair<double, const char*> kTimes[] = {{0, "0"},           {850e-9, "850 ns"}, {12.34e-6, "12.3 µs"},
                                                   {0.0045, "4.5 ms"}, {0.125, "125 ms"},  {2, "2 s"},
                                                   {0.001, "1 ms"}};
  for (const auto& [seconds, text] : kTimes) BOOST_TEST(short_time(seconds) == text);
}

BOOST_AUTO_TEST_CASE(quantiles_are_values_that_occurred) {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 100};
  BOOST_TEST(quantile(values, 0.5) == 5);
  BOOST_TEST(quantile(values, 0.9) == 9);
  BOOST_TEST(quantile(values, 0.99) == 100);
  BOOST_TEST(quantile({3}, 0.01) == 3);
}

BOOST_AUTO_TEST_CASE(a_histogram_has_every_order_in_one_bar_and_those_of_no_time_in_their_own) {
  std::vector<double> seconds(500, 0.0);
  for (int i = 0; i < 1500; ++i) seconds.push_back(1e-6 * std::pow(10, i / 500.0));
  Histogram h;
  h.id = "h";
  h.rows = {{"tick to order sent", "c0", &seconds}};
  const auto svg = draw(h);
  const auto counts = all_of(svg, "<rect class=\"bar[^>]*><title>[^<]*: ([0-9,]+) orders");
  int sum = 0;
  for (auto count : counts) sum += std::stoi(count);
  BOOST_TEST(sum == 2000);
  BOOST_TEST(all_of(svg, "<title>(no time at all: 500 orders)").size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_run_in_which_nothing_happened_has_a_report_that_says_so) {
  const ScratchDir scratch;
  const auto empty = scratch / "empty.csv";
  std::ofstream{empty} << "time,bid,ask,bid_size,ask_size\n";
  auto text = text_of_file(small_system(scratch));
  const auto source = text.find("source: {");
  text.replace(source, text.find('\n', source) - source,
               "source: { plugin: replay, format: csv, instrument: BTCUSDT, file: " + empty + " }");
  std::ofstream{scratch / "none.yaml"} << text;
  const auto html = report_of(scratch, {"backtest", scratch / "none.yaml"});
  BOOST_TEST(html.find("there is nothing to draw") != std::string::npos);
  BOOST_TEST(html.find("1970") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_backtest_says_that_its_time_is_virtual_instead_of_drawing_latencies) {
  const ScratchDir scratch;
  const auto html = report_of(scratch, {"backtest", small_system(scratch)});
  BOOST_TEST(html.find("a backtest runs in virtual time") != std::string::npos);
  BOOST_TEST(html.find("Latency of orders") == std::string::npos);
  for (const char* part : {">Equity<", ">Drawdown<", ">BTCUSDT<", ">Strategies<", ">Journal<"})
    BOOST_TEST(html.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(crashes_restarts_and_latches_are_marked_and_their_words_cannot_break_the_page) {
  const ScratchDir scratch;
  const auto file = small_system(scratch), dir = scratch / "d";
  holdfast::test::holdfast(
      {"run", file, "--data-dir", dir, "--until-end", "--failpoints", "journal.after_write=kill@20"});
  BOOST_TEST_REQUIRE(
      holdfast::test::holdfast({"halt", dir, "--by", "<b>ann</b>", "--reason", "\"odd\" & <script>alert(1)</script>"})
          .code == 0);
  const auto html = report_of(scratch, {"run", file, "--data-dir", dir, "--until-end"});
  for (const char* mark : {"mark restart", "mark latch", "class=\"span\""})
    BOOST_TEST(html.find(mark) != std::string::npos, mark);
  BOOST_TEST(html.find("&lt;b&gt;ann&lt;/b&gt;: &quot;odd&quot; &amp; &lt;script&gt;alert(1)&lt;/script&gt;") !=
             std::string::npos);
  BOOST_TEST(html.find("Latches engaged at the end") != std::string::npos);
  const bool measured = html.find("How long an order took") != std::string::npos;
  BOOST_TEST((html.find("in the data&#39;s time") != std::string::npos) == measured);
}

BOOST_AUTO_TEST_CASE(a_browser_draws_it_on_screen_and_on_paper) {
  if (std::system("command -v chromium >/dev/null 2>&1") != 0) {
    BOOST_TEST_MESSAGE("chromium is not installed: nothing was looked at");
    return;
  }
  const ScratchDir scratch;
  report_of(scratch, {"backtest", small_system(scratch)});
  const std::string command = "cd '" + scratch.str() + "' && HOME='" + scratch.str() +
                              "' timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir='" +
                              scratch.str() + "/browser' --window-size=1100,2200 --hide-scrollbars ";
  const std::string page = "'file://" + (scratch / "report.html") + "' >browser.log 2>&1";
  BOOST_TEST(std::system((command + "--screenshot=screen.png " + page).c_str()) == 0,
             text_of_file(scratch / "browser.log"));
  BOOST_TEST(std::system((command + "--print-to-pdf=paper.pdf " + page).c_str()) == 0,
             text_of_file(scratch / "browser.log"));
  // A blank page of this size is below ten kilobytes.
  BOOST_TEST(std::filesystem::file_size(scratch / "screen.png") > 60'000u);
  BOOST_TEST(std::filesystem::file_size(scratch / "paper.pdf") > 20'000u);
}

BOOST_AUTO_TEST_SUITE_END()
