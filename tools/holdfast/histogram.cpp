// How long orders took, on a logarithmic axis.
#include <cmath>
#include <map>

#include "chart_frame.hpp"

namespace holdfast::cli {

namespace {

constexpr int kPerDecade = 8;
constexpr double kRowHeight = 170, kBars = 96;

/// Bars of equal width on a logarithmic axis, and one in front of them for no time at all.
struct LogAxis {
  int first = 0, last = 0;  ///< Bins with a number.
  bool zeros = false;

  static int bin(double seconds) { return static_cast<int>(std::floor(std::log10(seconds) * kPerDecade + 1e-9)); }
  explicit LogAxis(const Histogram& h) {
    double low = 1e300, high = 0;
    for (const auto& row : h.rows) {
      const auto positive = std::ranges::upper_bound(*row.seconds, 0.0);
      zeros = zeros || positive != row.seconds->begin();
      if (positive == row.seconds->end()) continue;
      low = std::min(low, *positive);
      high = std::max(high, row.seconds->back());
    }
    if (high <= 0) low = high = 1e-6;
    first = bin(low) - 1;
    last = bin(high) + 1;
  }
  double width() const { return (kWidth - kLeft - kRight) / (last - first + 1 + (zeros ? 2 : 0)); }
  /// The left edge of a bin; a value within it lies in between.
  double x(double at) const { return kLeft + (at - first + (zeros ? 2 : 0)) * width(); }
  double at(double seconds) const { return seconds <= 0 ? kLeft + width() / 2 : x(std::log10(seconds) * kPerDecade); }
};

std::string bars(const Histogram::Row& row, const LogAxis& axis, double base) {
  std::map<int, std::uint64_t> counts;
  std::uint64_t zeros = 0, most = 0;
  for (const double s : *row.seconds) most = std::max(most, s <= 0 ? ++zeros : ++counts[LogAxis::bin(s)]);
  std::string out;
  const auto bar = [&](double x, std::uint64_t count, const std::string& range) {
    const double height = std::max(static_cast<double>(count) / static_cast<double>(most) * kBars, 1.0);
    out += format("<rect class=\"bar %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
                  row.style.c_str(), x + 0.5, base - height, axis.width() - 1, height) +
           escaped(range + ": " + decimal(static_cast<double>(count), 0) + " orders") + "</title></rect>";
  };
  if (zeros > 0) bar(kLeft, zeros, "no time at all");
  for (const auto& [bin, count] : counts)
    bar(axis.x(bin), count,
        short_time(std::pow(10, bin / double{kPerDecade})) + " to " +
            short_time(std::pow(10, (bin + 1) / double{kPerDecade})));
  return out;
}

/// The median is named to its left and lower, the other to its right and higher: they may be close.
std::string quantile_lines(const Histogram::Row& row, const LogAxis& axis, double base) {
  static constexpr struct {
    double share;
    const char* name;
    bool left;
    double above;
  } kQuantiles[] = {{0.5, "p50", true, 5}, {0.99, "p99", false, 19}};
  constexpr double kLabel = 90;
  std::string out;
  for (const auto& q : kQuantiles) {
    const double value = quantile(*row.seconds, q.share), x = axis.at(value);
    const bool left = (q.left && x > kLeft + kLabel) || x > kWidth - kRight - kLabel;
    out += format("<line class=\"quantile\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", x, x, base,
                  base - kBars - q.above - 9);
    out += format("<text class=\"tick%s\" x=\"%.1f\" y=\"%.1f\">%s %s</text>", left ? " end" : "", x + (left ? -5 : 5),
                  base - kBars - q.above, q.name, short_time(value).c_str());
  }
  return out;
}

std::string axis_labels(const LogAxis& axis, double base) {
  std::string out = format("<line class=\"zero\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", kLeft,
                           kWidth - kRight, base, base);
  if (axis.zeros)
    out += format("<text class=\"tick mid\" x=\"%.1f\" y=\"%.1f\">0</text>", kLeft + axis.width() / 2, base + 16);
  const bool close = axis.last - axis.first < 3 * kPerDecade;
  for (int decade = axis.first / kPerDecade - 2; decade <= axis.last / kPerDecade + 1; ++decade)
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10, decade), at = std::log10(value) * kPerDecade;
      if (at < axis.first || at > axis.last + 1 || (factor > 1 && !close)) continue;
      const double x = axis.x(at);
      out += format("<line class=\"zero\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", x, x, base, base + 5);
      out +=
          format("<text class=\"tick mid\" x=\"%.1f\" y=\"%.1f\">%s</text>", x, base + 18, short_time(value).c_str());
    }
  return out;
}

}  // namespace

double quantile(const std::vector<double>& values, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::min(std::max<std::size_t>(rank, 1), values.size()) - 1];
}

std::string short_time(double seconds) {
  static constexpr struct {
    double unit;
    const char* name;
  } kUnits[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}};
  if (seconds <= 0) return "0";
  for (const auto& u : kUnits)
    if (seconds >= u.unit * 0.9995 || u.unit == 1e-9) {
      const double value = seconds / u.unit;
      const bool whole = value >= 100 || std::abs(value - std::round(value)) < 0.05;
      return format("%.*f ", whole ? 0 : 1, value) + u.name;
    }
  return "0";
}

std::string draw(const Histogram& h) {
  const LogAxis axis{h};
  const int height = static_cast<int>(kRowHeight * static_cast<double>(h.rows.size())) + 6;
  std::string words, body;
  double base = kRowHeight - 24;
  for (const auto& row : h.rows) {
    words += row.name + ": half of the orders within " + short_time(quantile(*row.seconds, 0.5)) +
             ", 99 of 100 within " + short_time(quantile(*row.seconds, 0.99)) + ". ";
    body += format("<text class=\"tick row\" x=\"%.1f\" y=\"%.1f\">", kLeft, base - kBars - 36) + escaped(row.name) +
            "</text>" + bars(row, axis, base) + axis_labels(axis, base) + quantile_lines(row, axis, base);
    base += kRowHeight;
  }
  return open_svg(h.id, height, h.title, words) + body + "</svg>\n";
}

}  // namespace holdfast::cli
