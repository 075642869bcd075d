#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <holdfast/journal/sha256.hpp>
#include <stdexcept>

#include "chart.hpp"
#include "html.hpp"
#include "output.hpp"
#include "report_data.hpp"
#include "report_style.hpp"

namespace holdfast::cli {

namespace {

constexpr std::size_t kPriceCharts = 8;
constexpr std::size_t kListedMarks = 40;
constexpr std::size_t kOwnLines = 8;  ///< As many strategies are told apart in one chart.

using Cells = std::vector<std::string>;

/// Builds the page from top to bottom.
class Page {
 public:
  Page(const ReportData& data, ReportClock clock) : data_{data}, clock_{clock} {}

  std::string text() {
    const std::string name = escaped(data_.status.name);
    std::string out =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" +
        name + ": report</title><style>" + kReportStyle + "</style></head><body><main>\n<header><h1>" + name +
        "</h1><p>" + period() + "</p></header>\n";
    out += headline();
    if (data_.from == 0)
      out += section("Nothing happened", "",
                     paragraph("The journal holds no tick and no order; there is nothing to draw."));
    for (const auto& [currency, line] : data_.total)
      if (!line.empty()) out += equity(currency) + drawdown(currency);
    out += prices() + strategies() + latency() + happenings() + latches() + journal();
    return out + footer() + "</main></body></html>\n";
  }

 private:
  std::string period() const {
    const auto at = [](double time) {
      return Time{static_cast<std::int64_t>(time) * 1'000'000'000}.str().substr(0, 19);
    };
    const char* whose = clock_ == ReportClock::simulated ? "backtest, "
                        : clock_ == ReportClock::feed    ? "the data's time, "
                                                         : "";
    return data_.from == 0 ? "no data yet" : whose + at(data_.from) + " to " + at(data_.until) + " UTC";
  }

  std::string headline() const {
    const auto& c = data_.status.summary.counts;
    std::string out = "<div class=\"cards\">\n";
    for (const auto& [currency, line] : data_.total) {
      if (line.empty()) continue;
      const double end = line.back().value;
      out += card(amount(end) + " " + currency, "equity at the end", end < 0 ? "bad" : "good");
      out += card(amount(deepest(currency)) + " " + currency, "deepest drawdown");
    }
    out += card(grouped(c.ticks), "ticks") + card(grouped(c.orders), "orders") + card(grouped(c.fills), "fills") +
           card(grouped(c.denied), "denied by risk") + card(grouped(data_.restarts), "restarts of the process") +
           card(grouped(data_.crashes), "failures of actors", data_.crashes > 0 ? "bad" : "");
    return out + "</div>\n";
  }

  double deepest(const std::string& currency) const {
    double low = 0;
    for (const auto& point : data_.drawdown.at(currency)) low = std::min(low, point.low);
    return low;
  }

  Chart base_chart(const std::string& title, const std::string& unit, int height) {
    Chart chart;
    chart.id = "chart" + std::to_string(++charts_);
    chart.title = title;
    chart.unit = unit;
    chart.from = data_.from;
    chart.until = data_.until;
    chart.height = height;
    chart.marks = &data_.marks;
    chart.spans = &data_.spans;
    return chart;
  }

  /// The marks that occur, explained.
  std::string mark_keys() const {
    using Kind = ReportMark::Kind;
    static constexpr struct {
      Kind kind;
      const char *style, *letter, *text;
    } kKeys[] = {{Kind::restart, "restart", "R", "process restarted"},
                 {Kind::crash, "crash", "F", "actor failed"},
                 {Kind::parked, "parked", "P", "actor parked"},
                 {Kind::latch, "latch", "L", "latch engaged"},
                 {Kind::release, "release", "U", "latch released"}};
    std::string out;
    for (const auto& k : kKeys)
      if (std::ranges::any_of(data_.marks, [&](const auto& m) { return m.kind == k.kind; }))
        out += key(std::string{"<g class=\"mark "} + k.style +
                       "\"><circle cx=\"9\" cy=\"6\" r=\"6\"/><text x=\"9\" y=\"9.4\">" + k.letter + "</text></g>",
                   k.text);
    if (!data_.spans.empty())
      out += key("<rect class=\"span\" width=\"18\" height=\"12\"/>", "while a latch was engaged");
    return out;
  }

  std::string equity(const std::string& currency) {
    Chart chart = base_chart("Equity in " + currency, currency, 320);
    chart.with_zero = true;
    std::string keys = line_key("c0", "total"), more;
    const auto& owners = data_.equity.at(currency);
    if (owners.size() > 1)
      for (const auto& [owner, line] : owners) {
        if (chart.lines.size() == kOwnLines - 1) break;
        const std::string style = "c" + std::to_string(chart.lines.size() + 1);
        chart.lines.push_back({owner, style, &line, false, false, false});
        keys += line_key(style, owner);
      }
    if (owners.size() >= kOwnLines)
      more = ", the first " + std::to_string(kOwnLines - 1) + " of " + grouped(owners.size()) + " owners";
    chart.lines.push_back({"total", "c0", &data_.total.at(currency), true, true, true});
    return section("Equity", "profit and loss in " + currency + ", open positions at mid price" + more,
                   draw(chart) + legend(keys + mark_keys()));
  }

  std::string drawdown(const std::string& currency) {
    Chart chart = base_chart("Drawdown in " + currency, currency, 190);
    chart.with_zero = true;
    chart.lines.push_back({"drawdown", "loss", &data_.drawdown.at(currency), true, false, true});
    return section("Drawdown", "below the highest equity so far, at most " + amount(deepest(currency)) + " " + currency,
                   draw(chart));
  }

  /// Charts of the instruments traded most.
  std::string prices() {
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const auto& [symbol, line] : data_.prices) {
      const auto fills = data_.fills.find(symbol);
      order.emplace_back(fills == data_.fills.end() ? 0 : fills->second.size(), symbol);
    }
    std::ranges::stable_sort(order, std::ranges::greater{}, &std::pair<std::size_t, std::string>::first);
    std::string out;
    for (std::size_t i = 0; i < std::min(order.size(), kPriceCharts); ++i)
      out += price(order[i].second, order[i].first);
    if (order.size() > kPriceCharts)
      out += section("More instruments", "",
                     paragraph(grouped(order.size() - kPriceCharts) + " instruments with fewer fills are not drawn."));
    return out;
  }

