#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <holdfast/sdk/ids.hpp>

/// How our orders are called at the venue, and its numbers here.
namespace holdfast::fix_broker {

/// A ClOrdID (11) that we gave.
struct OwnName {
  ClOrdId id;
  std::uint64_t revision = 0;            ///< Of a change, from 1; 0: the order as it was sent first.
  std::optional<std::uint64_t> request;  ///< Of a request to cancel.
};

/// "HF-7-12" is order 12 of owner 7, "HF-7-12r2" its second change, "HF-7-12c31" request 31, to cancel it.
class Names {
 public:
  explicit Names(const std::string& prefix) : start_{prefix + "-"} {}
  std::string order(ClOrdId id, std::uint64_t revision) const;
  std::string cancel(ClOrdId id, std::uint64_t request) const;
  /// Empty for everything that we would not have written exactly so.
  std::optional<OwnName> parse(std::string_view text) const;

 private:
  std::string start_;
};

/// An OrderID (37) or ExecID (17): itself when it is a decimal number, otherwise a hash of it; 0 for none.
std::uint64_t number_of(std::string_view text);
/// Whether a higher number may be taken for a later one: it is none of those hashes.
constexpr bool counts_up(std::uint64_t number) { return number >> 63 == 0; }

}  // namespace holdfast::fix_broker
