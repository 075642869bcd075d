#include "chart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace holdfast::cli {

namespace {

constexpr double kWidth = 1000, kLeft = 78, kRight = 14, kTop = 14, kBottom = 34;

template <class... A>
std::string format(const char* text, A... values) {
  char buffer[512];
  std::snprintf(buffer, sizeof buffer, text, values...);
  return buffer;
}

/// The value axis: from, to and the distance of its labels, all round numbers.
struct Axis {
  double low = 0, high = 1, step = 1;
};

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
    for (const auto& point : *line.points) take(point.value);
  if (chart.fills != nullptr)
    for (const auto& fill : *chart.fills) take(fill.price);
  if (chart.with_zero) take(0);
  if (low > high) return {};
  if (high - low < 1e-9) high = low + std::max(std::abs(low) * 0.001, 1e-6);
  Axis axis;
  axis.step = round_step(high - low, 5);
  axis.low = std::floor(low / axis.step) * axis.step;
  axis.high = std::ceil(high / axis.step) * axis.step;
  return axis;
}

/// Seconds between time labels, from a hundredth of a second to a month.
double time_step(double span) {
  for (const double step : {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1., 2., 5., 10., 15., 30., 60., 120., 300., 600., 900.,
                            1800., 3600., 7200., 10800., 21600., 43200., 86400., 172800., 604800., 2592000.})
    if (span / step <= 9) return step;
  return round_step(span, 8);
}

std::string time_label(double time, double step) {
  const auto whole = static_cast<std::time_t>(std::floor(time + 1e-6));
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  char text[40];
  std::strftime(text, sizeof text, step >= 86400 ? "%d %b %Y" : step >= 60 ? "%H:%M" : "%H:%M:%S", &parts);
  if (step >= 1) return text;
  return text + format("%.2f", time - static_cast<double>(whole)).substr(1);
}

struct Frame {
  const Chart& chart;
  Axis axis;
  double x(double time) const {
    const double span = std::max(chart.until - chart.from, 1e-9);
    return kLeft + (time - chart.from) / span * (kWidth - kLeft - kRight);
  }
  double y(double value) const {
    return kTop + (axis.high - value) / (axis.high - axis.low) * (chart.height - kTop - kBottom);
  }
  double bottom() const { return chart.height - kBottom; }
};

std::string grid(const Frame& f) {
  std::string out;
  const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(f.axis.step) + 0.3)), 0, 8);
  const int lines = static_cast<int>(std::lround((f.axis.high - f.axis.low) / f.axis.step));
  for (int i = 0; i <= lines; ++i) {
    const double value = f.axis.low + i * f.axis.step;
    const bool zero = std::abs(value) < f.axis.step / 1000;
    out += format("<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", zero ? "zero" : "grid", kLeft,
                  kWidth - kRight, f.y(value), f.y(value));
    out += format("<text class=\"tick end\" x=\"%.1f\" y=\"%.1f\">%s</text>", kLeft - 8, f.y(value) + 4,
                  decimal(zero ? 0 : value, decimals).c_str());
  }
  const double step = time_step(f.chart.until - f.chart.from);
  for (double t = std::ceil(f.chart.from / step) * step; t <= f.chart.until + 1e-9; t += step) {
    const double x = std::clamp(f.x(t), kLeft + 24, kWidth - kRight - 24);
    out += format("<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", f.x(t), f.x(t), f.bottom(),
                  f.bottom() + 4);
    out += format("<text class=\"tick mid\" x=\"%.1f\" y=\"%.1f\">%s</text>", x, f.bottom() + 18, time_label(t, step).c_str());
  }
  out += format("<text class=\"tick end unit\" x=\"%.1f\" y=\"%.1f\">%s</text>", kLeft - 8, f.bottom() + 18,
                escaped(f.chart.unit).c_str());
  return out;
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
  return out + "<path class=\"line " + line.style + (line.bold ? " bold" : "") + "\" d=\"" + points + "\"><title>" +
         escaped(line.name) + "</title></path>";
}

/// Buys point up below the price, sells point down above it.
std::string fill_marks(const Frame& f) {
  std::string out;
  for (const auto& fill : *f.chart.fills) {
    const double x = f.x(fill.time), y = f.y(fill.price), d = fill.buy ? 7 : -7;
    out += format("<path class=\"%s\" d=\"M%.1f %.1fl4 %.0fh-8Z\"><title>", fill.buy ? "buy" : "sell", x, y, d);
    out += escaped(fill.owner + (fill.buy ? " bought " : " sold ") + fill.quantity + " at " + amount(fill.price)) +
           "</title></path>";
  }
  return out;
}

std::string vertical_marks(const Frame& f) {
  static constexpr const char* kClasses[] = {"restart", "crash", "parked", "latch"};
  std::string out;
  for (const auto& mark : *f.chart.marks) {
    const char* name = kClasses[static_cast<int>(mark.kind)];
    out += format("<g class=\"mark %s\"><line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", name, f.x(mark.time),
                  f.x(mark.time), kTop, f.bottom());
    out += format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/><title>", f.x(mark.time), kTop) + escaped(mark.what) +
           "</title></g>";
  }
  return out;
}

}  // namespace

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
  std::string out = format("<svg viewBox=\"0 0 %.0f %d\" role=\"img\" aria-label=\"", kWidth, chart.height) +
                    escaped(chart.title) + "\">" + grid(frame);
  if (chart.marks != nullptr) out += vertical_marks(frame);
  for (const auto& line : chart.lines) out += path(frame, line);
  if (chart.fills != nullptr) out += fill_marks(frame);
  return out + "</svg>\n";
}

}  // namespace holdfast::cli
