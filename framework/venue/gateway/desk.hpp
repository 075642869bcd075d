#pragma once

#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "market_data.hpp"
#include "venue/gateway.hpp"

namespace holdfast::venue {

/// What is to be done to a session's connection.
struct SessionAct {
  Wrong what{};
  std::string session;
  int count = 0;
  Duration by{};
  bool over = false;  ///< half_open: the end of it.
};

/// Between FIX messages and the exchange: who may ask what, who is told, and what goes wrong on the way.
///
/// Deterministic, without clock, file, thread or socket; what it did and what it says is fetched. One thread at
/// a time.
class Desk {
 public:
  /// Fails: std::runtime_error, when a recording cannot be read.
  explicit Desk(const VenueOptions& options);

  void replay(const Batch& batch) { exchange_.replay(batch); }
  /// Everything kept is replayed: lists instruments, opens accounts. Fails: std::invalid_argument.
  void begin(Time now);

  /// A text refuses. From any thread.
  std::optional<std::string> refuse_logon(const std::string& session, const std::string& password) const;
  void logged_on(const std::string& session);
  void logged_out(const std::string& session, Time now);
  void message(const std::string& session, const fix::Message& message, Time now);
  void tick(Time now);
  std::pair<bool, std::string> perform(const Trouble& trouble, Time now);
  /// Could not be sent: goes once its session is there, if it waits for that.
  void unsent(Outgoing outgoing);
  /// Nobody's orders are cancelled any more because they leave: we do.
  void closing() { closing_ = true; }

  /// What must be kept before anything else is fetched and sent.
  std::vector<Batch> take_batches();
  std::vector<Outgoing> take_due(Time now);
  std::vector<SessionAct> take_acts(Time now);
  /// When something is due by itself; empty: nothing is.
  std::optional<Time> next_due() const;
  std::size_t logged_on() const;
  const Exchange& exchange() const { return exchange_; }

 private:
  struct Session {
    std::string account;
    bool logged_on = false;
    std::deque<Outgoing> unsent;
    std::vector<std::string> statuses;
  };
  struct Armed {
    Trouble trouble;
    int left = 0;
  };
  /// Requests of a second.
  struct Window {
    std::int64_t second = 0;
    int requests = 0;
  };

  // What clients ask (requests.cpp, queries.cpp).
  void new_order(Request& request, const fix::Message& message, Time now);
  void submit(const Request& request, Time now);
  void cancel(const Request& request, Time now);
  void replace(const Request& request, Time now);
  void mass_cancel(const fix::Message& message, Time now);
  void order_status(const fix::Message& message, Time now);
  void mass_status(const fix::Message& message, Time now);
  void trades(const fix::Message& message, Time now);
  void positions(const fix::Message& message);
  void balances(const fix::Message& message, Time now);
  void instruments(const fix::Message& message);
  void instrument_status(const fix::Message& message, Time now);
  bool throttled(const fix::Message& message, Time now);

  // What clients are told (telling.cpp).
  void answer(fix::Message message, bool waits = true);
  void tell(const Reports& reports, Time now);
  void tell_fill(const Report& report, const std::string& session, Time now);
  void send(Outgoing outgoing, Time due);
  void tell_statuses(Time now);
  std::string session_of(const Report& report) const;
  std::uint64_t told_id(std::uint64_t order_id) const;
  void keep();

  // What goes wrong (wrongs.cpp).
  std::optional<Trouble> spoils(Wrong what, const std::string& account);
  std::pair<bool, std::string> now_wrong(const Trouble& trouble, Time now);
  std::pair<bool, std::string> mend_fill(const Trouble& trouble, Time now);
  std::pair<bool, std::string> act(const Trouble& trouble, Time now);
  void count_order(Time now);
  void scenario_tick(Time now);
  void phantom(const std::string& account, const std::string& symbol, const NewOrder& terms, Time now);

  VenueOptions options_;
  Exchange exchange_;
  Crowd crowd_;
  std::list<Recording> recordings_;
  MarketData market_data_;
  Random random_;
  std::map<std::string, Session> sessions_;         ///< By CompID.
  std::map<std::string, const AccountOptions*> accounts_;
  std::map<std::string, Trading> trading_;          ///< As last told.
  std::map<std::string, Window> windows_;           ///< By account.
  std::map<std::uint64_t, std::uint64_t> told_;     ///< OrderIDs that clients know otherwise.
  std::map<std::string, Outgoing> held_fill_;       ///< By account: waits for the next.
  std::map<std::string, Time> held_until_;
  std::vector<Armed> armed_;
  std::vector<bool> done_;                          ///< Of the scenario.
  int orders_ = 0;
  std::string asking_;                              ///< Whose message is being answered.
  Time answered_;                                   ///< When what is answered now leaves.
  std::optional<Time> began_;
  bool closing_ = false;
  std::vector<Batch> batches_;
  std::multimap<Time, Outgoing> outgoing_;
  std::multimap<Time, SessionAct> acts_;
};

}  // namespace holdfast::venue
