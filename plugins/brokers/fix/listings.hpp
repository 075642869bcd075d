#pragma once

#include <map>

#include "wording.hpp"

namespace holdfast::fix_broker {

/// What the venue says of our instruments: reference data (y) and whether they trade (f), told as one.
class Listings {
 public:
  explicit Listings(std::shared_ptr<const Instruments> instruments) : instruments_{std::move(instruments)} {}

  /// A connection is there: what to ask, `token` being nobody else's. What was known is asked anew.
  std::vector<fix::Message> requests(const std::string& token);
  /// True when the message was about instruments.
  bool hear(const fix::Message& message, Blotter& blotter);
  /// A request will not be answered: then the other half is told without it.
  void refused(std::string_view type, std::string_view id, Blotter& blotter);

 private:
  struct Known {
    InstrumentChanged told;
    bool listed = false, status = false;
  };
  void hear_list(const fix::Message& list, Blotter& blotter);
  void hear_entry(const fix::Entry& entry);
  void tell(Blotter& blotter, InstrumentId id);

  std::shared_ptr<const Instruments> instruments_;
  std::string token_;
  std::map<InstrumentId, Known> known_;
};

}  // namespace holdfast::fix_broker
