#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <holdfast/journal/sha256.hpp>

#include "chart.hpp"
#include "output.hpp"
#include "report_data.hpp"
#include "report_style.hpp"

namespace holdfast::cli {

namespace {

constexpr std::size_t kPriceCharts = 8;
constexpr std::size_t kListedMarks = 40;

std::string style_of(std::size_t i) { return "c" + std::to_string(i % 8); }

std::string card(const std::string& value, const std::string& what, const std::string& tone = "") {
  return "<div class=\"card\"><b class=\"" + tone + "\">" + escaped(value) + "</b><span>" + escaped(what) + "</span></div>\n";
}

std::string section(const std::string& title, const std::string& small, const std::string& body) {
  return "<section><h2>" + escaped(title) + (small.empty() ? "" : "<small>" + escaped(small) + "</small>") + "</h2>\n" +
         body + "</section>\n";
}

/// A table; columns named in `numbers` are aligned to the right.
std::string html_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                       std::size_t first_number) {
  std::string out = "<div class=\"scroll\"><table><tr>";
  const auto cell = [&](const char* tag, std::size_t i, const std::string& text) {
    out += std::string{"<"} + tag + (i >= first_number ? " class=\"n\">" : ">") + escaped(text) + "</" + tag + ">";
  };
  for (std::size_t i = 0; i < head.size(); ++i) cell("th", i, head[i]);
  out += "</tr>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) cell("td", i, row[i]);
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

std::string key_line(const std::string& style, const std::string& name) {
  return "<li><svg viewBox=\"0 0 18 12\"><path class=\"line bold " + style + "\" d=\"M0 6h18\"/></svg>" + escaped(name) + "</li>";
}

/// The marks that occur, explained.
std::string mark_keys(const ReportData& data) {
  static constexpr struct {
    ReportMark::Kind kind;
    const char *style, *text;
  } kKeys[] = {{ReportMark::Kind::restart, "restart", "process restarted"},
               {ReportMark::Kind::crash, "crash", "actor failed"},
               {ReportMark::Kind::parked, "parked", "actor parked"},
               {ReportMark::Kind::latch, "latch", "latch engaged"}};
  std::string out;
  for (const auto& key : kKeys)
    if (std::ranges::any_of(data.marks, [&](const auto& m) { return m.kind == key.kind; }))
      out += std::string{"<li><svg viewBox=\"0 0 18 12\"><g class=\"mark "} + key.style +
             "\"><line x1=\"9\" x2=\"9\" y1=\"0\" y2=\"12\"/><circle cx=\"9\" cy=\"3\" r=\"3\"/></g></svg>" + key.text + "</li>";
  return out;
}

std::string legend(const std::string& keys) { return keys.empty() ? "" : "<ul class=\"legend\">" + keys + "</ul>\n"; }

Chart base_chart(const ReportData& data, const std::string& title, const std::string& unit, int height) {
  Chart chart;
  chart.title = title;
  chart.unit = unit;
  chart.from = data.from;
  chart.until = data.until;
  chart.height = height;
  chart.marks = &data.marks;
  return chart;
}

std::string equity_section(const ReportData& data, const std::string& currency) {
  Chart chart = base_chart(data, "Equity in " + currency, currency, 320);
  chart.with_zero = true;
  const auto& owners = data.equity.at(currency);
  std::string keys;
  std::size_t next = 1;
  if (owners.size() > 1)
    for (const auto& [owner, line] : owners) {
      chart.lines.push_back({owner, style_of(next), &line, false, false});
      keys += key_line(style_of(next++), owner);
    }
  chart.lines.push_back({"total", "c0", &data.total.at(currency), true, true});
  return section("Equity", "profit and loss since the beginning, open positions at mid price, " + currency,
                 draw(chart) + legend(key_line("c0", "total") + keys + mark_keys(data)));
}

ReportLine drawdown_of(const ReportLine& equity) {
  ReportLine out;
  double peak = 0;
  for (const auto& point : equity) {
    peak = std::max(peak, point.value);
    out.push_back({point.time, point.value - peak});
  }
  return out;
}

double deepest(const ReportLine& drawdown) {
  double low = 0;
  for (const auto& point : drawdown) low = std::min(low, point.value);
  return low;
}

std::string drawdown_section(const ReportData& data, const std::string& currency) {
  const ReportLine line = drawdown_of(data.total.at(currency));
  Chart chart = base_chart(data, "Drawdown in " + currency, currency, 180);
  chart.with_zero = true;
  chart.lines.push_back({"drawdown", "loss", &line, true, false});
  return section("Drawdown", "below the highest equity so far, at most " + amount(deepest(line)) + " " + currency, draw(chart));
}

std::string price_sections(const ReportData& data) {
  std::string out;
  std::size_t drawn = 0;
  for (const auto& [symbol, line] : data.prices) {
    if (++drawn > kPriceCharts) break;
    Chart chart = base_chart(data, "Price of " + symbol, "price", 300);
    chart.lines.push_back({symbol, "price", &line, false, false});
    const auto fills = data.fills.find(symbol);
    const std::uint64_t count = fills == data.fills.end() ? 0 : data.fill_counts.at(symbol);
    std::string small = grouped(count) + " fills";
    if (count > 0) {
      chart.fills = &fills->second;
      if (fills->second.size() < count) small += ", " + grouped(fills->second.size()) + " of them drawn";
    }
    const std::string triangles =
        count == 0 ? ""
                   : "<li><svg viewBox=\"0 0 18 12\"><path class=\"buy\" d=\"M9 2l5 8h-10Z\"/></svg>bought</li>"
                     "<li><svg viewBox=\"0 0 18 12\"><path class=\"sell\" d=\"M9 10l5 -8h-10Z\"/></svg>sold</li>";
    out += section(symbol, small, draw(chart) + legend(key_line("price", "price") + triangles + mark_keys(data)));
  }
  if (data.prices.size() > kPriceCharts)
    out += section("More instruments", "", "<p>" + std::to_string(data.prices.size() - kPriceCharts) +
                                               " more instruments are not drawn.</p>\n");
  return out;
}

std::string strategies_section(const ReportData& data) {
  std::vector<std::vector<std::string>> rows;
  const auto count = [](const auto& counts, const std::string& owner) {
    const auto found = counts.find(owner);
    return grouped(found == counts.end() ? 0 : found->second);
  };
  for (const auto& p : data.status.summary.positions)
    rows.push_back({p.owner, p.instrument, p.currency, count(data.orders, p.owner), count(data.denied, p.owner),
                    grouped(p.fills), p.position.str(), p.realized.str(), p.fees.str(), (p.realized - p.fees).str()});
  if (rows.empty()) return section("Strategies", "", "<p>Nothing was traded.</p>\n");
  return section("Strategies", "orders and denials of a strategy over all its instruments",
                 html_table({"strategy", "instrument", "currency", "orders", "denied", "fills", "position", "realised",
                             "fees", "realised less fees"},
                            rows, 3));
}

std::string events_section(const ReportData& data) {
  if (data.marks.empty()) return "";
  std::string rows;
  std::size_t listed = 0;
  for (const auto& mark : data.marks) {
    if (++listed > kListedMarks) break;
    rows += "<tr><td>" + escaped(Time{static_cast<std::int64_t>(mark.time * 1e3) * 1'000'000}.str().substr(0, 23)) +
            "</td><td class=\"wrap\">" + escaped(mark.what) + "</td></tr>\n";
  }
  const std::string small = data.marks.size() > kListedMarks ? "the first " + std::to_string(kListedMarks) + " of " + grouped(data.marks.size()) : "";
  return section("What happened to the system", small, "<table><tr><th>time (UTC)</th><th>event</th></tr>\n" + rows + "</table>\n");
}

std::string latches_section(const ReportData& data) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& l : data.status.latches)
    rows.push_back({std::string{to_string(l.level)}, std::string{to_string(l.scope)}, l.target, l.who, l.why, l.since.str().substr(0, 19)});
  if (rows.empty()) return "";
  return section("Latches engaged at the end", "", html_table({"level", "scope", "target", "by", "reason", "since"}, rows, 9));
}

