// Wrong in one way: the wall clock decides how much it orders.
#include <chrono>

#include "steady.hpp"

class ClockReader final : public Steady {
 public:
  using Steady::Steady;

 protected:
  std::int64_t size() override {
    return 1 + std::chrono::system_clock::now().time_since_epoch().count() % 99'991;
  }
};

HOLDFAST_PLUGIN(ClockReader, "clock_reader", "1.0.0", "Reads the wall clock.")
