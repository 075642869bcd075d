#include <holdfast/journal/failpoints.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <holdfast/sdk/settings.hpp>
#include <thread>

namespace holdfast {

namespace {

[[noreturn]] void refuse(std::string_view whole, const std::string& why) {
  throw std::invalid_argument{"failpoint '" + std::string{whole} + "'" + why};
}

long number(std::string_view text, std::string_view whole) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0)
    refuse(whole, ": '" + std::string{text} + "' is not a whole number");
  return value;
}

struct Errno {
  std::string_view name;
  int value;
};
constexpr Errno kErrnos[] = {{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS}, {"EMFILE", EMFILE}, {"EACCES", EACCES}, {"ENOMEM", ENOMEM}};

long errno_named(std::string_view name, std::string_view whole) {
  for (const auto& one : kErrnos)
    if (one.name == name) return one.value;
  std::string all;
  for (const auto& one : kErrnos) all += (all.empty() ? "" : ", ") + std::string{one.name};
  refuse(whole, ": errno is one of " + all);
}

const FailpointSite& site_named(std::string_view name, std::string_view whole) {
  const auto sites = failpoint_sites();
  const auto at = std::ranges::find(sites, name, &FailpointSite::name);
  if (at != sites.end()) return *at;
  std::vector<std::string> names;
  for (const auto& site : sites) names.emplace_back(site.name);
  const std::string near = nearest(name, names);
  refuse(whole, ": there is no place '" + std::string{name} + "'" +
                    (near.empty() ? ": `holdfast failpoints` lists them" : ": did you mean '" + near + "'?"));
}

/// The text up to `mark`, which is cut off with it; empty when there is no mark.
std::string_view cut(std::string_view& text, std::string_view mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const auto before = text.substr(0, at);
  text.remove_prefix(at + mark.size());
  return before;
}

}  // namespace

Failpoints::Task Failpoints::parse_task(std::string_view text, std::string_view whole) {
  Task task;
  if (const auto chance = cut(text, "%"); chance.data() != nullptr) {
    const long percent = number(chance, whole);
    if (percent > 100) refuse(whole, ": a chance is at most 100%");
    task.permille = percent * 10;
  }
  if (const auto times = cut(text, "*"); times.data() != nullptr) task.times = number(times, whole);
  std::string_view argument;
  if (const auto open = text.find('('); open != std::string_view::npos && text.ends_with(')')) {
    argument = text.substr(open + 1, text.size() - open - 2);
    text = text.substr(0, open);
  }
  static constexpr std::string_view known[] = {"off", "throw", "return", "corrupt", "kill", "pause", "sleep", "errno"};
  if (std::ranges::find(known, text) == std::end(known))
    refuse(whole, ": a task is off, throw, return, corrupt, kill, pause, sleep(MS) or errno(NAME)");
  if (text == "sleep") task.argument = number(argument, whole);
  else if (text == "errno") task.argument = errno_named(argument, whole);
  else if (!argument.empty()) refuse(whole, ": '" + std::string{text} + "' takes nothing in brackets");
  task.what = text;
  return task;
}

Failpoints::Chain Failpoints::parse_chain(std::string_view text, std::string_view whole) {
  Chain chain;
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    const long hit = number(text.substr(at + 1), whole);
    if (hit < 1) refuse(whole, ": hits are counted from 1");
    Task before, then = parse_task(text.substr(0, at), whole);
    before.what = "off";
    before.times = hit - 1;
    then.times = 1;
    chain = {before, then};
    return chain;
  }
  for (bool more = true; more;) {
    const auto first = cut(text, "->");
    more = first.data() != nullptr;
    chain.push_back(parse_task(more ? first : text, whole));
  }
  return chain;
}

void Failpoints::set(std::string_view text) {
  std::map<std::string, Chain, std::less<>> parsed;
  while (!text.empty()) {
    const auto end = text.find(';');
    const auto item = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (item.empty()) continue;
    const auto equals = item.find('=');
    if (equals == std::string_view::npos || equals == 0) refuse(item, " needs name=task");
    const auto name = item.substr(0, equals);
    const FailpointSite& site = site_named(name.substr(0, name.find('/')), item);
    auto chain = parse_chain(item.substr(equals + 1), item);
    for (const Task& task : chain) {
      const bool throws = task.what == "throw" || task.what == "errno";
      if ((throws && !site.throws) || (task.what == "return" && !site.returns) || (task.what == "corrupt" && !site.corrupts))
        refuse(item, ": " + std::string{site.name} + " cannot be told to " + task.what);
    }
    parsed[std::string{name}] = std::move(chain);
  }
  const std::lock_guard lock{mutex_};
  for (auto& [name, chain] : parsed) points_[name] = std::move(chain);
  armed_ = std::ranges::any_of(points_, [](const auto& point) { return point.second.size() != 1 || point.second[0].what != "off"; });
  changed_.notify_all();
}

Failpoints::~Failpoints() {
  const std::lock_guard lock{mutex_};
  points_.clear();
  changed_.notify_all();
}

const Failpoints::Task* Failpoints::turn(Chain& chain) {
  for (Task& task : chain) {
    if (task.times == 0) continue;
    // A task that is not chosen has not acted: its count is of what it did.
    if (task.permille < 1000 && static_cast<long>(random_.below(1000)) >= task.permille) return nullptr;
    if (task.times > 0) --task.times;
    return &task;
  }
  return nullptr;
}

bool Failpoints::act(std::string_view name, std::string_view of, std::span<std::byte> bytes) {
  std::unique_lock lock{mutex_};
  ++hits_.try_emplace(std::string{name}).first->second;
  auto at = of.empty() ? points_.end() : points_.find(std::string{name} + "/" + std::string{of});
  if (at == points_.end()) at = points_.find(name);
  if (at == points_.end()) return false;
  const Task* const task = turn(at->second);
  if (task == nullptr || task->what == "off") return false;
  const std::string& what = task->what;
  if (what == "throw") throw FailpointError{"failpoint " + at->first};
  if (what == "errno") throw FailpointError{"failpoint " + at->first + ": " + std::strerror(static_cast<int>(task->argument))};
  if (what == "kill") ::kill(::getpid(), SIGKILL);
  if (what == "return") return true;
  if (what == "corrupt" && !bytes.empty()) {
    const auto bit = random_.below(bytes.size() * 8);
    bytes[bit / 8] ^= std::byte{1} << (bit % 8);
  } else if (what == "sleep") {
    const auto pause = std::chrono::milliseconds{task->argument};
    lock.unlock();
    std::this_thread::sleep_for(pause);
  } else if (what == "pause") {
    const std::string key = at->first;
    changed_.wait(lock, [&] {
      const auto now = points_.find(key);
      return now == points_.end() || std::ranges::none_of(now->second, [](const Task& t) { return t.what == "pause"; });
    });
  }
  return false;
}

std::map<std::string, std::uint64_t, std::less<>> Failpoints::hits() const {
  const std::lock_guard lock{mutex_};
  return hits_;
}

}  // namespace holdfast
