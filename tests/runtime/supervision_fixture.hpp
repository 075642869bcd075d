#pragma once

#include <holdfast/runtime/supervision.hpp>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// Supervision driven by words: a tree in one line, what happens in a second, what is done in a third.
namespace holdfast::test {

/// Reads `one_for_all 1/5 (a b~ c. one_for_one 0/5 (x y))`: strategy, intensity/period in seconds,
/// children; `~` is transient, `.` is temporary. Waits before restarts are off.
class TreeReader {
 public:
  explicit TreeReader(const std::string& text) {
    for (const char c : text) spaced_ += c == '(' || c == ')' ? std::string{' ', c, ' '} : std::string{c};
    in_.str(spaced_);
  }
  SupervisorPlan read() {
    std::string word;
    in_ >> word;
    return supervisor(word);
  }

 private:
  SupervisorPlan supervisor(const std::string& strategy) {
    SupervisorPlan plan;
    plan.name = "s" + std::to_string(count_++);
    plan.strategy = strategy == "one_for_all"    ? RestartStrategy::one_for_all
                    : strategy == "rest_for_one" ? RestartStrategy::rest_for_one
                                                 : RestartStrategy::one_for_one;
    char slash = 0, open = 0;
    int seconds = 0;
    in_ >> plan.intensity >> slash >> seconds >> open;
    if (slash != '/' || open != '(') throw std::invalid_argument{"no tree: " + spaced_};
    plan.period = std::chrono::seconds{seconds};
    plan.backoff.initial = plan.backoff.max = Duration{0};
    for (std::string word; in_ >> word && word != ")";) {
      if (word.find("_for_") != std::string::npos) plan.children.push_back({supervisor(word)});
      else plan.children.push_back({actor(word)});
    }
    return plan;
  }
  static ActorPlan actor(std::string word) {
    ActorPlan plan;
    if (word.back() == '~') plan.restart = Restart::transient;
    if (word.back() == '.') plan.restart = Restart::temporary;
    if (plan.restart != Restart::permanent) word.pop_back();
    plan.name = word;
    return plan;
  }

  std::string spaced_;
  std::istringstream in_;
  int count_ = 0;
};

/// Carries out what supervision says, at once, and writes it down: `+a` started, `-a` asked to
/// stop, `!a` killed. Words it understands: `a:crash`, `a:exit`, `a:park`, `fail:a` (its next
/// start fails), `hang:a` (it does not hear a stop), `slow:a` (its next start takes until
/// `up:a`), `stop`, and `1500ms` to let time pass.
class SupervisedTree {
 public:
  explicit SupervisedTree(const SupervisorPlan& plan, std::uint64_t seed = 1) : supervision_{plan, seed} {
    for (const auto* actor : actors_of(plan)) names_.push_back(actor->name);
  }

  /// All that was done, with a bar before what each word caused.
  std::string play(const std::string& script) {
    if (!std::exchange(started_, true)) carry_out(supervision_.start(now));
    std::istringstream in{script};
    for (std::string word; in >> word;) {
      log_ += " |";
      say(word);
    }
    return log_.empty() ? log_ : log_.substr(1);
  }

  void say(const std::string& word) {
    const auto colon = word.find(':');
    if (word == "stop") return carry_out(supervision_.stop(now));
    if (word.ends_with("ms")) return pass(std::chrono::milliseconds{std::stol(word)});
    const std::string first = word.substr(0, colon), second = word.substr(colon + 1);
    if (first == "fail") return void(++failing_[second]);
    if (first == "hang") return void(hanging_.insert(second));
    if (first == "slow") return void(slow_.insert(second));
    if (first == "up") return carry_out(supervision_.started(index(second), now));
    const Exit exit = second == "crash" ? Exit::crash : second == "park" ? Exit::parked : Exit::normal;
    carry_out(supervision_.exited(index(first), exit, now));
  }

  void pass(Duration span) {
    const Time until = now + span;
    while (const auto next = supervision_.next_deadline()) {
      if (*next > until) break;
      now = std::max(now, *next);
      carry_out(supervision_.advance(now));
    }
    now = until;
  }

  std::size_t index(const std::string& name) const {
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) return i;
    throw std::invalid_argument{"no actor " + name};
  }
  Supervision::State state(const std::string& name) const { return supervision_.state(index(name)); }
  Supervision& supervision() { return supervision_; }

  Time now{1'000'000'000'000};
  std::string why;  ///< Why the tree gave up.

 private:
  void carry_out(const Supervision::Commands& commands) {
    using Kind = Supervision::Command::Kind;
    for (const auto& command : commands) {
      const std::string name = command.kind >= Kind::stopped ? "" : names_[command.actor];
      switch (command.kind) {
        case Kind::start: start(command.actor, name); break;
        case Kind::stop:
          log_ += " -" + name;
          if (!hanging_.contains(name)) carry_out(supervision_.exited(command.actor, Exit::normal, now));
          break;
        case Kind::kill:
          log_ += " !" + name;
          carry_out(supervision_.exited(command.actor, Exit::crash, now));
          break;
        case Kind::stopped: log_ += " stopped"; break;
        case Kind::give_up:
          log_ += " give_up";
          why = command.why;
          break;
      }
    }
  }

  void start(std::size_t actor, const std::string& name) {
    log_ += " +" + name;
    if (slow_.erase(name) > 0) return;
    if (failing_[name] > 0) {
      --failing_[name];
      return carry_out(supervision_.exited(actor, Exit::crash, now));
    }
    carry_out(supervision_.started(actor, now));
  }

  Supervision supervision_;
  std::vector<std::string> names_;
  std::map<std::string, int> failing_;
  std::set<std::string> hanging_, slow_;
  std::string log_;
  bool started_ = false;
};

}  // namespace holdfast::test
