#pragma once

#include <holdfast/sdk.hpp>

namespace holdfast::broker {

/// Reports of a pure broker: answers to the event it hears.
class AnswerBlotter final : public Blotter {
 public:
  explicit AnswerBlotter(Stage& stage) : stage_{stage} {}
  Time now() const override { return stage_.now(); }
  void acknowledged(const OrderAcknowledged&) override;
  void filled(const OrderFilled&) override;
  void cancelled(const OrderCancelled&, std::string_view why) override;
  void expired(const OrderExpired&, std::string_view why) override;
  void rejected(const OrderRejected&, std::string_view why) override;
  void cancel_rejected(const CancelRejected&, std::string_view why) override;

 private:
  Stage& stage_;
};

/// Reports of an edge broker: facts from outside, numbered by `next`.
class FactBlotter final : public Blotter {
 public:
  FactBlotter(Outside& outside, std::uint64_t& next) : outside_{outside}, next_{next} {}
  Time now() const override { return outside_.now(); }
  void acknowledged(const OrderAcknowledged&) override;
  void filled(const OrderFilled&) override;
  void cancelled(const OrderCancelled&, std::string_view why) override;
  void expired(const OrderExpired&, std::string_view why) override;
  void rejected(const OrderRejected&, std::string_view why) override;
  void cancel_rejected(const CancelRejected&, std::string_view why) override;

 private:
  template <class E>
  void report(const E& what, std::string_view why = {});
  Outside& outside_;
  std::uint64_t& next_;
};

// Where the broker actor's facts stand among its positions. A release is unique by its order's id,
// whose owner leaves the top two bits free; the others are counted.
inline constexpr std::uint64_t kReportPositions = std::uint64_t{1} << 62;
inline constexpr std::uint64_t kCancelPositions = std::uint64_t{1} << 63;

}  // namespace holdfast::broker
