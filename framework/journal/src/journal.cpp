#include <holdfast/journal/journal.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace holdfast {

namespace {

/// Bytes an author sequences by itself; more is left to the journal's thread.
constexpr std::size_t kOwn = 16 << 10;

/// What a frame takes in memory: a lone tick far more than its bytes.
std::size_t footprint(const Frame& frame) {
  return sizeof frame + frame.events.capacity() + frame.packed_market.capacity();
}

}  // namespace

Journal::Journal(Store& store, Sequencer sequencer, Options options, Listener listener)
    : store_{store}, sequencer_{std::move(sequencer)}, options_{std::move(options)}, listener_{std::move(listener)} {
  const std::uint64_t head = sequencer_.next_seq() - 1;
  head_ = head;
  release_ = head;
  written_ = head;
  thread_ = std::thread{[this] {
    run();
    ended(sequencing_ended_);
  }};
  disk_thread_ = std::thread{[this] {
    run_disk();
    ended(disk_ended_);
  }};
}

Journal::~Journal() { stop(); }

std::uint64_t Journal::submit(Submission submission) {
  if (failed_.load(std::memory_order_relaxed)) return 0;
  hit("journal.submit");
  const std::size_t bytes = submission.events.size();
  std::unique_lock lock{mutex_};
  const std::size_t waiting = queued_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  const std::uint64_t number = submitted_.fetch_add(1, std::memory_order_acq_rel) + 1;
  queue_.push_back(std::move(submission));
  if (sequencing_) return number;  // Whoever does takes this along.
  if (waiting <= kOwn) sequence(lock, kOwn);
  if (!queue_.empty() || stopping_ || turn_awaited_) work_.notify_one();
  return number;
}

void Journal::wake_at(ActorId author, std::optional<Time> when) {
  if (options_.feed_clock) return;
  const std::lock_guard lock{mutex_};
  const auto before = next_wake();
  if (when) wakes_[author.value] = *when;
  else wakes_.erase(author.value);
  if (when && (!before || *when < *before)) work_.notify_one();
}

std::optional<Time> Journal::next_wake() const {
  std::optional<Time> next;
  for (const auto& [author, when] : wakes_)
    if (!next || when < *next) next = when;
  return next;
}

/// REQUIRES: mutex_ is held by `lock`. Waits until the journal's own thread has something to sequence,
/// a due timer among it. False: the journal stops and everything is sequenced.
bool Journal::await_work(std::unique_lock<std::mutex>& lock) {
  while (queue_.empty() || sequencing_) {
    if (sequencing_) {
      turn_awaited_ = true;
      work_.wait(lock);
      turn_awaited_ = false;
      continue;
    }
    if (stopping_ && !pruning_) return false;
    const auto next = next_wake();
    if (!next) {
      work_.wait(lock);
      continue;
    }
    const Time now = options_.wall();
    if (*next > now) {
      work_.wait_for(lock, *next - now);
      continue;
    }
    // Erased here, asked for again by whoever still wants it after hearing this.
    std::erase_if(wakes_, [&](const auto& entry) { return entry.second <= now; });
    Submission tick;
    tick.events.append(TimeAdvanced{}, ActorId{}, 0, true, now);
    queued_.fetch_add(tick.events.size(), std::memory_order_relaxed);
    submitted_.fetch_add(1, std::memory_order_acq_rel);
    queue_.push_back(std::move(tick));
  }
  return true;
}

void Journal::run() {
  std::unique_lock lock{mutex_};
  while (!failed_ && await_work(lock)) sequence(lock, std::numeric_limits<std::size_t>::max());
  sequencing_ = true;  // For good: what comes after the end is dropped.
}

/// REQUIRES: mutex_ is held by `lock`, and nobody sequences. Until nothing is queued, or more than `most`.
void Journal::sequence(std::unique_lock<std::mutex>& lock, std::size_t most) {
  sequencing_ = true;
  while (!queue_.empty() && !failed_ && queued_.load(std::memory_order_relaxed) <= most) {
    batch_.swap(queue_);
    lock.unlock();
    try {
      sequence_batch();
    } catch (const std::exception& error) {
      fail(error.what());
    }
    lock.lock();
  }
  sequencing_ = false;
}

