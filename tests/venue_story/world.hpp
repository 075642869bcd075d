#pragma once

#include <holdfast/venue/log.hpp>
#include <holdfast/venue/records.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "system_fixture.hpp"
#include "tools/program.hpp"

/// A venue and a trading system, each in a process of its own, to be killed; and the comparison of what both hold.
namespace holdfast::test {

/// `holdfast venue` in a folder of its own; killed with its object. Its accounts are ours, ACME, and BOLT, which
/// trades when a test says so.
class VenueProcess {
 public:
  struct Options {
    /// Who else quotes; empty: nobody.
    std::string crowd = "{ symbol: BTC, spread: 0.1, step: 0.05, depth: 5, levels: 5, every: 20ms, trade_every: 0s }";
    std::string scenario = "[]";
    std::string account = "";  ///< More settings of the account ACME, such as "throttle: 5".
  };
  VenueProcess() : VenueProcess(Options{}) {}
  explicit VenueProcess(const Options& options);
  /// Starts it, the first time at a port of the kernel's choice, then there again.
  void start();
  void kill();
  /// Asked to: what it does by itself when it is asked nicely.
  void stop();
  bool running() const { return process_ != nullptr; }
  int port() const { return port_; }
  /// `holdfast venue do …`; fails the test when it is refused.
  void perform(const std::vector<std::string>& words);
  /// BOLT trades with the best orders up to `price`; what is left of it rests.
  void bolt(Side side, const std::string& quantity, const std::string& price);
  /// What is true, whatever clients were told.
  venue::Records records() const;

 private:
  std::string file(const char* name) const { return dir_ / name; }

  ScratchDir dir_;
  std::unique_ptr<ScratchDir> out_;
  std::unique_ptr<Program> process_;
  int port_ = 0;
};

/// `holdfast run` of a system with a trader and the broker plugin fix; killed with its object.
class TraderProcess {
 public:
  struct Options {
    int orders = 20;
    bool rests = false;
    std::uint64_t seed = 7;
    std::string every = "5ms";
    /// How often the broker compares, and how long it waits.
    std::string checks = "answer_within: 400ms, check_in_flight: 50ms, check_orders: 200ms, check_positions: 300ms, patience: 300ms";
    std::string broker = "";  ///< More settings of the broker actor, such as "fallback: other, ".
    std::string plugin = "";  ///< More settings of the plugin.
    std::string more = "";    ///< More actors, one a line.
    std::string risk = "";
    std::string trader = "";  ///< More settings of the strategy, such as ", crashes: 1".
    std::string market = "plugin: synthetic, instruments: [BTC], start_price: 100, ticks: 0";
    int intensity = 1000;        ///< Restarts before the system gives up.
    int snapshot_every = 500;
  };
  /// Compares at the start and after a reconnect, and at no other time.
  static constexpr const char* kRarely =
      "answer_within: 2s, check_in_flight: 1h, check_orders: 1h, check_positions: 1h, check_balances: 1h, patience: 300ms";
  TraderProcess(const VenueProcess& venue, const Options& options);
  void start(const std::string& failpoints = "");
  void kill();
  bool running() const { return process_ != nullptr && process_->running(); }
  /// Waits until it has ended, however. Returns the exit code; 1000 + signal when a signal ended it.
  int wait();
  /// By SIGTERM; checks that it ends well.
  void stop();
  /// `holdfast orders`, `reconcile`, `status` … as JSON; null when it cannot be asked.
  nlohmann::json ask(const std::vector<std::string>& words) const;
  /// Every order was placed and has ended, and the broker is armed.
  bool done() const;
  bool armed() const;
  /// Where it stands, for people.
  std::string story() const;
  std::string data() const { return dir_ / "data"; }
  const Options& options() const { return options_; }

 private:
  ScratchDir dir_;
  std::unique_ptr<ScratchDir> out_;
  std::unique_ptr<Program> process_;
  bool failing_ = false;  ///< With a failpoint.
  Options options_;
};

/// What is wrong between the venue's truth and the system's journal, once both are at rest; empty: nothing.
/// Orders unique, fills neither lost nor doubled, positions and open orders equal, the ledger complete, and the
/// journal's chain and, of actors that reproduce themselves, every fold as they were.
std::string disagreement(const venue::Records& venue, const std::string& data_dir, bool reproduces = true);

/// What each actor's state comes to, by name: its digest once the journal is folded.
std::map<std::string, std::string> state_digests(const std::string& data_dir);

/// The trader is done, and has open what the venue has open: what the venue added, the next comparison finds.
bool at_rest(const TraderProcess& trader, const VenueProcess& venue);
/// Waits for that, stops both, and compares.
void check_at_rest(TraderProcess& trader, VenueProcess& venue);

}  // namespace holdfast::test
