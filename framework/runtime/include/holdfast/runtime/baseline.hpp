#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast {

/// What `holdfast bench` compares itself with, measured in the same run on the same machine.

/// Messages per second through three chained raw CAF actors, one message per tick, no journal.
/// `policy` is CAF's scheduler policy: sharing or stealing.
double raw_chain_rate(const std::string& policy, std::uint64_t messages);

}  // namespace holdfast