void Journal::sequence_batch() {
  while (!batch_.empty()) {
    if (failed_) return;  // The disk failed under the other thread.
    std::size_t taken = 0;
    // A frame takes what is there and never waits to fill.
    while (!batch_.empty() && sequencer_.open_events().size() < options_.frame_bytes) {
      Submission s = std::move(batch_.front());
      batch_.pop_front();
      ++taken;
      queued_.fetch_sub(s.events.size(), std::memory_order_relaxed);
      if (!sequencer_.add(s)) continue;
      for (auto& snapshot : s.snapshots) snapshots_.push_back(std::move(snapshot));
    }
    const bool urgent = sequencer_.urgent();
    if (!sequencer_.empty()) hit("journal.seal");
    const FramePtr frame = sequencer_.empty() ? nullptr : sequencer_.seal(std::chrono::steady_clock::now());
    if (frame) publish(frame);
    if (frame) hit("journal.publish");
    if (frame || !snapshots_.empty()) hand_over(frame, std::exchange(snapshots_, {}), urgent);
    if (frame) listener_.on_frame(*frame);
    done_.fetch_add(taken, std::memory_order_acq_rel);
  }
}

void Journal::hand_over(FramePtr frame, std::vector<Snapshot> snapshots, bool urgent) {
  if (frame) unwritten_.fetch_add(frame->events.size(), std::memory_order_relaxed);
  {
    const std::lock_guard lock{disk_mutex_};
    pending_.push_back({std::move(frame), std::move(snapshots)});
    urgent_ |= urgent;
  }
  disk_work_.notify_one();  // Unlocked: on a busy machine the woken thread is given this processor.
}

/// Retention: forgets market data nobody needs any more and says so in the journal.
void Journal::prune() {
  if (!options_.prune_below) return;
  // Once it stops, nobody would sequence what this has to say; once this has begun, stopping waits.
  {
    const std::lock_guard lock{mutex_};
    if (stopping_) return;
    pruning_ = true;
  }
  struct Done {
    Journal& journal;
    ~Done() {
      const std::lock_guard lock{journal.mutex_};
      journal.pruning_ = false;
      journal.work_.notify_one();
    }
  } const done{*this};
  const std::uint64_t before = store_.market_pruned_below();
  store_.prune_market(options_.prune_below(written_));
  const std::uint64_t below = store_.market_pruned_below();
  if (below == before) return;
  Submission s;
  s.events.append(MarketPruned{below}, ActorId{}, below, true);
  submit(std::move(s));
}

void Journal::publish(const FramePtr& frame) {
  {
    const std::lock_guard lock{ring_mutex_};
    ring_.push_back(frame);
    ring_size_ += footprint(*frame);
    // What is not in the store yet can be read nowhere else.
    while (ring_size_ > options_.ring_bytes && ring_.front()->header.last_seq() <= written_) {
      ring_size_ -= footprint(*ring_.front());
      ring_.pop_front();
    }
  }
  head_.store(frame->header.last_seq(), std::memory_order_release);
}

void Journal::run_disk() {
  using Clock = std::chrono::steady_clock;
  std::deque<Pending> items;
  auto next_sync = Clock::now();
  bool urgent = false;
  try {
    while (next_for_disk(items, urgent, next_sync)) {
      write(items);
      if (!urgent && !disk_stop_ && Clock::now() < next_sync) continue;
      sync();
      next_sync = Clock::now() + options_.sync_interval;
    }
  } catch (const std::exception& error) {
    fail(error.what());
  }
}

/// Waits for something to write, or for the time to sync what is written. False: all is durable and
/// the journal stops, or it failed.
bool Journal::next_for_disk(std::deque<Pending>& items, bool& urgent, std::chrono::steady_clock::time_point next_sync) {
  std::unique_lock lock{disk_mutex_};
  const auto dirty = [&] { return written_ != release_; };
  const auto work = [&] { return !pending_.empty() || disk_stop_ || failed_; };
  if (!dirty()) disk_work_.wait(lock, work);
  else disk_work_.wait_until(lock, next_sync, work);
  items.swap(pending_);
  urgent = std::exchange(urgent_, false);
  return !failed_ && (!items.empty() || dirty() || !disk_stop_);
}

