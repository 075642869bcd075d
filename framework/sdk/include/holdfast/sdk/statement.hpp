#pragma once

#include <optional>
#include <string>
#include <vector>

#include <holdfast/sdk/order.hpp>

/// What a venue says is so, when it is asked.
namespace holdfast {

/// An order as its venue has it.
struct VenueOrder {
  enum class State : std::uint8_t { working, filled, cancelled, expired, rejected, not_found };
  State state = State::working;
  OrderTerms terms;                  ///< cl_ord_id: zero when the order is none that we ever named.
  std::string venue_cl_ord_id;       ///< Its ClOrdID in the venue's words, of those that are not ours.
  std::uint64_t venue_order_id = 0;
  Quantity cum_qty, leaves_qty;
  std::string text;                  ///< Why it ended, in the venue's words.
};

/// A fill as its venue has it, or that one was taken back.
struct VenueFill {
  ClOrdId cl_ord_id;                 ///< Zero when its order is none that we ever named.
  std::uint64_t exec_id = 0;
  std::uint64_t venue_order_id = 0;
  InstrumentId instrument;
  Side side = Side::buy;
  Liquidity liquidity = Liquidity::taker;
  Price last_px;
  Quantity last_qty;
  Money fee;
  Time time;
  /// Zero for a fill. Otherwise the fill that is no more, by its exec_id; exec_id is that of its end, all else the fill's.
  std::uint64_t takes_back = 0;
};

struct VenuePosition {
  InstrumentId instrument;
  Quantity quantity;
};

struct VenueBalance {
  std::string currency;
  Money amount;
};

/// The answer to one VenueQuestion. What was not asked for, or could not be told, is empty: absent is not none.
struct VenueStatement {
  std::uint64_t question = 0;
  std::optional<std::vector<VenueOrder>> open;      ///< All open orders of the account, whoever sent them.
  std::vector<VenueOrder> asked;                    ///< About each order asked about by name.
  std::optional<std::vector<VenueFill>> fills;      ///< All after the one named; what took a fill back, too.
  std::optional<std::vector<VenuePosition>> positions;
  std::optional<std::vector<VenueBalance>> balances;
};

/// An order as a broker needs it to speak of it to the venue. Valid during the call.
struct WorkingOrder {
  OrderTerms terms;                  ///< As they are now.
  std::uint64_t venue_order_id = 0;  ///< 0: the venue has given none yet.
  std::uint64_t revision = 0;        ///< How often it was changed, as far as the venue has said so.
  std::string_view venue_cl_ord_id;  ///< Of an adopted order that is not ours.
};

/// What to ask a venue.
struct VenueQuestion {
  std::uint64_t number = 0;          ///< Comes back in the statement.
  bool open_orders = false, fills = false, positions = false, balances = false;
  /// The highest execution number known; 0: all there are. A plugin whose numbers are no order of time asks for all.
  std::uint64_t fills_after = 0;
  std::vector<WorkingOrder> orders;  ///< Those to be asked about by name.
};

}  // namespace holdfast
