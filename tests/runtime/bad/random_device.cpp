// Wrong in one way: chance that is no part of its state decides how much it orders.
#include <random>

#include "steady.hpp"

class RandomDevice final : public Steady {
 public:
  using Steady::Steady;

 protected:
  std::int64_t size() override { return 1 + std::random_device{}() % 99'991; }
};

HOLDFAST_PLUGIN(RandomDevice, "random_device", "1.0.0", "Asks for true randomness.")
