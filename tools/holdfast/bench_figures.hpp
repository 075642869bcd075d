#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "summary.hpp"

/// What `holdfast bench` promises: every figure's name, meaning and targets, in one table.
namespace holdfast::cli {

struct FigureSpec {
  enum class Better { higher, lower };
  /// What the targets are compared with.
  enum class Judged {
    ratio, value,
    excess,  ///< The value without its baseline.
  };
  std::string_view name, unit;
  Better better;
  Judged judged;
  std::optional<double> owed, aim;  ///< Empty: only reported.
  std::string_view what;
  std::string_view against;  ///< Its baseline, measured in the same run; empty: none.
};
const std::vector<FigureSpec>& figure_specs();
/// Fails: std::logic_error for a name that is not in the table.
const FigureSpec& figure_spec(std::string_view name);

/// A figure that was measured, or why it was not.
struct Figure {
  const FigureSpec* spec = nullptr;
  std::optional<double> value, baseline;
  std::string note;     ///< What else the measurement showed.
  bool spoiled = false; ///< What the table asks for beside the number was not so; the note says what.
  std::string failure;  ///< Empty: it was measured.

  /// value / baseline; empty without both.
  std::optional<double> ratio() const;
  /// What the targets are compared with; empty when it was not measured.
  std::optional<double> judged() const;
  /// "aim met", "owed met", "short", "reported" or "failed".
  std::string verdict() const;
};

Json figures_json(const std::vector<Figure>& figures);
std::string figures_table(const std::vector<Figure>& figures);
/// The table of promises itself, for people and as JSON.
std::string specs_text();
Json specs_json();

/// The value that a share `q` of the samples does not exceed.
double quantile(std::vector<double> samples, double q);
inline double median(const std::vector<double>& samples) { return quantile(samples, 0.5); }

}  // namespace holdfast::cli
