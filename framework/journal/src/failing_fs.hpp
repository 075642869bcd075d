#pragma once

#include <rocksdb/file_system.h>

#include <holdfast/journal/failpoints.hpp>
#include <memory>

namespace holdfast {

/// A file system that fails where the failpoints fs.* say so, and otherwise hands on what it is asked for. A place may be
/// of one kind of file: fs.sync/log. Neither root nor a device is needed. `failpoints` must outlive it.
std::shared_ptr<rocksdb::FileSystem> failing_file_system(std::shared_ptr<rocksdb::FileSystem> base, Failpoints& failpoints);

}  // namespace holdfast
