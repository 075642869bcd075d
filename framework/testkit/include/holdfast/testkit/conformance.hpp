#pragma once

#include <cstdint>
#include <functional>
#include <holdfast/testkit/contract.hpp>
#include <holdfast/testkit/venue_under_test.hpp>
#include <optional>
#include <string>
#include <vector>

/// The conformance suite for broker plugins: what a broker owes to the system, case by case.
///
/// `holdfast conformance broker` runs each case in a process of its own and writes reports; in any test library
/// `BOOST_TEST(text_of(check_broker(subject)) == "")` runs them in this one.
namespace holdfast::testkit {

/// Raised whenever a case is added or asks for more.
inline constexpr const char* kSuiteVersion = "1.0";

/// What a plugin is fit for once all cases of a level and those before hold.
enum class Level { sim = 1, paper = 2, live = 3 };
std::string_view to_string(Level);

/// What a case needs that not every broker has.
enum class Need {
  pure,
  edge,
  asks,
  replace,
  no_replace,
  market,
  limit,
  stop,
  stop_limit,
  ioc,
  fok,
  gtd,
  post_only,
  reduce_only,
  icebergs,
  fees,
  secret,
  rejection,
};

enum class Outcome {
  passed,
  warned,  ///< Holds, and something about it is worth a look.
  failed,
  skipped,       ///< Says nothing about this broker, for the reason given.
  inconclusive,  ///< Nothing was proved: the venue or the suite itself was in the way.
};
std::string_view to_string(Outcome);

struct CaseResult {
  Outcome outcome = Outcome::passed;
  std::string why;  ///< What was seen and what is owed instead; empty when passed.
};

/// A broker, and what to test it with.
struct BrokerSubject {
  Subject plugin;
  MakeVenue venue = market_venue;
  InstrumentId instrument{1};                          ///< The one that is traded.
  Price price = Price::of(100);                        ///< Around which orders are placed.
  Quantity size = Quantity::of(1);                     ///< Of the smallest order.
  std::optional<Rate> maker_fee = {}, taker_fee = {};  ///< What the venue charges; empty: not known, not checked.
  std::string canary = {};                       ///< The value of the secrets that settings name; must show up nowhere.
  Duration patience = std::chrono::seconds{10};  ///< For an edge to do what it is told.
};

class Rig;

/// One property of a broker. Ids are for ever: what is inserted after BC-042 is BC-042b.
struct BrokerCase {
  const char* id;     ///< "BC-042"
  const char* title;  ///< A sentence that holds, or not.
  const char* does;   ///< What is done to find out.
  Level level;
  std::vector<Need> needs;
  void (*run)(Rig& rig);

  std::string group() const;       ///< "BC-040"
  std::string group_name() const;  ///< "Limit orders and time in force"
};
/// All cases, by id.
const std::vector<BrokerCase>& broker_cases();
/// The groups, in order: id and name.
const std::vector<std::pair<std::string, std::string>>& broker_groups();
/// What a need is called, for people.
std::string_view to_string(Need);

/// Runs one case in this thread. What the plugin throws is a failure; a plugin that crashes takes the process
/// along. `seed` decides every choice the case makes.
CaseResult run_case(const BrokerCase& one, const BrokerSubject& subject, std::uint64_t seed);

/// Runs every case here, one after another. Empty when all that say something about it hold.
Findings check_broker(const BrokerSubject& subject, std::uint64_t seed = 1);

/// The highest level whose cases, and those of the levels below, have all run and none failed or was inconclusive;
/// empty: not even `sim`. `outcome` tells how a case ended; empty: it was not run. A pure broker reaches `paper`
/// at most: there is no venue behind it.
std::optional<Level> level_reached(const std::function<std::optional<Outcome>(const BrokerCase&)>& outcome, bool pure);

/// What a broker claims, in the order people look for it: name and yes, no or a list.
std::vector<std::pair<std::string, std::string>> capability_matrix(const Broker& broker);

}  // namespace holdfast::testkit
