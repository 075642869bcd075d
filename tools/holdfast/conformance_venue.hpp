#pragma once

#include <holdfast/sdk/instrument.hpp>
#include <holdfast/testkit/venue_under_test.hpp>
#include <string>

namespace holdfast::cli {

/// What a configuration says of a venue that is a process.
struct VenueProcess {
  std::string file;          ///< As `holdfast venue` reads it.
  std::string counterparty;  ///< CompID and account of somebody to trade with.
  std::string account;       ///< The account that the broker under test trades for.
  std::string key;           ///< What the venue reads as ${CONFORMANCE_KEY}: the account's password, say.
};

/// `holdfast venue` in a process of its own, on a port the kernel chooses, with its data below `dir`; the
/// counterparty is a FIX session. Fails, when it is attached or asked: VenueTrouble.
std::unique_ptr<testkit::VenueUnderTest> process_venue(const VenueProcess& what, const std::string& dir,
                                                       std::shared_ptr<const Instruments> instruments);

}  // namespace holdfast::cli
