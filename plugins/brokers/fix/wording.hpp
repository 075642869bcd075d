#pragma once

#include <holdfast/fix/message.hpp>
#include <holdfast/sdk.hpp>

#include "names.hpp"

/// Messages as we write them, and the parts of messages that mean the same wherever they are read.
namespace holdfast::fix_broker {

/// Writes requests. Keeps nothing.
class Wording {
 public:
  /// `account`: in every request, none when empty.
  Wording(const std::string& prefix, std::string account, std::shared_ptr<const Instruments> instruments)
      : names_{prefix}, account_{std::move(account)}, instruments_{std::move(instruments)} {}

  const Names& names() const { return names_; }
  /// FIX D.
  fix::Message order(const OrderTerms& terms, Time now) const;
  /// FIX F.
  fix::Message cancel(const WorkingOrder& order, std::uint64_t request, Time now) const;
  /// FIX G.
  fix::Message replace(const WorkingOrder& order, const ApprovedReplace& change, std::uint64_t revision, Time now) const;
  /// FIX H.
  fix::Message status(const WorkingOrder& order, const std::string& request) const;
  /// FIX AF, AD, AN and BB, named `request` in their own field for that.
  fix::Message open_orders(const std::string& request) const;
  fix::Message trades(const std::string& request, std::uint64_t after) const;
  fix::Message positions(const std::string& request, Time now) const;
  fix::Message balances(const std::string& request) const;

  /// Null when the symbol (55) is none of ours.
  const Instrument* instrument(const fix::Message& message) const;

 private:
  void name(fix::Message& message, int field, const WorkingOrder& order) const;
  void describe(fix::Message& message, const OrderTerms& terms) const;
  void sign(fix::Message& message) const;
  const std::string& symbol(InstrumentId id) const;

  Names names_;
  std::string account_;
  std::shared_ptr<const Instruments> instruments_;
};

/// FIX Side (54); empty when it is neither.
template <class Source>
std::optional<Side> side_of(const Source& source);
/// What an order in a report says of itself, but for its name and instrument; empty when it is garbled.
std::optional<OrderTerms> terms_of(const fix::Message& report);
/// The Text (58), or `otherwise`.
std::string words_of(const fix::Message& message, const char* otherwise);

}  // namespace holdfast::fix_broker
