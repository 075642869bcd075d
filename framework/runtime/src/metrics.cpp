#include <holdfast/runtime/metrics.hpp>

#include "core.hpp"

namespace holdfast {

const char* to_string(FailureCause cause) {
  static constexpr const char* names[kFailureCauses] = {"exception", "divergence", "hang", "lost"};
  return names[static_cast<std::size_t>(cause)];
}

std::map<OrdStatus, std::uint64_t> open_orders(const SystemRecord& record) {
  std::map<OrdStatus, std::uint64_t> count;
  for (const auto& [id, order] : record.orders().open()) ++count[order.status];
  return count;
}

}  // namespace holdfast
