#pragma once

#include <map>
#include <set>

#include "wording.hpp"

namespace holdfast::fix_broker {

/// One part of an answer: reports that may come in any order and more than once.
template <class T>
struct Part {
  std::vector<T> items;
  std::set<std::string> seen;          ///< What tells the reports apart.
  std::optional<std::int64_t> total;   ///< How many there will be, once that is known.
  bool last = false;                   ///< The one that says it is the last has come.
  bool asked = false, failed = false;

  bool done() const {
    return !asked || failed || (total ? static_cast<std::int64_t>(seen.size()) >= *total : last);
  }
  /// What can be told of it: nothing unless it is whole.
  std::optional<std::vector<T>> told() const { return asked && !failed ? std::optional{items} : std::nullopt; }
};

/// One VenueQuestion as requests, and the venue's reports put together to its answer. What the venue refuses to
/// say, or says so that nobody understands it, is left out of the statement.
class Question {
 public:
  /// `token`: nobody else ever uses it in a request's id.
  Question(const VenueQuestion& question, std::string token, const Wording& wording, Time now);

  /// What to send.
  const std::vector<fix::Message>& requests() const { return requests_; }
  /// True when the message is part of the answer.
  bool hear(const fix::Message& message);
  /// The request with that type and id will not be answered.
  void refused(std::string_view type, std::string_view id);
  bool done() const { return orders_.empty() && open_.done() && fills_.done() && positions_.done() && balances_.done(); }
  /// REQUIRES: done().
  VenueStatement statement() const;

 private:
  bool hear_order(const fix::Message& report);
  bool hear_named(const fix::Message& report, std::string_view id);
  void hear_open(const fix::Message& report);
  void hear_fill(const fix::Message& report);
  void hear_position(const fix::Message& report);
  void hear_balance(const fix::Message& report);
  std::optional<VenueOrder> order_of(const fix::Message& report) const;

  const Wording& wording_;
  std::uint64_t number_;
  std::string token_;
  std::vector<fix::Message> requests_;
  std::map<std::string, ClOrdId, std::less<>> orders_;  ///< Asked about by name and not answered, by request.
  std::vector<VenueOrder> asked_;
  Part<VenueOrder> open_;
  Part<VenueFill> fills_;
  Part<VenuePosition> positions_;
  Part<VenueBalance> balances_;
};

}  // namespace holdfast::fix_broker
