// What is put on a chart beside its lines: fills, marks and shaded spans.
#include <cmath>

#include "chart_frame.hpp"

namespace holdfast::cli {

namespace {

/// Fills nearer together than this are one triangle with a number.
constexpr double kColumn = 24;
/// Marks of one kind nearer together than this are one.
constexpr double kMarkGap = 14;

struct Column {
  std::uint64_t count = 0;
  double x = 0, quantity = 0, notional = 0, first = 0, last = 0;
};

std::size_t column_of(const Frame& f, double time) { return static_cast<std::size_t>((f.x(time) - kLeft) / kColumn); }

/// How far the price reaches on the canvas within each column, so that nothing is put upon it.
struct Reach {
  std::vector<double> top, bottom;
  explicit Reach(const Frame& f)
      : top(column_of(f, f.chart.until) + 1, 1e9), bottom(column_of(f, f.chart.until) + 1, -1e9) {
    for (const auto& line : f.chart.lines)
      for (const auto& p : *line.points) take(column_of(f, p.time), f.y(p.high), f.y(p.low));
    for (const auto& fill : *f.chart.fills) take(column_of(f, fill.time), f.y(fill.price), f.y(fill.price));
  }
  void take(std::size_t at, double high, double low) {
    top[at] = std::min(top[at], high);
    bottom[at] = std::max(bottom[at], low);
  }
};

std::string short_count(std::uint64_t count) {
  return count < 10'000 ? std::to_string(count) : std::to_string(count / 1000) + "k";
}

/// A triangle that points at the line: up and full for buys, down and hollow for sells.
std::string triangle(const Frame& f, const Column& c, double edge, bool buy) {
  const double size = std::min(5 + std::log10(static_cast<double>(c.count)) * 1.5, 9.0), way = buy ? 1 : -1;
  const double tip = edge + way * 4;
  std::string out = format("<g class=\"%s\"><path d=\"M%.1f %.1fl%.1f %.1fh%.1fZ\"/>", buy ? "buy" : "sell", c.x, tip,
                           size, way * size * 1.4, -2 * size);
  if (c.count > 1)
    out += format("<text class=\"count\" x=\"%.1f\" y=\"%.1f\">%s</text>", c.x,
                  tip + way * size * 1.4 + (buy ? 11 : -4), short_count(c.count).c_str());
  const double span = f.chart.until - f.chart.from;
  const std::string when = moment(c.first, span) + (c.count > 1 ? " to " + moment(c.last, span) : "");
  return out + "<title>" +
         escaped(when + ": " + (c.count > 1 ? decimal(static_cast<double>(c.count), 0) + " fills, " : "") +
                 (buy ? "bought " : "sold ") + amount(c.quantity) + " at " + amount(c.notional / c.quantity)) +
         "</title></g>";
}

char letter(ReportMark::Kind kind) {
  switch (kind) {
    case ReportMark::Kind::restart: return 'R';
    case ReportMark::Kind::crash: return 'F';
    case ReportMark::Kind::parked: return 'P';
    case ReportMark::Kind::latch: return 'L';
    case ReportMark::Kind::release: return 'U';
  }
  return '?';
}

}  // namespace

std::string fill_marks(const Frame& f) {
  const Reach reach{f};
  std::vector<Column> columns[2];
  for (auto& side : columns) side.resize(reach.top.size());
  for (const auto& fill : *f.chart.fills) {
    Column& c = columns[fill.buy ? 1 : 0][column_of(f, fill.time)];
    if (c.count == 0) c.first = fill.time;
    c.last = fill.time;
    c.x += f.x(fill.time);
    c.quantity += fill.quantity;
    c.notional += fill.quantity * fill.price;
    ++c.count;
  }
  std::string out;
  for (const bool buy : {false, true})
    for (std::size_t i = 0; i < reach.top.size(); ++i) {
      Column& c = columns[buy ? 1 : 0][i];
      if (c.count == 0) continue;
      c.x /= static_cast<double>(c.count);
      out += triangle(f, c, buy ? reach.bottom[i] : reach.top[i], buy);
    }
  return out;
}

std::string vertical_marks(const Frame& f) {
  static constexpr const char* kClasses[] = {"restart", "crash", "parked", "latch", "release"};
  std::string out;
  for (int kind = 0; kind < static_cast<int>(std::size(kClasses)); ++kind) {
    std::vector<const ReportMark*> of_kind;
    for (const auto& mark : *f.chart.marks)
      if (static_cast<int>(mark.kind) == kind) of_kind.push_back(&mark);
    for (std::size_t i = 0; i < of_kind.size();) {
      const ReportMark& first = *of_kind[i];
      const double x = f.x(first.time);
      std::size_t count = 0;
      for (; i < of_kind.size() && f.x(of_kind[i]->time) - x < kMarkGap; ++i) ++count;
      out += format("<g class=\"mark %s\"><line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", kClasses[kind], x,
                    x, kTop, f.bottom());
      out += format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"8\"/><text x=\"%.1f\" y=\"%.1f\">%c</text>", x, kTop - 8, x,
                    kTop - 4, letter(first.kind));
      out += "<title>" +
             escaped(moment(first.time, f.chart.until - f.chart.from) + ": " + first.what +
                     (count > 1 ? " … and " + std::to_string(count - 1) + " more" : "")) +
             "</title></g>";
    }
  }
  return out;
}

std::string shaded_spans(const Frame& f) {
  std::string out;
  for (const auto& span : *f.chart.spans)
    out += format("<rect class=\"span\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>", f.x(span.from),
                  kTop, std::max(f.x(span.until) - f.x(span.from), 1.0), f.bottom() - kTop) +
           escaped(span.what) + "</title></rect>";
  return out;
}

}  // namespace holdfast::cli
