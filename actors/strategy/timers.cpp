#include "timers.hpp"

#include <algorithm>

namespace holdfast {

void Timers::set(TimerId id, Time when) {
  set_[id] = when;
  find_next();
}

std::vector<std::pair<Time, TimerId>> Timers::due_list(Time now) const {
  std::vector<std::pair<Time, TimerId>> list;
  for (const auto& [id, when] : set_)
    if (when <= now) list.emplace_back(when, id);
  std::sort(list.begin(), list.end());
  return list;
}

bool Timers::take(TimerId id, Time when) {
  const auto found = set_.find(id);
  if (found == set_.end() || found->second != when) return false;
  set_.erase(found);
  find_next();
  return true;
}

void Timers::state(Archive& a) {
  a(set_);
  if (a.loading()) find_next();
}

void Timers::find_next() {
  next_ = kNever;
  for (const auto& [id, when] : set_) next_ = std::min(next_, when);
}

}  // namespace holdfast
