#pragma once

#include <cstdint>
#include <functional>
#include <holdfast/testkit/contract.hpp>
#include <holdfast/testkit/venue_under_test.hpp>
#include <optional>
#include <string>
#include <vector>

/// The conformance suites: what a broker, a feed or a strategy owes to the system, case by case.
///
/// `holdfast conformance broker` runs each case in a process of its own and writes reports; in any test library
/// `BOOST_TEST(text_of(check_broker(subject)) == "")` runs them in this one.
namespace holdfast::testkit {

/// Raised whenever a case is added or asks for more.
inline constexpr const char* kSuiteVersion = "1.1";

/// What a plugin is fit for once all cases of a level and those before hold.
enum class Level { sim = 1, paper = 2, live = 3 };
std::string_view to_string(Level);

/// What a case needs that not every plugin has.
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
  recorded,    ///< A feed that tells the same every time.
  connection,  ///< A feed with a venue.
  onlooker,
};
/// What a need is called, for people.
std::string_view to_string(Need);

enum class Outcome {
  passed,
  warned,  ///< Holds, and something about it is worth a look.
  failed,
  skipped,       ///< Says nothing about this plugin, for the reason given.
  inconclusive,  ///< Nothing was proved: the venue or the suite itself was in the way.
};
std::string_view to_string(Outcome);

struct CaseResult {
  Outcome outcome = Outcome::passed;
  std::string why = {};  ///< What was seen and what is owed instead; empty when passed.
  /// What must come out again when the case is run in another process; empty: nothing.
  std::string evidence = {};
};

/// Notes what a plugin asks its process for, beyond what it is lent: clocks, chance, the environment.
class Onlooker {
 public:
  virtual ~Onlooker() = default;
  /// [one thread] From now on, until as many end() as begin().
  virtual void begin() = 0;
  virtual void end() = 0;
  /// Since the last call, each once: "a clock (clock_gettime)".
  virtual std::vector<std::string> take() = 0;
};

/// A plugin that has to do with a venue, and what to test it with.
struct VenueSubject {
  Subject plugin;
  MakeVenue venue = {};
  InstrumentId instrument{1};                    ///< The one that is traded.
  Price price = Price::of(100);                  ///< Around which orders are placed.
  Quantity size = Quantity::of(1);               ///< Of the smallest order.
  std::string canary = {};                       ///< The value of the secrets that settings name; must show up nowhere.
  Duration patience = std::chrono::seconds{10};  ///< For an edge to do what it is told.
};
/// `venue` empty: market_venue().
struct BrokerSubject : VenueSubject {
  std::optional<Rate> maker_fee = {}, taker_fee = {};  ///< What the venue charges; empty: not known, not checked.
};
/// `venue` empty: it reads a recording, or makes one up, and tells the same every time.
struct FeedSubject : VenueSubject {
  std::size_t records = 100;      ///< At least so many are told by a recording.
  Onlooker* onlooker = nullptr;   ///< Null: nobody looks. Outlives the cases.
};
struct StrategySubject {
  Subject plugin;
  Price price = Price::of(100);  ///< Where the generated market begins.
  int ticks = 400;
  Onlooker* onlooker = nullptr;  ///< Null: nobody looks. Outlives the cases.
};

/// One property of a plugin. Ids are for ever: what is inserted after BC-042 is BC-042b.
struct CaseText {
  std::string id;     ///< "BC-042"
  const char* title;  ///< A sentence that holds, or not.
  const char* does;   ///< What is done to find out.
  Level level;
  std::vector<Need> needs;

  std::string group() const;       ///< "BC-040"
  std::string group_name() const;  ///< "Limit orders and time in force"
};
/// And how it is found out.
template <class Rig>
struct Case : CaseText {
  std::function<void(Rig&)> run;
};
using BrokerCase = Case<class Rig>;
using FeedCase = Case<class FeedRig>;
using StrategyCase = Case<class StrategyRig>;

/// All cases of a suite, by id.
const std::vector<BrokerCase>& broker_cases();
const std::vector<FeedCase>& feed_cases();
const std::vector<StrategyCase>& strategy_cases();

/// Runs one case in this thread. What the plugin throws is a failure; a plugin that crashes takes the process
/// along. `seed` decides every choice the case makes.
CaseResult run_case(const BrokerCase& one, const BrokerSubject& subject, std::uint64_t seed);
CaseResult run_case(const FeedCase& one, const FeedSubject& subject, std::uint64_t seed);
CaseResult run_case(const StrategyCase& one, const StrategySubject& subject, std::uint64_t seed);

/// Runs every case here, one after another. Empty when all that say something about it hold.
Findings check_broker(const BrokerSubject& subject, std::uint64_t seed = 1);
Findings check_feed(const FeedSubject& subject, std::uint64_t seed = 1);
Findings check_strategy(const StrategySubject& subject, std::uint64_t seed = 1);

/// How the cases of a suite ended; empty: was not run.
using Ends = std::vector<std::pair<Level, std::optional<Outcome>>>;
/// The highest level whose cases, and those of the levels below, have all run and none failed or was inconclusive;
/// empty: not even `sim`. What has no venue behind it, `alone`, reaches `paper` at most.
std::optional<Level> level_reached(const Ends& cases, bool alone);

/// What a broker claims, in the order people look for it: name and yes, no or a list.
std::vector<std::pair<std::string, std::string>> capability_matrix(const Broker& broker);

}  // namespace holdfast::testkit
