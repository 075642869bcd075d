#pragma once

#include <string>
#include <vector>

#include "report_data.hpp"

/// Charts as inline SVG, coloured by classes so that a style sheet decides light, dark and paper.
/// Nothing is told by colour alone.
namespace holdfast::cli {

/// Text for HTML and SVG, whatever it holds.
std::string escaped(std::string_view text);
/// "1,234.50": a number with so many decimals.
std::string decimal(double value, int decimals);
/// The same with as many decimals as it is worth: "1,234.50", "0.00012".
std::string amount(double value);
/// A short time for people: "0", "850 ns", "12.3 us", "4.5 ms", "2 s".
std::string short_time(double seconds);

struct ChartLine {
  std::string name;
  std::string style;  ///< A class of the style sheet: "c0" to "c7".
  const ReportLine* points = nullptr;
  bool filled = false;  ///< Shaded down to zero.
  bool bold = false;
  bool banded = true;   ///< With a shade from the lowest to the highest of each point.
};

struct Chart {
  std::string id;     ///< Unique on the page.
  std::string title;  ///< For screen readers.
  std::string unit;   ///< Written at the value axis.
  double from = 0, until = 0;
  bool with_zero = false;
  std::vector<ChartLine> lines;
  const std::vector<ReportFill>* fills = nullptr;
  const std::vector<ReportMark>* marks = nullptr;
  const std::vector<ReportSpan>* spans = nullptr;
  int height = 300;
};
std::string draw(const Chart& chart);

/// How values are spread, from the smallest to the largest on a logarithmic axis.
struct Histogram {
  std::string id, title;
  struct Row {
    std::string name, style;
    const std::vector<double>* seconds = nullptr;  ///< Ascending, not empty.
  };
  std::vector<Row> rows;  ///< One above the other, over the same axis.
};
std::string draw(const Histogram& histogram);

/// The value below which a `share` of them lies. REQUIRES: ascending, not empty.
double quantile(const std::vector<double>& values, double share);

}  // namespace holdfast::cli