  std::string price(const std::string& symbol, std::size_t fills) {
    Chart chart = base_chart("Price of " + symbol, "price", 320);
    chart.lines.push_back({symbol, "price", &data_.prices.at(symbol), false, false, true});
    std::string keys = line_key("price", "price");
    if (fills > 0) {
      chart.fills = &data_.fills.at(symbol);
      keys += key("<g class=\"buy\"><path d=\"M9 1l6 9h-12Z\"/></g>", "bought") +
              key("<g class=\"sell\"><path d=\"M9 11l6 -9h-12Z\"/></g>", "sold; a number counts fills close together");
    }
    return section(symbol, grouped(fills) + " fills", draw(chart) + legend(keys + mark_keys()));
  }

  std::string strategies() const {
    std::vector<Cells> rows;
    const auto count = [](const auto& counts, const std::string& owner) {
      const auto found = counts.find(owner);
      return grouped(found == counts.end() ? 0 : found->second);
    };
    for (const auto& p : data_.status.summary.positions)
      rows.push_back({p.owner, p.instrument, p.currency, count(data_.orders, p.owner), count(data_.denied, p.owner),
                      count(data_.rejected, p.owner), grouped(p.fills), p.position.str(), p.realized.str(),
                      p.fees.str(), (p.realized - p.fees).str()});
    if (rows.empty()) return section("Strategies", "", paragraph("Nothing was traded."));
    return section("Strategies", "orders, denied and rejected count all instruments of a strategy",
                   html_table({"strategy", "instrument", "currency", "orders", "denied", "rejected", "fills",
                               "position", "realised", "fees", "realised less fees"},
                              rows, 3));
  }

