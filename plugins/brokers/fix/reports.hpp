#pragma once

#include <deque>
#include <map>

#include "wording.hpp"

namespace holdfast::fix_broker {

/// Writes the venue's unasked words about orders (8 and 9) on the blotter. What cannot be understood never decides
/// about an order: its outcome is unknown then, and the venue is asked.
class Reports {
 public:
  Reports(const Wording& wording, ActorId broker) : wording_{wording}, broker_{broker} {}
  void hear_execution(const fix::Message& report, Blotter& blotter);
  void hear_cancel_reject(const fix::Message& reject, Blotter& blotter);

 private:
  /// Fills remembered for the case that one is corrected: the correction does not repeat what was wrong.
  static constexpr std::size_t kFills = 65'536;

  ClOrdId id_of(const fix::Message& report) const;
  void fill(const fix::Message& report, ClOrdId id, Blotter& blotter);
  void bust(const fix::Message& report, ClOrdId id, Blotter& blotter);
  void correct(const fix::Message& report, ClOrdId id, Blotter& blotter);
  void replaced(const fix::Message& report, ClOrdId id, Blotter& blotter) const;
  void rejected(const fix::Message& report, ClOrdId id, Blotter& blotter) const;
  void status(const fix::Message& report, ClOrdId id, Blotter& blotter) const;
  void unclear(const fix::Message& report, ClOrdId id, const std::string& what, Blotter& blotter) const;
  std::optional<OrderFilled> fill_of(const fix::Message& report, ClOrdId id, std::string& why_not) const;
  void write(const OrderFilled& fill, Blotter& blotter);

  const Wording& wording_;
  ActorId broker_;
  std::map<std::uint64_t, OrderFilled> fills_;
  std::deque<std::uint64_t> oldest_;
};

}  // namespace holdfast::fix_broker
