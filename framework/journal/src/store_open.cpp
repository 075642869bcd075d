#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <algorithm>

#include "failing_fs.hpp"
#include "store_raw.hpp"

namespace holdfast {

std::string seq_key(std::uint64_t seq) {
  std::string key(8, '\0');
  for (int i = 7; i >= 0; --i, seq >>= 8) key[static_cast<std::size_t>(i)] = static_cast<char>(seq & 0xff);
  return key;
}

std::uint64_t key_seq(const rocksdb::Slice& key) {
  std::uint64_t seq = 0;
  for (std::size_t i = 0; i < key.size() && i < 8; ++i) seq = seq << 8 | static_cast<std::uint8_t>(key[i]);
  return seq;
}

Store::Raw::~Raw() {
  for (auto* family : families)
    if (family != nullptr) db->DestroyColumnFamilyHandle(family);
  if (db) db->Close();
}

namespace {

[[noreturn]] void refuse(const std::string& path, const rocksdb::Status& status) {
  using Kind = StoreError::Kind;
  const std::string why = status.ToString();
  if (status.IsIOError() && why.find("lock") != std::string::npos)
    throw StoreError{Kind::in_use, path + " is in use by another process: stop it first"};
  if (status.IsInvalidArgument())
    throw StoreError{Kind::foreign, path + " is not a Holdfast journal (" + why + ")"};
  const bool io = status.IsIOError() && !status.IsPathNotFound();
  throw StoreError{io ? Kind::io : Kind::damaged, "the journal " + path + " cannot be opened: " + why +
                                                      (io ? "" : "; it is damaged, restore a backup")};
}

/// Before anything is created in it: a database with other column families is somebody else's.
void refuse_foreign(const std::vector<std::string>& names, const std::string& path) {
  for (const auto& name : names)
    if (std::find(Store::Raw::kNames.begin(), Store::Raw::kNames.end(), name) == Store::Raw::kNames.end())
      throw StoreError{StoreError::Kind::foreign,
                       path +
                           " is a database, but not a Holdfast journal (it has a column "
                           "family '" +
                           name + "'): choose another directory"};
}

/// The column families that the database has; a new one has but the default.
std::vector<std::string> families_of(const rocksdb::DBOptions& db_options, const std::string& path, bool exists) {
  std::vector<std::string> names;
  if (!exists) return {rocksdb::kDefaultColumnFamilyName};
  const auto status = rocksdb::DB::ListColumnFamilies(db_options, path, &names);
  if (!status.ok()) refuse(path, status);
  refuse_foreign(names, path);
  return names;
}

}  // namespace

std::unique_ptr<Store::Raw> open_raw(const StoreOptions& options) {
  using Raw = Store::Raw;
  auto raw = std::make_unique<Raw>();
  raw->options = options;
  auto files = options.file_system;
  if (options.failpoints != nullptr && !options.read_only)
    files = failing_file_system(files ? files : rocksdb::FileSystem::Default(), *options.failpoints);
  if (files) raw->env = rocksdb::NewCompositeEnv(files);
  auto* env = raw->env ? raw->env.get() : rocksdb::Env::Default();
  const bool exists = env->FileExists(options.path + "/CURRENT").ok();
  if (!exists && !options.create)
    throw StoreError{StoreError::Kind::missing, options.path + " holds no journal: check the path"};
  const auto db_options = database_options(options, raw->env.get());
  const auto there = families_of(db_options, options.path, exists);
  std::vector<rocksdb::ColumnFamilyDescriptor> known, missing;
  for (int i = 0; i < Raw::kFamilies; ++i) {
    const std::string name = Raw::kNames[static_cast<std::size_t>(i)];
    const bool make = options.create && std::find(there.begin(), there.end(), name) == there.end();
    (make ? missing : known).emplace_back(name, family_options(i, options));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles, made;
  rocksdb::DB* db = nullptr;
  const auto status = options.read_only
                          ? rocksdb::DB::OpenForReadOnly(db_options, options.path, known, &handles, &db)
                          : rocksdb::DB::Open(db_options, options.path, known, &handles, &db);
  if (!status.ok()) refuse(options.path, status);
  raw->db.reset(db);
  // All at once: Open() would write and sync a file of options for each.
  const auto creating = missing.empty() ? rocksdb::Status::OK() : db->CreateColumnFamilies(missing, &made);
  handles.insert(handles.end(), made.begin(), made.end());
  for (auto* handle : handles)
    raw->families[static_cast<std::size_t>(std::find(Raw::kNames.begin(), Raw::kNames.end(), handle->GetName()) -
                                           Raw::kNames.begin())] = handle;
  if (!creating.ok()) refuse(options.path, creating);
  return raw;
}

}  // namespace holdfast
