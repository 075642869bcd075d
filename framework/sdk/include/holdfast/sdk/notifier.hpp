#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <holdfast/sdk/archive.hpp>
#include <holdfast/sdk/time.hpp>

namespace holdfast {

/// Something a person should know about the system itself.
struct Alert {
  enum class Severity : std::uint8_t { info = 0, warning = 1, critical = 2 };
  Severity severity = Severity::info;
  std::uint64_t seq = 0;  ///< Of the event it is about; `journal show --seq` tells the rest.
  Time time;              ///< Of that event.
  std::string text;       ///< One line: who, what, why.

  void state(Archive& a) { a(severity, seq, time, text); }
};
std::string_view to_string(Alert::Severity);

/// Carries alerts to people: a file, a pager, a chat. An edge: what it does is seen outside.
///
/// Every alert is told at least once and in order, when the event it is about is durable; after a
/// crash the last one may be told again, with the same `seq`. [actor-thread]
class Notifier {
 public:
  static constexpr std::string_view kKind = "notifier";
  virtual ~Notifier();
  /// Returns when the alert is on its way. Fails: throws std::runtime_error with one sentence; the
  /// same alert is told again later, and nothing after it before that.
  virtual void notify(const Alert& alert) = 0;
};

}  // namespace holdfast
