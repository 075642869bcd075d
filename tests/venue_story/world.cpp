#include "world.hpp"

#include <holdfast/journal/verify.hpp>
#include <sstream>

namespace holdfast::test {

namespace {

/// One run of the program to its end.
Ended run(const std::vector<std::string>& words) {
  const ScratchDir out;
  return Program{out, words}.wait();
}

}  // namespace

VenueProcess::VenueProcess(const Options& options) {
  std::ofstream{file("venue.yaml")}
      << "venue: 1\nport: 0\nseed: 7\ninstruments:\n"
         "  - { symbol: BTC, currency: USD, tick: 0.01, lot: 0.001, min_qty: 0.001, max_qty: 100000, taker_fee: 0.0005, "
         "maker_fee: -0.0001, session: 24x7, reference: 100 }\n"
         "  - { symbol: ETH, currency: USD, tick: 0.01, lot: 0.001, session: 24x7, reference: 50 }\n"
         "accounts:\n  - { name: BOLT, sessions: [BOLT], balances: {USD: 1000000000} }\n"
         "  - { name: ACME, sessions: [ACME, ACME-MD], balances: {USD: 1000000000} "
      << (options.account.empty() ? "" : ", " + options.account) << " }\n"
      << (options.crowd.empty() ? "" : "crowd:\n  - " + options.crowd + "\n") << "scenario: " << options.scenario << "\n";
}

void VenueProcess::start() {
  std::filesystem::remove(file("port"));
  out_ = std::make_unique<ScratchDir>();
  process_ = std::make_unique<Program>(*out_, std::vector<std::string>{"venue", file("venue.yaml"), "--data", file("data"), "--port",
                                                                       std::to_string(port_), "--port-file", file("port")});
  const bool up = wait_until([&] { return std::filesystem::exists(file("port")) || !process_->running(); });
  if (!up || !process_->running()) throw std::runtime_error{"the venue does not start: " + text_of_file(*out_ / "stderr")};
  port_ = std::stoi(text_of_file(file("port")));
}

void VenueProcess::kill() {
  process_.reset();
}

void VenueProcess::stop() {
  process_->signal(SIGTERM);
  const Ended ended = process_->wait();
  BOOST_TEST(ended.code == 0, ended.err);
  process_.reset();
}

void VenueProcess::perform(const std::vector<std::string>& words) {
  std::vector<std::string> all{"venue", "do", file("data")};
  all.insert(all.end(), words.begin(), words.end());
  const Ended ended = run(all);
  BOOST_TEST(ended.code == 0, ended.err);
}

void VenueProcess::bolt(Side side, const std::string& quantity, const std::string& price) {
  perform({"phantom_order", "account=BOLT", "symbol=BTC", "side=" + std::string{to_string(side)}, "quantity=" + quantity,
           "price=" + price});
}

venue::Records VenueProcess::records() const {
  venue::Records records;
  venue::read_log(file("data") + "/venue.log", [&](const venue::Batch& batch) {
    for (const auto& fact : batch.facts) records.apply(batch.time, fact);
  });
  return records;
}

TraderProcess::TraderProcess(const VenueProcess& venue, const Options& options) : options_{options} {
  std::ofstream{dir_ / "plan.yaml"}
      << "holdfast: 1\nsystem: { name: story, clock: wall, seed: " << options.seed << ", workers: 2 }\n"
      << "plugins: { path: [" << TEST_PLUGINS << ", " << (build_dir() / "plugins").string() << "] }\n"
      << "journal: { snapshot_every: " << options.snapshot_every << " }\n"
      << "instruments:\n"
         "  - { symbol: BTC, tick: 0.01, lot: 0.001, currency: USD, session: 24x7 }\n"
         "  - { symbol: ETH, tick: 0.01, lot: 0.001, currency: USD, session: 24x7 }\n"
         "tree:\n  strategy: one_for_one\n  intensity: " << options.intensity << "\n  backoff: { initial: 1ms, max: 2ms }\n  children:\n"
         "    - { name: ledger, actor: ledger }\n"
         "    - { name: risk, actor: risk, settings: { "
      << options.risk << "rules: [{ plugin: fat_finger, max_quantity: 1000, max_notional: 10000000 }] } }\n"
      << "    - name: venue\n      actor: broker\n      settings:\n"
         "        { "
      << options.checks << ",\n          " << options.broker << "broker: { plugin: fix, host: 127.0.0.1, port: " << venue.port()
      << ", sender: ACME, target: VENUE, account: ACME, heartbeat: 1s, reconnect_min: 5ms, reconnect_max: 50ms" << options.plugin
      << " } }\n" << options.more
      << "    - { name: trader, actor: strategy, settings: { strategy: { plugin: trader, instrument: BTC, orders: " << options.orders
      << ", every: " << options.every << ", rests: " << (options.rests ? "true" : "false") << options.trader << " } } }\n"
      << "    - { name: market, actor: feed, settings: { speed: 1, source: { " << options.market << " } } }\n";
}

void TraderProcess::start(const std::string& failpoints) {
  failing_ = !failpoints.empty();
  out_ = std::make_unique<ScratchDir>();
  std::vector<std::string> words{"run", dir_ / "plan.yaml", "--data-dir", data()};
  if (!failpoints.empty()) words.insert(words.end(), {"--failpoints", failpoints});
  process_ = std::make_unique<Program>(*out_, words);
}

void TraderProcess::kill() {
  process_.reset();
}

int TraderProcess::wait() {
  const Ended ended = process_->wait();
  process_.reset();
  return ended.code;
}

void TraderProcess::stop() {
  process_->signal(SIGTERM);
  Ended ended = process_->wait();
  if (ended.code == 1000 + SIGKILL && failing_) {
    // The failpoint was reached on the way out: another life ends it.
    start();
    BOOST_TEST_REQUIRE(wait_until([&] { return armed(); }));
    process_->signal(SIGTERM);
    ended = process_->wait();
  }
  BOOST_TEST(ended.code == 0, "it ended with " << ended.code << ": " << ended.err << ended.out);
  process_.reset();
}

nlohmann::json TraderProcess::ask(const std::vector<std::string>& words) const {
  std::vector<std::string> all = words;
  all.insert(all.begin() + 1, data());
  all.emplace_back("--json");
  const Ended ended = run(all);
  auto said = nlohmann::json::parse(ended.out, nullptr, false);
  // As if nothing were there yet, where nothing can be read yet.
  if (!said.is_object()) said = {{"running", false}, {"orders", nlohmann::json::array()}, {"links", nlohmann::json::array()}, {"differences", nlohmann::json::array()}, {"latches", nlohmann::json::array()}, {"fills", 0}};
  return said;
}

std::string TraderProcess::story() const {
  std::string out = running() ? "it runs; " : "it has ended; ";
  for (const char* what : {"status", "orders", "reconcile"}) {
    const Ended ended = run({what, data()});
    out += ended.out + ended.err;
  }
  return out + text_of_file(*out_ / "stderr") + run({"journal", "show", data(), "--tail", "40"}).out;
}

bool TraderProcess::armed() const {
  const auto book = ask({"reconcile"});
  if (!book["running"].get<bool>()) return false;
  for (const auto& link : book["links"])
    if (link["broker"] == "venue") return link["state"] == "armed";
  return false;
}

bool TraderProcess::done() const {
  const auto status = ask({"status"});
  if (!status["running"].get<bool>() || status["orders"] < options_.orders) return false;
  const auto book = ask({"orders"});
  for (const auto& order : book["orders"])
    if (options_.rests ? order["status"] != "acknowledged" : order["owner"] == "trader") return false;
  return book["running"].get<bool>() && armed();
}

namespace {

std::string check_journal(const std::string& data_dir, bool reproduces) {
  std::ostringstream out;
  const VerifyReport report = verify_journal(data_dir, "");
  for (const auto& found : report.breaks) out << "journal: " << found.kind << " at " << found.seq << ": " << found.what << "\n";
  out << report.unreadable;
  PluginHost host{{TEST_PLUGINS, (build_dir() / "plugins").string()}};
  if (reproduces) out << differences(replay_journal(data_dir, host));
  return out.str();
}

}  // namespace

std::string disagreement(const venue::Records& venue, const std::string& data_dir, bool reproduces) {
  std::ostringstream out;
  const Journaled journal{data_dir};
  const auto* account = venue.account("ACME");
  std::map<std::uint64_t, Quantity> theirs, ours;
  for (const std::uint64_t exec : account->fills)
    if (venue.fill(exec)->taken_back == 0) theirs[exec] = venue.fill(exec)->quantity;
  std::map<std::uint64_t, int> booked;
  for (const auto& e : journal.of(EventType::order_filled))
    if (!ours.emplace(e.as<OrderFilled>().exec_id, e.as<OrderFilled>().last_qty).second)
      out << "fill " << e.as<OrderFilled>().exec_id << " is journaled twice\n";
  for (const auto& e : journal.of(EventType::fill_busted)) ours.erase(e.as<FillBusted>().exec_id);
  for (const auto& e : journal.of(EventType::fill_booked)) booked[e.as<FillBooked>().exec_id] += e.as<FillBooked>().busted ? -1 : 1;
  for (const auto& [exec, quantity] : theirs)
    if (!ours.contains(exec)) out << "fill " << exec << " of " << quantity.str() << " is lost\n";
    else if (ours[exec] != quantity) out << "fill " << exec << " is of another size\n";
  for (const auto& [exec, quantity] : ours) {
    if (!theirs.contains(exec)) out << "fill " << exec << " is not the venue's\n";
    if (booked[exec] != 1) out << "fill " << exec << " is booked " << booked[exec] << " times\n";
  }
  Quantity position;
  for (const auto& e : journal.events())
    if (const auto moved = position_change(e); moved && moved->instrument == InstrumentId{1}) position += moved->quantity;
  for (const auto& e : journal.of(EventType::position_adjusted)) position += e.as<PositionAdjusted>().change;
  const auto held = account->positions.find("BTC");
  const Quantity theirs_held = held == account->positions.end() ? Quantity{} : held->second.quantity();
  if (position != theirs_held) out << "our position is " << position.str() << ", the venue's " << theirs_held.str() << "\n";

  Orders orders;
  std::map<std::uint64_t, int> sent;
  for (const auto& e : journal.events()) {
    if (const auto change = orders.hear(e); !change.legal && e.author() == journal.id("venue"))
      out << to_string(e.type()) << " at " << e.seq() << " is not legal\n";
    if (e.type() == EventType::order_sent && ++sent[e.as<OrderSent>().terms.cl_ord_id.value] > 1)
      out << "order " << e.as<OrderSent>().terms.cl_ord_id.counter() << " is sent twice\n";
  }
  std::set<std::uint64_t> open;
  for (const auto& [id, order] : orders.open()) open.insert(order.venue_order_id);
  if (open != account->open) {
    out << "open here:";
    for (const auto id : open) out << ' ' << id;
    out << "; at the venue:";
    for (const auto id : account->open) out << ' ' << id;
    out << "\n";
  }
  return out.str() + check_journal(data_dir, reproduces);
}

std::map<std::string, std::string> state_digests(const std::string& data_dir) {
  PluginHost host{{TEST_PLUGINS, (build_dir() / "plugins").string()}};
  std::map<std::string, std::string> digests;
  for (const auto& actor : replay_journal(data_dir, host).actors) digests[actor.name] = hex(actor.digest);
  return digests;
}

bool at_rest(const TraderProcess& trader, const VenueProcess& venue) {
  if (!trader.done()) return false;
  std::set<std::uint64_t> ours;
  const auto book = trader.ask({"orders"});
  for (const auto& order : book["orders"]) ours.insert(order["venue_order_id"].get<std::uint64_t>());
  return ours == venue.records().account("ACME")->open;
}

void check_at_rest(TraderProcess& trader, VenueProcess& venue) {
  const bool done = wait_until([&] { return at_rest(trader, venue); });
  BOOST_TEST_REQUIRE(done, (done ? "" : trader.story()));
  trader.stop();
  BOOST_TEST(disagreement(venue.records(), trader.data()) == "");
  venue.stop();
}

}  // namespace holdfast::test
