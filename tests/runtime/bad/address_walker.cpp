// Wrong in one way: it walks a set that is ordered by addresses, and its objects come from a pool
// that reuses its places, so that the next instance finds them in another order.
#include <array>
#include <set>

#include "steady.hpp"

namespace {
std::array<int, 13> pool;
std::size_t next_place = 0;
}  // namespace

class AddressWalker final : public Steady {
 public:
  explicit AddressWalker(const Config& config) : Steady{config} {
    for (int i = 1; i <= 8; ++i) {
      pool[next_place] = i;
      levels_.insert(&pool[next_place]);
      next_place = (next_place + 1) % pool.size();
    }
  }

 protected:
  std::int64_t size() override {
    std::int64_t sum = 0;
    for (const int* level : levels_) sum = sum * 3 + *level;
    return 1 + sum % 9'973;
  }

 private:
  std::set<const int*> levels_;
};

HOLDFAST_PLUGIN(AddressWalker, "address_walker", "1.0.0", "Walks a set of pointers.")
