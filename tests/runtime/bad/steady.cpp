// The same name in two folders: the second is what its author made of it later. It reads the state
// the first has left, and knows more.
#include "steady.hpp"

#ifndef STEADY_VERSION
#define STEADY_VERSION 1
#endif

class SteadyPlugin final : public Steady {
 public:
  using Steady::Steady;
#if STEADY_VERSION == 2
  void state(holdfast::Archive& a) override {
    Steady::state(a);
    if (!a.loading() || !a.at_end()) a(orders_);
  }

 protected:
  std::int64_t size() override { return 2 + ++orders_ % 3; }

 private:
  std::int64_t orders_ = 0;
#endif
};

HOLDFAST_PLUGIN(SteadyPlugin, "steady", STEADY_VERSION == 1 ? "1.0.0" : "2.0.0", "Trades at a fixed beat.")
