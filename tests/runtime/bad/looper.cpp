// Wrong in one way: one instance does not come back from a call while a test says so.
#include <atomic>
#include <thread>

#include "steady.hpp"

extern "C" {
__attribute__((visibility("default"))) std::atomic<bool> looper_loops{false};
__attribute__((visibility("default"))) std::atomic<bool> looper_inside{false};
}

class Looper final : public Steady {
 public:
  using Steady::Steady;

  void on_quote(const holdfast::Quote& quote, holdfast::Desk& desk) override {
    if (looper_loops && !looper_inside.exchange(true)) {
      while (looper_loops) std::this_thread::yield();
      looper_inside = false;
    }
    Steady::on_quote(quote, desk);
  }
};

HOLDFAST_PLUGIN(Looper, "looper", "1.0.0", "Loops for ever.")
