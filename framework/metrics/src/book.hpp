#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/metric_family.h>

#include <holdfast/journal/measures.hpp>

namespace holdfast::metrics {

/// The series of one collection. A metric that would get more of them than its budget allows puts
/// the rest into one whose labels are all `other`, and counts how often.
class Book {
 public:
  explicit Book(const std::map<std::string, std::string>& constant_labels) : constant_{constant_labels} {}

  /// Adds `value` to the series of `name` with these values of its labels.
  void add(std::string_view name, const std::vector<std::string>& labels, double value);
  void add(std::string_view name, const std::vector<std::string>& labels, const Durations::Counts& counts);

  std::uint64_t overflowed() const { return overflowed_; }
  /// In the order of the table; metrics without a series are left out.
  std::vector<prometheus::MetricFamily> take();

 private:
  using Series = std::map<std::vector<std::string>, prometheus::ClientMetric>;
  prometheus::ClientMetric& series(std::string_view name, const std::vector<std::string>& labels);

  const std::map<std::string, std::string>& constant_;
  std::map<std::string, Series, std::less<>> book_;
  std::uint64_t overflowed_ = 0;
};

/// `text` as a label's value: valid UTF-8, nothing that controls a terminal, and not long.
std::string label_value(std::string_view text);

}  // namespace holdfast::metrics
