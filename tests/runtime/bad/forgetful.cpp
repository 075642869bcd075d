// Wrong in one way: state() does not name what decides how much it orders.
#include "steady.hpp"

class Forgetful final : public Steady {
 public:
  using Steady::Steady;

 protected:
  std::int64_t size() override { return ++orders_; }

 private:
  std::int64_t orders_ = 0;
};

HOLDFAST_PLUGIN(Forgetful, "forgetful", "1.0.0", "Forgets a member in its state.")