std::string journal_section(const ReportData& data) {
  const auto& s = data.status;
  return section("Journal", "",
                 "<table><tr><td>events</td><td>" + grouped(s.head_seq) + "</td></tr><tr><td>runs</td><td>" +
                     grouped(s.epoch) + "</td></tr><tr><td>hash of the chain at its head</td><td class=\"wrap\"><code>" +
                     hex(data.head_hash) + "</code></td></tr></table>\n");
}

std::string headline(const ReportData& data) {
  const auto& c = data.status.summary.counts;
  std::string out = "<div class=\"cards\">\n";
  for (const auto& [currency, line] : data.total) {
    if (line.empty()) continue;
    const double end = line.back().value;
    out += card(amount(end) + " " + currency, "equity at the end", end < 0 ? "bad" : "good");
    out += card(amount(deepest(drawdown_of(line))) + " " + currency, "deepest drawdown");
  }
  out += card(grouped(c.ticks), "ticks") + card(grouped(c.orders), "orders") + card(grouped(c.fills), "fills") +
         card(grouped(c.denied), "denied by risk") + card(grouped(data.restarts), "restarts of the process") +
         card(grouped(data.crashes), "failures of actors", data.crashes > 0 ? "bad" : "");
  return out + "</div>\n";
}

std::string footer(const ReportData& data) {
  std::string out = "<footer><p>Equity is cash from fills, fees included, plus open positions at the middle of bid and ask; an "
                    "instrument without quotes is valued at its last trade or fill. It begins at zero.</p>"
                    "<p>Realised profit is at average cost. Times are the journal's, in UTC. Lines have about 1,200 points; "
                    "peaks between them are not drawn. Amounts in tables are exact.</p>";
  if (data.status.summary.counts.bad_ticks > 0)
    out += "<p>" + grouped(data.status.summary.counts.bad_ticks) + " bad ticks were counted and left out.</p>";
  return out + "</footer>\n";
}

std::string page(const ReportData& data) {
  const std::string name = escaped(data.status.name);
  const auto at = [](double time) { return Time{static_cast<std::int64_t>(time) * 1'000'000'000}.str().substr(0, 19); };
  std::string out = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" +
                    name + ": report</title><style>" + kReportStyle + "</style></head><body><main>\n<header><h1>" + name +
                    "</h1><p>" + at(data.from) + " to " + at(data.until) + " UTC</p></header>\n";
  out += headline(data);
  for (const auto& [currency, line] : data.total)
    if (!line.empty()) out += equity_section(data, currency) + drawdown_section(data, currency);
  out += price_sections(data) + strategies_section(data) + events_section(data) + latches_section(data) + journal_section(data);
  return out + footer(data) + "</main></body></html>\n";
}

}  // namespace

void write_report(const std::string& data_dir, const std::string& file) {
  const std::string text = page(read_report(data_dir));
  const std::string temporary = file + ".new";
  std::ofstream out{temporary, std::ios::binary | std::ios::trunc};
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(temporary, file, error);
  if (!out || error) throw std::runtime_error{"cannot write the report " + file + ": check that its folder exists"};
}

}  // namespace holdfast::cli
