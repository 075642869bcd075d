#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <prometheus/metric_type.h>

namespace holdfast::metrics {

/// One metric: everything there is to say about it, said once.
struct Family {
  const char* name;
  prometheus::MetricType type;
  std::vector<const char*> labels;
  std::size_t budget;  ///< Series at most; the rest is summed up in one.
  const char* help;
};

std::span<const Family> families();
/// Fails: std::logic_error when it is not in the table.
const Family& family(std::string_view name);

}  // namespace holdfast::metrics
