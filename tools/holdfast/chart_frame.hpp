#pragma once

#include <algorithm>
#include <cstdio>
#include <string>

#include "chart.hpp"

/// What the files that draw share: the canvas and where on it things are.
namespace holdfast::cli {

inline constexpr double kWidth = 1000, kLeft = 82, kRight = 14, kTop = 22, kBottom = 44;

template <class... A>
std::string format(const char* text, A... values) {
  char buffer[512];
  std::snprintf(buffer, sizeof buffer, text, values...);
  return buffer;
}

/// The opening of an accessible drawing.
std::string open_svg(const std::string& id, int height, const std::string& title, const std::string& description);

/// The value axis: from, to and the distance of its labels, all round numbers.
struct Axis {
  double low = 0, high = 1, step = 1;
};

struct Frame {
  const Chart& chart;
  Axis axis;
  double x(double time) const {
    const double span = std::max(chart.until - chart.from, 1e-9);
    return kLeft + std::clamp((time - chart.from) / span, 0.0, 1.0) * (kWidth - kLeft - kRight);
  }
  double y(double value) const {
    return kTop + (axis.high - value) / (axis.high - axis.low) * (chart.height - kTop - kBottom);
  }
  double bottom() const { return chart.height - kBottom; }
};

/// "12:00:01.50 UTC", as exact as a chart of this length needs.
std::string moment(double time, double span);

/// Fills beside the price line, never on it, counted by columns: buys below, sells above.
std::string fill_marks(const Frame& frame);
/// Vertical lines with a letter on top; those that would stand on each other are one with a count.
std::string vertical_marks(const Frame& frame);
/// While a latch was engaged.
std::string shaded_spans(const Frame& frame);

}  // namespace holdfast::cli
