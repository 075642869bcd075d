#include <holdfast/journal/failpoints.hpp>

#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <set>
#include <thread>

namespace holdfast {

namespace {

long number(std::string_view text, std::string_view whole) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0)
    throw std::invalid_argument{"failpoint '" + std::string{whole} + "': '" + std::string{text} +
                                "' is not a whole number"};
  return value;
}

}  // namespace

void Failpoints::set(std::string_view text) {
  std::map<std::string, Point, std::less<>> parsed;
  while (!text.empty()) {
    const auto end = text.find(';');
    const auto item = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (item.empty()) continue;
    const auto equals = item.find('=');
    if (equals == std::string_view::npos || equals == 0)
      throw std::invalid_argument{"failpoint '" + std::string{item} + "' needs name=action"};
    Point point;
    auto action = item.substr(equals + 1);
    if (const auto at = action.find('@'); at != std::string_view::npos) {
      point.hit = number(action.substr(at + 1), item);
      action = action.substr(0, at);
    }
    if (const auto open = action.find('('); open != std::string_view::npos && action.ends_with(')')) {
      point.argument = number(action.substr(open + 1, action.size() - open - 2), item);
      action = action.substr(0, open);
    }
    static const std::set<std::string_view> known{"off", "throw", "kill", "hang", "sleep"};
    if (!known.contains(action))
      throw std::invalid_argument{"failpoint '" + std::string{item} +
                                  "': the action must be off, throw, kill, hang or sleep(MS)"};
    point.action = action;
    parsed[std::string{item.substr(0, equals)}] = point;
  }
  const std::lock_guard lock{mutex_};
  for (auto& [name, point] : parsed) points_[name] = point;
  bool any = false;
  for (const auto& [name, point] : points_) any |= point.action != "off";
  armed_ = any;
  changed_.notify_all();
}

Failpoints::~Failpoints() {
  const std::lock_guard lock{mutex_};
  points_.clear();
  changed_.notify_all();
}

void Failpoints::act(std::string_view name) {
  std::unique_lock lock{mutex_};
  const auto at = points_.find(name);
  if (at == points_.end()) return;
  Point& point = at->second;
  if (point.action == "off" || (++point.hits < point.hit)) return;
  if (point.hit != 0 && point.hits > point.hit) return;
  if (point.action == "throw") throw FailpointError{"failpoint " + std::string{name}};
  if (point.action == "kill") ::kill(::getpid(), SIGKILL);
  if (point.action == "sleep") {
    const auto pause = std::chrono::milliseconds{point.argument};
    lock.unlock();
    std::this_thread::sleep_for(pause);
  } else if (point.action == "hang") {
    const std::string key{name};
    changed_.wait(lock, [&] { return !points_.contains(key) || points_[key].action != "hang"; });
  }
}

}  // namespace holdfast
