#pragma once

#include <string>
#include <vector>

#include "report_data.hpp"

/// Line charts as inline SVG, coloured by classes so that a style sheet decides light and dark.
namespace holdfast::cli {

/// Text for HTML and SVG, whatever it holds.
std::string escaped(std::string_view text);
/// "1,234.50": a number with so many decimals.
std::string decimal(double value, int decimals);
/// The same with as many decimals as it is worth: "1,234.50", "0.00012".
std::string amount(double value);

struct ChartLine {
  std::string name;
  std::string style;  ///< A class of the style sheet: "c0" to "c7".
  const ReportLine* points = nullptr;
  bool filled = false;  ///< Shaded down to zero.
  bool bold = false;
};

struct Chart {
  std::string title;  ///< For screen readers.
  std::string unit;   ///< Written at the value axis.
  double from = 0, until = 0;
  bool with_zero = false;
  std::vector<ChartLine> lines;
  const std::vector<ReportFill>* fills = nullptr;
  const std::vector<ReportMark>* marks = nullptr;
  int height = 300;
};

std::string draw(const Chart& chart);

}  // namespace holdfast::cli
