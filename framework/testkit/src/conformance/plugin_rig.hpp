#pragma once

#include <algorithm>
#include <holdfast/sdk/random.hpp>
#include <holdfast/testkit/conformance.hpp>
#include <span>
#include <stdexcept>

namespace holdfast::testkit {

/// The property does not hold.
struct CaseFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// The case says nothing about this plugin.
struct CaseSkipped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Time for those who wait for something outside: of this process, from its first call on.
Duration real_time();
/// What a venue's clock says, more or less.
Time wall_time();

/// What this process has of the operating system's.
struct Held {
  std::size_t files = 0, threads = 0, heap = 0;
};
Held held();

/// What cases of every suite need. [one thread]
class PluginRig {
 public:
  PluginRig(std::string_view kind, const Subject& plugin, std::uint64_t seed)
      : kind_{kind}, tested_{plugin}, seed_{seed}, chance_{seed} {}
  virtual ~PluginRig() = default;
  std::string_view kind() const { return kind_; }
  const Subject& tested() const { return tested_; }
  std::uint64_t seed() const { return seed_; }
  Random& chance() { return chance_; }
  virtual bool meets(Need need) const = 0;

  /// What must be there before it.
  virtual void prepare() {}
  /// One that no actor hosts, opened by nobody.
  virtual std::shared_ptr<void> made() { return tested_.make(); }
  /// What a host does with it first.
  virtual void open(const std::shared_ptr<void>&) {}
  /// And then, again and again.
  virtual void ask(const std::shared_ptr<void>&) {}

  static void expect(bool holds, const std::string& otherwise) {
    if (!holds) throw CaseFailed{otherwise};
  }
  void warn(const std::string& text) { warnings_ += (warnings_.empty() ? "" : "; ") + text; }
  const std::string& warnings() const { return warnings_; }
  /// What another process must arrive at as well; a digest of it becomes the evidence of the result.
  void testify(std::span<const std::byte> what);
  const std::string& evidence() const { return evidence_; }

 private:
  std::string_view kind_;
  const Subject& tested_;
  std::uint64_t seed_;
  Random chance_;
  std::string warnings_, evidence_;
};

/// Between the plugin's threads and the one that waits for them.
class Waker {
 public:
  /// [any-thread]
  void wake() const;
  /// Until somebody has called, at most so long.
  void wait(Duration patience);

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_ = made();
  static std::shared_ptr<Inside> made();
};

/// What every plugin owes, whatever its kind: how it is loaded, and that it can be thrown away.
struct CommonCase {
  const char* number;  ///< "001", behind "BC-" or another.
  const char* title;
  const char* does;
  void (*run)(PluginRig& rig);
};
const std::vector<CommonCase>& common_cases();

/// Throws away the last of it. Fails: CaseFailed, "`otherwise` 2300 ms", when that takes too long.
void expect_to_stop(std::shared_ptr<void>& plugin, const std::string& otherwise);

/// Those, of this suite.
template <class Rig>
std::vector<Case<Rig>> common_cases_of(const std::string& suite) {
  std::vector<Case<Rig>> all;
  for (const CommonCase& one : common_cases())
    all.push_back({{suite + one.number, one.title, one.does, Level::sim, {}}, one.run});
  return all;
}

/// The cases of several files, by id.
template <class Rig>
std::vector<Case<Rig>> by_id(std::initializer_list<std::vector<Case<Rig>>> files) {
  std::vector<Case<Rig>> all;
  for (const auto& file : files) all.insert(all.end(), file.begin(), file.end());
  std::ranges::sort(all, {}, &CaseText::id);
  return all;
}

/// Runs `one` on a rig that `make` makes, and says how it ended.
CaseResult judged(const CaseText& one, const std::function<std::unique_ptr<PluginRig>()>& make,
                  const std::function<void(PluginRig&)>& run);

template <class Rig, class S>
CaseResult judged(const Case<Rig>& one, const S& subject, std::uint64_t seed) {
  return judged(one, [&] { return std::make_unique<Rig>(subject, seed); },
                [&](PluginRig& rig) { one.run(static_cast<Rig&>(rig)); });
}

/// How all of them end that say something.
template <class Rig, class S>
Findings found_by(const std::vector<Case<Rig>>& cases, const S& subject, std::uint64_t seed) {
  Findings found;
  for (const Case<Rig>& one : cases)
    if (const CaseResult result = run_case(one, subject, seed);
        result.outcome == Outcome::failed || result.outcome == Outcome::inconclusive)
      found.push_back({one.id, std::string{one.title} + ": " + result.why});
  return found;
}

}  // namespace holdfast::testkit
