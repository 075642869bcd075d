#include "chart.hpp"

#include <cmath>
#include <ctime>

#include "chart_frame.hpp"

namespace holdfast::cli {

namespace {

double round_step(double span, int parts) {
  const double raw = span / parts;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0})
    if (raw <= factor * power) return factor * power;
  return 10 * power;
}

Axis value_axis(const Chart& chart) {
  double low = 1e300, high = -1e300;
  const auto take = [&](double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (const auto& line : chart.lines)
    for (const auto& point : *line.points) {
      take(line.banded ? point.low : point.value);
      take(line.banded ? point.high : point.value);
    }
  if (chart.fills != nullptr)
    for (const auto& fill : *chart.fills) take(fill.price);
  if (chart.with_zero) take(0);
  if (low > high) return {};
  if (high - low < 1e-9) high = low + std::max(std::abs(low) * 0.001, 1e-6);
  Axis axis;
  axis.step = round_step(high - low, 5);
  // Room for the triangles above and below the line.
  const double room = chart.fills != nullptr ? (high - low) * 0.1 : 0;
  axis.low = std::floor((low - room) / axis.step) * axis.step;
  axis.high = std::ceil((high + room) / axis.step) * axis.step;
  return axis;
}

/// Seconds between time labels, from a hundredth of a second to a month.
double time_step(double span) {
  for (const double step : {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1., 2., 5., 10., 15., 30., 60., 120., 300., 600., 900.,
                            1800., 3600., 7200., 10800., 21600., 43200., 86400., 172800., 604800., 2592000.})
    if (span / step <= 9) return step;
  return round_step(span, 8);
}

std::string clock_text(double time, const char* pattern) {
  const auto whole = static_cast<std::time_t>(std::floor(time + 1e-6));
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  char text[40];
  std::strftime(text, sizeof text, pattern, &parts);
  return text;
}

std::string time_label(double time, double step) {
  if (step >= 86400) return clock_text(time, "%-d %b %Y");
  const std::string text = clock_text(time, step >= 60 ? "%H:%M" : "%H:%M:%S");
  return step >= 1 ? text : text + format("%.2f", time - std::floor(time + 1e-6)).substr(1);
}

/// As many as multiples of `step` need: 2.5 needs one.
int decimals_of(double step) {
  int decimals = 0;
  for (double scaled = step; decimals < 8 && std::abs(scaled - std::round(scaled)) > scaled * 1e-6; scaled *= 10) ++decimals;
  return decimals;
}

std::string value_grid(const Frame& f) {
  std::string out;
  const int decimals = decimals_of(f.axis.step);
  const int lines = static_cast<int>(std::lround((f.axis.high - f.axis.low) / f.axis.step));
  for (int i = 0; i <= lines; ++i) {
    const double value = f.axis.low + i * f.axis.step;
    const bool zero = std::abs(value) < f.axis.step / 1000;
    out += format("<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", zero ? "zero" : "grid", kLeft,
                  kWidth - kRight, f.y(value), f.y(value));
    out += format("<text class=\"tick end\" x=\"%.1f\" y=\"%.1f\">%s</text>", kLeft - 8, f.y(value) + 4,
                  decimal(zero ? 0 : value, decimals).c_str());
  }
  return out;
}

std::string time_grid(const Frame& f) {
  std::string out, day;
  const double step = time_step(f.chart.until - f.chart.from);
  for (double t = std::ceil(f.chart.from / step) * step; t <= f.chart.until + 1e-9; t += step) {
    const double x = std::clamp(f.x(t), kLeft + 24, kWidth - kRight - 24);
    out += format("<line class=\"zero\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", f.x(t), f.x(t), f.bottom(),
                  f.bottom() + 5);
    out += format("<text class=\"tick mid\" x=\"%.1f\" y=\"%.1f\">%s</text>", x, f.bottom() + 18, time_label(t, step).c_str());
    const std::string today = clock_text(t, "%-d %b");
    if (step < 86400 && today != day)
      out += format("<text class=\"tick mid day\" x=\"%.1f\" y=\"%.1f\">%s</text>", x, f.bottom() + 33, today.c_str());
    day = today;
  }
  return out + format("<text class=\"tick end unit\" x=\"%.1f\" y=\"%.1f\">%s</text>", kLeft - 8, f.bottom() + 18,
                      escaped(f.chart.unit).c_str());
}

/// The shade between the lowest and the highest of each point, where that can be seen at all.
std::string band(const Frame& f, const ChartLine& line) {
  const auto& points = *line.points;
  const auto seen = [&](const ReportPoint& p) { return f.y(p.low) - f.y(p.high) > 1; };
  if (!line.banded || std::ranges::none_of(points, seen)) return "";
  std::string out = "<path class=\"band " + line.style + "\" d=\"";
  for (std::size_t i = 0; i < points.size(); ++i)
    out += format("%s%.1f %.1f", i == 0 ? "M" : "L", f.x(points[i].time), f.y(points[i].high));
  for (std::size_t i = points.size(); i-- > 0;) out += format("L%.1f %.1f", f.x(points[i].time), f.y(points[i].low));
  return out + "Z\"/>";
}

std::string path(const Frame& f, const ChartLine& line) {
  std::string points;
  for (const auto& p : *line.points) points += format("%s%.1f %.1f", points.empty() ? "M" : "L", f.x(p.time), f.y(p.value));
  if (points.empty()) return "";
  std::string out;
  if (line.filled)
    out += "<path class=\"area " + line.style + "\" d=\"" + points +
           format("L%.1f %.1fL%.1f %.1fZ", f.x(line.points->back().time), f.y(0), f.x(line.points->front().time), f.y(0)) +
           "\"/>";
  return out + band(f, line) + "<path class=\"line " + line.style + (line.bold ? " bold" : "") + "\" d=\"" + points +
         "\"><title>" + escaped(line.name) + "</title></path>";
}

/// What a chart shows, for those who do not see it.
std::string description(const Chart& chart) {
  std::string out;
  for (const auto& line : chart.lines) {
    if (line.points->empty()) continue;
    const auto& points = *line.points;
    const auto [low, high] = std::ranges::minmax(points, {}, &ReportPoint::value);
    out += line.name + " goes from " + amount(points.front().value) + " to " + amount(points.back().value) +
           ", between " + amount(low.value) + " and " + amount(high.value) + ". ";
  }
  if (chart.marks != nullptr && !chart.marks->empty())
    out += decimal(static_cast<double>(chart.marks->size()), 0) + " events of the system are marked.";
  return out;
}

}  // namespace