  std::string latency() {
    const auto& l = data_.latencies;
    if (l.tick_to_sent.empty()) return "";
    const std::string title = "How long an order took", count = grouped(l.tick_to_sent.size()) + " orders sent";
    if (clock_ == ReportClock::simulated && l.tick_to_sent.back() <= 0)
      return section(
          title, count,
          paragraph("No time at all: a backtest runs in virtual time, in which whoever hears an event answers at the "
                    "same instant. How fast the system is can only be measured in a live run."));
    Histogram h;
    h.id = "chart" + std::to_string(++charts_);
    h.title = "Latency of orders";
    h.rows = {{"tick to order sent", "c0", &l.tick_to_sent}, {"approval to order sent", "c1", &l.approval_to_sent}};
    std::vector<Cells> rows;
    for (const auto& row : h.rows) {
      Cells cells{row.name};
      for (const double share : {0.5, 0.9, 0.99, 1.0}) cells.push_back(short_time(quantile(*row.seconds, share)));
      rows.push_back(cells);
    }
    return section(title, count + ", logarithmic axis",
                   draw(h) + paragraph(what_time_means(), "note") +
                       html_table({"from, to", "p50", "p90", "p99", "longest"}, rows, 1));
  }

  std::string what_time_means() const {
    if (clock_ == ReportClock::wall)
      return "Real time, from the journal: when the tick an order answers was recorded, when the order was approved, "
             "when it left. "
             "It leaves only once its approval is on disk.";
    if (clock_ == ReportClock::feed)
      return "Measured in the data's time, which runs as fast as the data was played: this is how far the market had "
             "moved on, "
             "and only at --speed 1 a real delay.";
    return "Measured in virtual time: an order takes as long as timers and retries make it, and never as long as a "
           "machine would need.";
  }

  std::string happenings() const {
    if (data_.marks.empty()) return "";
    std::vector<Cells> rows;
    for (const auto& mark : data_.marks) {
      if (rows.size() == kListedMarks) break;
      rows.push_back(
          {Time{static_cast<std::int64_t>(std::llround(mark.time * 1e3)) * 1'000'000}.str().substr(0, 23), mark.what});
    }
    return section("What happened to the system",
                   data_.marks.size() > kListedMarks
                       ? "the first " + std::to_string(kListedMarks) + " of " + grouped(data_.marks.size())
                       : "",
                   html_table({"time (UTC)", "event"}, rows, 9, 1));
  }

  std::string latches() const {
    std::vector<Cells> rows;
    for (const auto& l : data_.status.latches)
      rows.push_back({std::string{to_string(l.level)}, std::string{to_string(l.scope)}, l.target, l.who, l.why,
                      l.since.str().substr(0, 19)});
    return rows.empty() ? ""
                        : section("Latches engaged at the end", "",
                                  html_table({"level", "scope", "target", "by", "reason", "since"}, rows, 9, 4));
  }

  std::string journal() const {
    const auto& s = data_.status;
    return section("Journal", "",
                   html_table({"fact", "value"},
                              {{"events", grouped(s.head_seq)},
                               {"runs", grouped(s.epoch)},
                               {"hash of the chain at its head", hex(data_.head_hash)}},
                              9, 1));
  }

  std::string footer() const {
    std::string out =
        "<footer>" +
        paragraph(
            "Equity is cash from fills, fees included, plus open positions at the middle of bid and ask; an instrument "
            "without quotes is valued at its last trade or fill. It begins at zero.") +
        paragraph(
            "Realised profit is at average cost. Times are the journal's, in UTC. Amounts in tables are exact. A shade "
            "around "
            "a line reaches from the lowest to the highest value" +
            std::string{
                data_.sampled
                    ? " that was looked at: this journal is too long to look at every tick, and peaks may be missed."
                    : "."});
    if (data_.status.summary.counts.bad_ticks > 0)
      out += paragraph(grouped(data_.status.summary.counts.bad_ticks) + " bad ticks were counted and left out.");
    return out + "</footer>\n";
  }

  const ReportData& data_;
  const ReportClock clock_;
  int charts_ = 0;
};

}  // namespace

void write_report(const std::string& data_dir, ReportClock clock, const std::string& file) {
  const ReportData data = read_report(data_dir);
  const std::string text = Page{data, clock}.text();
  const std::string temporary = file + ".new";
  std::ofstream out{temporary, std::ios::binary | std::ios::trunc};
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(temporary, file, error);
  if (!out || error) throw std::runtime_error{"cannot write the report " + file + ": check that its folder exists"};
}

}  // namespace holdfast::cli
