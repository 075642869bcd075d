#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <holdfast/sdk/order.hpp>
#include <holdfast/sdk/schema.hpp>

/// What a venue does wrong on purpose.
namespace holdfast::venue {

/// What is done: all that can go wrong, each named once in `troubles()`.
enum class Wrong : std::uint8_t {
  ack_lost, request_lost, dup_fill, late_fill, out_of_order_fills, lost_fills, fill_after_cancel, replace_ghost, orphan_order,
  order_id_rollback, reject_burst, throttle, stale_snapshot, slow,  // Wait for what they spoil.
  bust, correct, unknown_position, phantom_order, forget_everything, halt, resume, sequence_gap, sequence_reset, disconnect,
  half_open, clock_skew,                                            // Happen at once.
};

/// One row of the table of troubles.
struct WrongDoc {
  Wrong what;
  std::string_view name;
  std::string_view text;
  bool waits;             ///< For the next `count` of what it spoils; otherwise it happens at once.
  bool to_session = false;  ///< And to sessions.
};
const std::vector<WrongDoc>& troubles();

/// One thing to do wrong: what, to whom, how, and in a scenario when.
struct Trouble {
  std::string what;
  std::string account;         ///< Empty: whoever comes first; of what happens to sessions, all.
  std::string session;         ///< A CompID, of what happens to sessions; empty: all of the account.
  std::string symbol;
  int count = 1;
  Duration by = std::chrono::seconds{1};
  Side side = Side::buy;
  std::string side_word = "buy";
  Quantity quantity;
  Price price;
  std::uint64_t exec = 0;      ///< ExecID; zero: the account's last fill.
  int after_orders = 0;        ///< Done when this many new orders have come in.
  Duration at{};               ///< Done this long after the start.
  Rate chance;                 ///< Done with each new order with this probability.

  const WrongDoc& doc() const;
  Wrong wrong() const { return doc().what; }
};

/// Reads one trouble, from a scenario or from an operator; the only statement of its settings.
const Schema<Trouble>& trouble_schema();
/// Reads a list of troubles, each of which says when. Appends every problem found.
std::vector<Trouble> read_scenario(const Setting& list, Problems& problems);
/// Reads "what key=value …" as an operator writes it. Appends every problem found.
Trouble read_trouble(const std::vector<std::string>& words, Problems& problems);

}  // namespace holdfast::venue
