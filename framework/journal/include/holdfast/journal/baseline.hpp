#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace holdfast {

/// What the disk and RocksDB alone would cost, with the options of the journal and in databases of
/// their own: for `holdfast bench` to compare with. All fail with StoreError.

/// Seconds that each of `count` synced puts of 128 bytes took, under `directory`: the price of
/// durability on this machine. One begins every `pace`, or at once when the one before took longer: a
/// disk that has rested takes its time, and what it costs is only comparable at the same pace.
std::vector<double> synced_put_seconds(const std::string& directory, int count, std::chrono::nanoseconds pace);

/// Seconds to put `count` batches, taken from `batches` in turn, one value each, in the order of
/// their keys and with the log, one sync at the end, under `directory`.
double fill_seconds(const std::string& directory, const std::vector<std::span<const std::byte>>& batches,
                    std::uint64_t count);

/// Copies the journal at `path` into a database of its own under `directory`, where nothing is
/// packed: the events of a frame, as their authors submitted them, are one value.
void copy_unpacked(const std::string& path, const std::string& directory);

/// Seconds to read every key and value of the database at `path` once, in order, and do nothing
/// with them. Works beside a process that writes it.
double read_seconds(const std::string& path);

}  // namespace holdfast