void Journal::write(std::deque<Pending>& items) {
  const bool any = !items.empty();
  const auto begin = std::chrono::steady_clock::now();
  for (; !items.empty() && !failed_; items.pop_front()) {
    const auto& [frame, snapshots] = items.front();
    if (frame) {
      store_.write(*frame, snapshots);
      written_ = frame->header.last_seq();
      unwritten_.fetch_sub(frame->events.size(), std::memory_order_relaxed);
      measures_.frames.add();
      measures_.bytes.add(frame->header.market_bytes + frame->header.business_bytes);
    } else {
      store_.write(snapshots);
    }
    if (!snapshots.empty()) prune();
  }
  if (any) measures_.write.add(std::chrono::steady_clock::now() - begin);
  listener_.on_written();
}

void Journal::sync() {
  const std::uint64_t target = written_;
  if (target == release_) return;
  const bool lies = hit("journal.before_sync");
  const auto begin = std::chrono::steady_clock::now();
  if (!lies) store_.sync();
  measures_.sync.add(std::chrono::steady_clock::now() - begin);
  hit("journal.after_sync");
  if (failed_) return;  // After a failure was told nothing is released any more.
  release_.store(target, std::memory_order_release);
  listener_.on_release();
}

void Journal::fail(const std::string& why) {
  if (failed_.exchange(true)) return;
  listener_.on_failure(why);
  const std::lock_guard lock{disk_mutex_};
  disk_work_.notify_all();
}

FramePtr Journal::read(std::uint64_t seq) const {
  if (seq > head()) return nullptr;
  {
    const std::lock_guard lock{ring_mutex_};
    if (const auto at = find(seq); at != ring_.end()) return *at;
  }
  return store_.read(seq);
}

std::vector<FramePtr> Journal::read_run(std::uint64_t seq) const {
  std::vector<FramePtr> run;
  if (seq > head()) return run;
  run.reserve(8);
  {
    const std::lock_guard lock{ring_mutex_};
    std::size_t bytes = 0;
    for (auto at = find(seq); at != ring_.end() && bytes < kRunBytes; ++at) {
      bytes += (*at)->events.size();
      run.push_back(*at);
    }
  }
  if (run.empty())
    if (auto frame = store_.read(seq)) run.push_back(std::move(frame));
  return run;
}

/// REQUIRES: ring_mutex_ is held. The frame of the ring that holds `seq`; its end when none does.
std::deque<FramePtr>::const_iterator Journal::find(std::uint64_t seq) const {
  if (ring_.empty() || seq < ring_.front()->header.first_seq) return ring_.end();
  // Whoever keeps up asks for the newest; looking through the ring touches a cold frame at each step.
  if (seq >= ring_.back()->header.first_seq) return std::prev(ring_.end());
  return std::prev(std::upper_bound(ring_.begin(), ring_.end(), seq,
                                    [](std::uint64_t s, const FramePtr& f) { return s < f->header.first_seq; }));
}

std::optional<FrameHeader> Journal::written_header(std::uint64_t seq) const {
  const std::lock_guard lock{ring_mutex_};
  for (auto at = ring_.rbegin(); at != ring_.rend(); ++at)
    if ((*at)->header.last_seq() <= seq) return (*at)->header;
  return std::nullopt;
}

void Journal::ended(bool& thread) {
  const std::lock_guard lock{disk_mutex_};
  thread = true;
  ended_.notify_all();
}

bool Journal::stop(std::optional<std::chrono::steady_clock::time_point> until) {
  if (!thread_.joinable() && !disk_thread_.joinable()) return true;
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    work_.notify_all();
  }
  {
    std::unique_lock lock{disk_mutex_};
    const auto wait = [&](const bool& thread) {
      if (!until) ended_.wait(lock, [&] { return thread; });
      return until ? ended_.wait_until(lock, *until, [&] { return thread; }) : true;
    };
    // What is sequenced last must still be written: one after the other.
    if (!wait(sequencing_ended_)) return false;
    disk_stop_ = true;
    disk_work_.notify_all();
    if (!wait(disk_ended_)) return false;
  }
  thread_.join();
  disk_thread_.join();
  return true;
}

}  // namespace holdfast
