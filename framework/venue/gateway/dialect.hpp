#pragma once

#include <holdfast/fix/message.hpp>
#include <holdfast/fix/tags.hpp>
#include <holdfast/venue/exchange.hpp>

/// The venue's messages, as clients write them and as it writes them. Nothing here has state.
namespace holdfast::venue {

namespace tag = fix::tag;

/// Why a message cannot be understood: BusinessRejectReason (380) and a sentence. Reason 0: it can.
struct Unclear {
  int reason = 0;
  std::string text;
};

/// FIX D, F and G. `request` gets all but its account and session.
Unclear read_request(const fix::Message& message, Request& request);

/// FIX 8 or 9. `order_id`: as the client is told, which is the order's own where nothing goes wrong.
fix::Message message_of(const Report& report, std::uint64_t order_id);
/// FIX 8 for "there is nothing open", `id` being the MassStatusReqID.
fix::Message no_orders(const std::string& account, const std::string& id, Time now);
/// FIX AE.
fix::Message message_of(const Fill& fill, const Order& order, const Listing& listing, std::uint64_t order_id);
/// An entry of FIX y.
fix::Entry entry_of(const Listing& listing);
/// FIX f; `id`: SecurityStatusReqID of who asked, empty when nobody did.
fix::Message security_status(const std::string& symbol, Trading trading, const std::string& id, Time now);
/// FIX j.
fix::Message business_reject(const fix::Message& refused, const Unclear& why);

}  // namespace holdfast::venue
