#include <holdfast/journal/frame_writer.hpp>

#include <utility>

namespace holdfast {

namespace {

/// Frames on their way: enough that neither side waits for the other's bad moments.
constexpr std::size_t kAhead = 8;

}  // namespace

FrameWriter::FrameWriter(Store& store) : store_{store}, sealer_{store.head()}, head_{store.head()} {
  thread_ = std::thread{[this] { run(); }};
}

FrameWriter::~FrameWriter() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void FrameWriter::push(std::shared_ptr<Frame> frame, std::vector<Snapshot> snapshots) {
  std::unique_lock lock{mutex_};
  await(kAhead - 1, lock);
  items_.push_back({std::move(frame), std::move(snapshots)});
  changed_.notify_all();
}

void FrameWriter::flush() {
  std::unique_lock lock{mutex_};
  await(0, lock);
}

std::optional<FrameHeader> FrameWriter::head() {
  flush();
  return head_;
}

void FrameWriter::await(std::size_t at_most, std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [&] { return items_.size() <= at_most || error_; });
  if (error_) std::rethrow_exception(error_);
}

void FrameWriter::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [&] { return !items_.empty() || stop_; });
    if (items_.empty() || error_) return;
    Item& item = items_.front();
    lock.unlock();
    std::exception_ptr error;
    try {
      sealer_.seal(*item.frame);
      store_.write(*item.frame, item.snapshots);
    } catch (const std::exception&) {
      error = std::current_exception();
    }
    lock.lock();
    error_ = error;
    if (!error_) head_ = item.frame->header;
    items_.pop_front();
    changed_.notify_all();
  }
}

}  // namespace holdfast
