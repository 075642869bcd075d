#include "caf/worker_queue.hpp"

namespace holdfast::live {

namespace {

/// The queue that this thread is a worker of.
thread_local WorkerQueue::coordinator_data* mine = nullptr;

}  // namespace

void WorkerQueue::coordinator_data::wake(std::unique_lock<std::mutex>& lock) {
  const bool any = asleep > woken;
  if (any) ++woken;
  lock.unlock();
  if (any) changed.notify_one();
}

void WorkerQueue::add(coordinator_data& queue, caf::resumable* job) {
  std::unique_lock lock{queue.mutex};
  queue.jobs.push_back(job);
  if (mine != &queue) queue.wake(lock);
}

void WorkerQueue::let_others_in() {
  if (mine == nullptr) return;
  std::unique_lock lock{mine->mutex};
  if (!mine->jobs.empty()) mine->wake(lock);
}

caf::resumable* WorkerQueue::take(coordinator_data& queue) {
  mine = &queue;
  std::unique_lock lock{queue.mutex};
  // Before the first is taken: whoever wakes up may be given this very processor, and then goes on
  // with what came first.
  if (queue.jobs.size() > 1 && queue.asleep > queue.woken) {
    queue.wake(lock);
    lock.lock();
  }
  while (queue.jobs.empty()) {
    ++queue.asleep;
    queue.changed.wait(lock);
    --queue.asleep;
    if (queue.woken > 0) --queue.woken;
  }
  caf::resumable* const job = queue.jobs.front();
  queue.jobs.pop_front();
  return job;
}

}  // namespace holdfast::live
