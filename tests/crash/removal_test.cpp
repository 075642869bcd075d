#include <boost/test/data/test_case.hpp>
#include <holdfast/journal/sha256.hpp>
#include <holdfast/journal/verify.hpp>

#include "crash/child.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// "gone" has orders at the venue and a position, and so has "heir", which does the same somewhat further away.
Setup market_makers(bool both) {
  Setup setup;
  setup.ticks = 12'000;
  setup.snapshot_every = 3'000;
  setup.in_step = 16;  // Live, orders arrive before the market has ended.
  setup.strategies = {{"heir", "plugin: quoter, half_spread: 0.07, requote_move: 0.05"}};
  if (both) setup.strategies.push_back({"gone", "plugin: quoter, half_spread: 0.05, requote_move: 0.05"});
  return setup;
}

/// The configuration without "gone"; `decision` is what it says about it, if anything.
std::string without_gone(const std::string& decision) {
  std::string text = market_makers(false).text();
  if (!decision.empty()) text.insert(text.find("tree:\n"), "removed: { gone: " + decision + " }\n");
  return text;
}

Quantity held(const SystemRecord& record, const std::string& owner) {
  ActorId id;
  record.find(owner, &id);
  const auto found = record.holdings().find({id.value, 1});
  return found == record.holdings().end() ? Quantity{} : found->second.position;
}

std::size_t orders(const SystemRecord& record, const std::string& owner) {
  ActorId id;
  record.find(owner, &id);
  return static_cast<std::size_t>(
      std::ranges::count_if(record.orders().open(), [&](const auto& entry) { return entry.second.owner() == id; }));
}

Quantity in_accounts(const SystemRecord& record) {
  Quantity all;
  for (const auto& [key, quantity] : record.accounts()) all += quantity;
  return all;
}

SystemRecord record_in(const std::string& data) { return *read_record(*open_for_reading(data)); }

/// A journal in which "gone" owns something of both kinds.
struct Left {
  const ScratchDir dir;
  std::string data = dir / "data";
  SystemRecord before;
  Left() {
    {
      Running run{market_makers(true).text(), data, Runtime::sim};
      const auto owns = [&](const SystemStatus& s) {
        const auto record = run->record();
        return s.summary.counts.ticks > 3'000 && orders(record, "gone") > 0 && !held(record, "gone").is_zero() &&
               orders(record, "heir") > 0;
      };
      BOOST_TEST_REQUIRE(run.until(owns));
      BOOST_TEST(run->stop(std::chrono::seconds{20}) == "");
    }
    before = record_in(data);
    BOOST_TEST(orders(before, "gone") > 0u);
  }
  /// One run without "gone", to the end of the market.
  SystemRecord go_on(const std::string& decision, Runtime runtime = Runtime::sim) {
    Running run{without_gone(decision), data, runtime};
    BOOST_TEST(run.finish() == "");
    return run->record();
  }
  void check_sound() const {
    for (const auto& found : verify_journal(data, "").breaks) BOOST_ERROR(found.kind + ": " + found.what);
    BOOST_TEST(differences(replayed(data)) == "");
  }
};

std::string refusal(const std::string& text, const std::string& data) {
  try {
    Running run{text, data, Runtime::sim};
  } catch (const PlanRefused& refused) {
    BOOST_TEST(refused.problems.size() == 1u);
    return refused.problems.at(0).str();
  }
  return "it started";
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_strategy_that_owns_something_cannot_vanish_without_a_decision, Left) {
  const auto head = before.counts().events;
  const std::string why = refusal(without_gone(""), data);
  const std::string has = std::to_string(orders(before, "gone")) + " open order";
  BOOST_TEST(why.find("the strategy 'gone' is not declared any more, and still has " + has) != std::string::npos, why);
  BOOST_TEST(why.find("a position of " + held(before, "gone").str() + " BTC") != std::string::npos, why);
  BOOST_TEST(why.find("declare it again, or decide: write removed: { gone: cancel }") != std::string::npos, why);
  BOOST_TEST(record_in(data).counts().events == head);
  BOOST_TEST(refusal(market_makers(true).text(), data) == "it started");
}

BOOST_FIXTURE_TEST_CASE(cancel_takes_the_orders_back_and_leaves_the_position_in_its_name, Left) {
  const auto after = go_on("cancel");
  BOOST_TEST(orders(after, "gone") == 0u);
  BOOST_TEST(held(after, "gone").str() == held(before, "gone").str());
  BOOST_TEST(in_accounts(after).str() == (held(after, "gone") + held(after, "heir")).str());
  BOOST_TEST(Journaled{data}.of(EventType::cancel_intent, "risk").size() == orders(before, "gone"));
  check_sound();
  // The decision is in the journal: the configuration need not repeat it.
  const auto again = go_on("");
  BOOST_TEST(held(again, "gone").str() == held(before, "gone").str());
}

BOOST_FIXTURE_TEST_CASE(flatten_closes_the_position_through_risk_once_the_orders_have_ended, Left) {
  const auto after = go_on("flatten");
  BOOST_TEST(orders(after, "gone") == 0u);
  BOOST_TEST(held(after, "gone").str() == "0");
  BOOST_TEST(in_accounts(after).str() == held(after, "heir").str());
  const Journaled journal{data};
  const auto asked = journal.of(EventType::order_intent, "risk");
  BOOST_TEST_REQUIRE(!asked.empty());
  const auto& terms = asked[0].as<OrderIntent>().terms;
  BOOST_CHECK(terms.cl_ord_id.owner() == journal.id("gone"));
  BOOST_TEST(signed_quantity(terms.side, terms.quantity).str() == (-held(before, "gone")).str());
  for (const auto& e : journal.of(EventType::order_cancelled))
    if (e.as<OrderCancelled>().cl_ord_id.owner() == journal.id("gone")) BOOST_TEST(e.seq() < asked[0].seq());
  check_sound();
}