std::string open_svg(const std::string& id, int height, const std::string& title, const std::string& description) {
  return format("<svg viewBox=\"0 0 %.0f %d\" role=\"img\" aria-labelledby=\"%s-t %s-d\">", kWidth, height, id.c_str(),
                id.c_str()) +
         "<title id=\"" + id + "-t\">" + escaped(title) + "</title><desc id=\"" + id + "-d\">" + escaped(description) + "</desc>";
}

std::string moment(double time, double span) {
  const std::string day = clock_text(time, span >= 86400 ? "%-d %b %H:%M" : span >= 600 ? "%H:%M:%S" : "%H:%M:%S");
  return span >= 600 ? day : day + format("%.3f", time - std::floor(time + 1e-6)).substr(1);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else if (c == '\'') out += "&#39;";
    else out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

std::string decimal(double value, int decimals) {
  std::string text = format("%.*f", decimals, value);
  const std::ptrdiff_t start = text[0] == '-' ? 1 : 0;
  const auto whole = static_cast<std::ptrdiff_t>(std::min(text.find('.'), text.size()));
  for (std::ptrdiff_t at = whole - 3; at > start; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string amount(double value) {
  const double size = std::abs(value);
  if (size < 1e-8) return "0";
  if (size >= 1) return decimal(value, size == std::floor(size) ? 0 : 2);
  std::string text = decimal(value, std::min(2 - static_cast<int>(std::floor(std::log10(size))), 8));
  return text.substr(0, text.find_last_not_of('0') + 1);
}

std::string draw(const Chart& chart) {
  const Frame frame{chart, value_axis(chart)};
  std::string out = open_svg(chart.id, chart.height, chart.title, description(chart));
  if (chart.spans != nullptr) out += shaded_spans(frame);
  out += value_grid(frame) + time_grid(frame);
  for (const auto& line : chart.lines) out += path(frame, line);
  if (chart.fills != nullptr) out += fill_marks(frame);
  if (chart.marks != nullptr) out += vertical_marks(frame);
  return out + "</svg>\n";
}

}  // namespace holdfast::cli
