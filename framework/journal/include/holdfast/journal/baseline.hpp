#pragma once

#include <string>
#include <vector>

namespace holdfast {

/// Seconds that each of `count` synced RocksDB puts of 128 bytes took, with the options of the
/// journal, in a database of their own under `directory`: the price of durability on this machine,
/// for `holdfast bench` to compare with.
std::vector<double> synced_put_seconds(const std::string& directory, int count);

}  // namespace holdfast
