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

void copy_unpacked(const std::string& path, const std::string& directory) {
  StoreOptions from;
  from.path = path;
  from.read_only = true;
  const auto db = open_new(directory, Store::Raw::market);
  Store::open(from)->scan(1, [&](const FramePtr& frame) {
    const rocksdb::Slice events{reinterpret_cast<const char*>(frame->events.data()), frame->events.size()};
    require(db->Put({}, seq_key(frame->header.first_seq), events), directory);
    return true;
  });
  require(db->Flush({}), directory);
}

double read_seconds(const std::string& path) {
  const rocksdb::DBOptions options = database_options({}, nullptr);
  std::vector<std::string> names;
  require(rocksdb::DB::ListColumnFamilies(options, path, &names), path);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const auto& name : names) families.emplace_back(name, family_options(Store::Raw::market, {}));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  require(rocksdb::DB::OpenForReadOnly(options, path, families, &handles, &opened), path);
  const std::unique_ptr<rocksdb::DB> db{opened};
  std::vector<std::unique_ptr<rocksdb::ColumnFamilyHandle>> closed;
  for (auto* handle : handles) closed.emplace_back(handle);
  const auto begin = Clock::now();
  for (auto* family : handles) {
    const std::unique_ptr<rocksdb::Iterator> it{db->NewIterator({}, family)};
    for (it->SeekToFirst(); it->Valid(); it->Next()) {}
    require(it->status(), path);
  }
  return since(begin);
}

}  // namespace holdfast
