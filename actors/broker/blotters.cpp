#include "blotters.hpp"

namespace holdfast::broker {

void AnswerBlotter::acknowledged(const OrderAcknowledged& e) { stage_.answer(e); }
void AnswerBlotter::filled(const OrderFilled& e) { stage_.answer(e); }
void AnswerBlotter::cancelled(const OrderCancelled& e, std::string_view why) { stage_.answer(e, why); }
void AnswerBlotter::expired(const OrderExpired& e, std::string_view why) { stage_.answer(e, why); }
void AnswerBlotter::rejected(const OrderRejected& e, std::string_view why) { stage_.answer(e, why); }
void AnswerBlotter::cancel_rejected(const CancelRejected& e, std::string_view why) { stage_.answer(e, why); }

template <class E>
void FactBlotter::report(const E& what, std::string_view why) {
  outside_.emit(what, kReportPositions | next_++, outside_.now(), why);
}
void FactBlotter::acknowledged(const OrderAcknowledged& e) { report(e); }
void FactBlotter::filled(const OrderFilled& e) { report(e); }
void FactBlotter::cancelled(const OrderCancelled& e, std::string_view why) { report(e, why); }
void FactBlotter::expired(const OrderExpired& e, std::string_view why) { report(e, why); }
void FactBlotter::rejected(const OrderRejected& e, std::string_view why) { report(e, why); }
void FactBlotter::cancel_rejected(const CancelRejected& e, std::string_view why) { report(e, why); }

}  // namespace holdfast::broker
