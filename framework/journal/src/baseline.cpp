#include <holdfast/journal/baseline.hpp>

#include <chrono>
#include <thread>

#include "store_raw.hpp"

namespace holdfast {

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

void require(const rocksdb::Status& status, const std::string& where) {
  if (!status.ok()) throw StoreError{StoreError::Kind::io, "cannot measure in " + where + ": " + status.ToString()};
}

std::unique_ptr<rocksdb::DB> open_new(const std::string& directory, Store::Raw::Family like) {
  StoreOptions options;
  options.create = true;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Options all{database_options(options, nullptr), family_options(like, options)};
  require(rocksdb::DB::Open(all, directory, &opened), directory);
  return std::unique_ptr<rocksdb::DB>{opened};
}

}  // namespace

std::vector<double> synced_put_seconds(const std::string& directory, int count, std::chrono::nanoseconds pace) {
  const auto db = open_new(directory, Store::Raw::business);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const std::string value(128, 'x');
  std::vector<double> seconds;
  auto next = Clock::now();
  for (int i = 0; i < count; ++i) {
    std::this_thread::sleep_until(next);
    const auto begin = Clock::now();
    next = begin + pace;
    require(db->Put(synced, seq_key(static_cast<std::uint64_t>(i)), value), directory);
    seconds.push_back(since(begin));
  }
  return seconds;
}

double fill_seconds(const std::string& directory, const std::vector<std::span<const std::byte>>& batches,
                    std::uint64_t count) {
  const auto db = open_new(directory, Store::Raw::market);
  const auto begin = Clock::now();
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto bytes = batches[i % batches.size()];
    require(db->Put({}, seq_key(i), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}), directory);
  }
  require(db->SyncWAL(), directory);
  return since(begin);
}

double read_seconds(const std::string& path) {
  StoreOptions options;
  options.path = path;
  options.read_only = true;
  const auto raw = open_raw(options);
  const auto begin = Clock::now();
  for (auto* family : raw->families) {
    const std::unique_ptr<rocksdb::Iterator> it{raw->db->NewIterator({}, family)};
    for (it->SeekToFirst(); it->Valid(); it->Next()) {}
    require(it->status(), path);
  }
  return since(begin);
}

}  // namespace holdfast
