#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include <caf/policy/unprofiled.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/coordinator.hpp>

namespace holdfast::live {

/// How CAF's workers share their jobs: one queue in the order of arrival, like CAF's own policy
/// `sharing`. That one wakes a sleeping worker for every job while it holds the queue's lock; the two
/// then take the processor from each other for each actor that hears a frame. Here a worker that
/// makes jobs wakes nobody before it is done with its own, and then one other at most.
class WorkerQueue : public caf::policy::unprofiled {
 public:
  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator*) {}

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<caf::resumable*> jobs;
    std::size_t asleep = 0, woken = 0;  ///< `woken`: of those asleep, on their way.

    /// One more worker for what is queued, if one sleeps. Unlocks.
    void wake(std::unique_lock<std::mutex>& lock);
  };
  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator*) {}
  };

  /// Jobs that this thread made as a worker go to another one, if one sleeps: for handlers that may
  /// not return soon. [any-thread]
  static void let_others_in();

  template <class Coordinator>
  void central_enqueue(Coordinator* self, caf::resumable* job) {
    add(d(self), job);
  }
  template <class Worker>
  void external_enqueue(Worker* self, caf::resumable* job) {
    add(d(self->parent()), job);
  }
  template <class Worker>
  void internal_enqueue(Worker* self, caf::resumable* job) {
    add(d(self->parent()), job);
  }
  template <class Worker>
  void resume_job_later(Worker* self, caf::resumable* job) {
    add(d(self->parent()), job);
  }
  template <class Worker>
  caf::resumable* dequeue(Worker* self) {
    return take(d(self->parent()));
  }
  template <class Worker, class F>
  void foreach_resumable(Worker*, F) {}
  /// Called when no worker is left.
  template <class Coordinator, class F>
  void foreach_central_resumable(Coordinator* self, F f) {
    const std::lock_guard lock{d(self).mutex};
    for (auto& jobs = d(self).jobs; !jobs.empty(); jobs.pop_front()) f(jobs.front());
  }

 private:
  static void add(coordinator_data& queue, caf::resumable* job);
  static caf::resumable* take(coordinator_data& queue);
};

}  // namespace holdfast::live
