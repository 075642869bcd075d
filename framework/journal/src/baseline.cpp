#include <holdfast/journal/baseline.hpp>

#include <chrono>

#include "store_raw.hpp"

namespace holdfast {

std::vector<double> synced_put_seconds(const std::string& directory, int count) {
  StoreOptions options;
  options.create = true;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Options all{database_options(options, nullptr), family_options(Store::Raw::business, options)};
  const auto status = rocksdb::DB::Open(all, directory, &opened);
  if (!status.ok()) throw StoreError{StoreError::Kind::io, "cannot measure in " + directory + ": " + status.ToString()};
  const std::unique_ptr<rocksdb::DB> db{opened};
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const std::string value(128, 'x');
  std::vector<double> seconds;
  for (int i = 0; i < count; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (!db->Put(synced, seq_key(static_cast<std::uint64_t>(i)), value).ok()) break;
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return seconds;
}

}  // namespace holdfast