BOOST_FIXTURE_TEST_CASE(handed_over_orders_and_position_are_the_heirs_and_so_is_what_they_become, Left) {
  const auto after = go_on("{ hand_over: heir }");
  BOOST_TEST(held(after, "gone").str() == "0");
  BOOST_TEST(orders(after, "gone") == 0u);
  BOOST_TEST(held(after, "heir").str() == in_accounts(after).str());
  const Journaled journal{data};
  BOOST_TEST(journal.of(EventType::order_handed_over).size() == orders(before, "gone"));
  const auto shares = journal.of(EventType::share_booked, "ledger");
  BOOST_TEST_REQUIRE(shares.size() == 1u);
  BOOST_TEST(shares[0].as<ShareBooked>().quantity.str() == held(before, "gone").str());
  BOOST_TEST(shares[0].as<ShareBooked>().position.str() == (held(before, "gone") + held(before, "heir")).str());
  // Its own orders and those it has inherited: whatever it holds, the last booking says the same.
  BOOST_TEST(journal.of(EventType::fill_booked).back().as<FillBooked>().position.str() == held(after, "heir").str());
  check_sound();
  const std::string why = refusal(market_makers(true).text(), data);
  BOOST_TEST(why.find("'gone' has handed over what it had to 'heir', and cannot come back (give it another name)") !=
                 std::string::npos,
             why);
}

BOOST_DATA_TEST_CASE_F(Left, restarts_change_nothing_about_a_decision,
                       boost::unit_test::data::make({"cancel", "flatten", "{ hand_over: heir }"}), decision) {
  go_on(decision);
  std::string digest;
  for (int run = 0; run < 3; ++run) {
    Running again{without_gone(decision), data, run == 1 ? Runtime::caf : Runtime::sim};
    BOOST_TEST(again.finish() == "");
    const std::string now = hex(again->summary().state_digest);
    if (run > 0) BOOST_TEST(now == digest);
    digest = now;
  }
  BOOST_TEST(Journaled{data}.of(EventType::strategy_removed).size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_strategy_that_comes_back_owns_again_what_was_left, Left) {
  go_on("cancel");
  {
    Running run{market_makers(true).text(), data, Runtime::sim};
    BOOST_TEST(run.finish() == "");
  }
  BOOST_CHECK(Journaled{data}.of(EventType::strategy_removed).back().as<StrategyRemoved>().what == Removal::none);
  BOOST_TEST(refusal(without_gone(""), data).find("is not declared any more, and still has ") != std::string::npos);
  check_sound();
}

BOOST_DATA_TEST_CASE_F(Left, killed_at_any_event_of_the_removal_it_ends_in_the_same_state,
                       boost::unit_test::data::make({"cancel", "flatten", "{ hand_over: heir }"}), decision) {
  const std::string plan = dir / "without.yaml";
  std::ofstream{plan} << without_gone(decision);
  const auto copied = [&](const std::string& name) {
    std::filesystem::copy(data, dir / name, std::filesystem::copy_options::recursive);
    return dir / name;
  };
  Child whole{"sim", copied("whole"), plan};
  BOOST_TEST_REQUIRE(whole.finish());
  for (int event = 1; event <= 40; event += event < 24 ? 1 : 4)
    BOOST_TEST_CONTEXT("killed at event " << event << " of the run") {
      const std::string killed = copied("killed");
      BOOST_TEST(!Child("sim", killed, plan, "sim.event=kill@" + std::to_string(event)).finish());
      Child resumed{"sim", killed, plan};
      BOOST_TEST(resumed.finish());
      BOOST_TEST(resumed.digest == whole.digest);
      for (const auto& found : verify_journal(killed, "").breaks) BOOST_ERROR(found.kind + ": " + found.what);
      std::filesystem::remove_all(killed);
    }
}

BOOST_DATA_TEST_CASE_F(Left, killed_after_any_write_of_a_live_removal_what_was_decided_comes_to_be,
                       boost::unit_test::data::make({"cancel", "flatten", "{ hand_over: heir }"}), decision) {
  // What is in flight when risk's settings change as well is lost, and asked for anew.
  const std::string plan = dir / "without.yaml", other = dir / "other.yaml";
  std::string text = without_gone(decision);
  std::ofstream{plan} << text;
  std::ofstream{other} << text.replace(text.find("max_quantity: 1000"), 18, "max_quantity: 999");
  for (int write = 1; write <= 12; ++write) BOOST_TEST_CONTEXT("killed after write " << write) {
      const std::string killed = dir / "killed";
      std::filesystem::copy(data, killed, std::filesystem::copy_options::recursive);
      BOOST_TEST(!Child("caf", killed, plan, "journal.after_write=kill@" + std::to_string(write)).finish());
      Child resumed{"caf", killed, write % 2 == 0 ? other : plan};
      BOOST_TEST(resumed.finish());
      const auto after = record_in(killed);
      BOOST_TEST(orders(after, "gone") == 0u);
      const bool stays = std::string{decision} == "cancel";
      BOOST_TEST(held(after, "gone").str() == (stays ? held(before, "gone") : Quantity{}).str());
      BOOST_TEST((held(after, "gone") + held(after, "heir")).str() == in_accounts(after).str());
      for (const auto& found : verify_journal(killed, "").breaks) BOOST_ERROR(found.kind + ": " + found.what);
      std::filesystem::remove_all(killed);
    }
}
