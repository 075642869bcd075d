#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/sdk/lifecycle.hpp>
#include <holdfast/sdk/plugin.hpp>
#include <ostream>
#include <set>

namespace {

using namespace holdfast;
namespace data = boost::unit_test::data;

struct Instant {
  std::int64_t ns;
  const char* text;
};
std::ostream& operator<<(std::ostream& out, const Instant& i) { return out << i.text; }

const Instant kInstants[] = {
    {0, "1970-01-01T00:00:00.000000000Z"},
    {1, "1970-01-01T00:00:00.000000001Z"},
    {-1, "1969-12-31T23:59:59.999999999Z"},
    {951'782'399'000'000'000, "2000-02-28T23:59:59.000000000Z"},
    {951'782'400'000'000'000, "2000-02-29T00:00:00.000000000Z"},
    {1'704'164'645'123'456'789, "2024-01-02T03:04:05.123456789Z"},
    {INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
    {INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
};

struct Name {
  EventType type;
  const char* name;
};
std::ostream& operator<<(std::ostream& out, const Name& n) { return out << n.name; }

#define HOLDFAST_NAMED(E) \
  { E::kType, #E }
const Name kNames[] = {
    HOLDFAST_NAMED(Quote),
    HOLDFAST_NAMED(Trade),
    HOLDFAST_NAMED(BookLevel),
    HOLDFAST_NAMED(BookClear),
    HOLDFAST_NAMED(BadTick),
    HOLDFAST_NAMED(TimeAdvanced),
    HOLDFAST_NAMED(OrderIntent),
    HOLDFAST_NAMED(OrderApproved),
    HOLDFAST_NAMED(OrderDenied),
    HOLDFAST_NAMED(OrderSent),
    HOLDFAST_NAMED(OrderAcknowledged),
    HOLDFAST_NAMED(OrderFilled),
    HOLDFAST_NAMED(OrderCancelled),
    HOLDFAST_NAMED(OrderExpired),
    HOLDFAST_NAMED(OrderRejected),
    HOLDFAST_NAMED(CancelIntent),
    HOLDFAST_NAMED(CancelSent),
    HOLDFAST_NAMED(CancelRejected),
    HOLDFAST_NAMED(FillBooked),
    HOLDFAST_NAMED(CheckpointSigned),
    HOLDFAST_NAMED(AlertSent),
    HOLDFAST_NAMED(SystemStarted),
    HOLDFAST_NAMED(SystemStopped),
    HOLDFAST_NAMED(ActorDeclared),
    HOLDFAST_NAMED(ActorStarted),
    HOLDFAST_NAMED(ActorFailed),
    HOLDFAST_NAMED(ActorStopped),
    HOLDFAST_NAMED(ActorParked),
    HOLDFAST_NAMED(InstrumentDefined),
    HOLDFAST_NAMED(LatchEngaged),
    HOLDFAST_NAMED(LatchReleased),
    HOLDFAST_NAMED(FeedEnded),
    HOLDFAST_NAMED(MarketPruned),
    HOLDFAST_NAMED(OrderReplaced),
    HOLDFAST_NAMED(OrderUnknown),
    HOLDFAST_NAMED(OrderAdopted),
    HOLDFAST_NAMED(FillBusted),
    HOLDFAST_NAMED(ReplaceIntent),
    HOLDFAST_NAMED(ReplaceApproved),
    HOLDFAST_NAMED(ReplaceDenied),
    HOLDFAST_NAMED(ReplaceSent),
    HOLDFAST_NAMED(ReplaceRejected),
    HOLDFAST_NAMED(OrderRouted),
    HOLDFAST_NAMED(PositionAdjusted),
    HOLDFAST_NAMED(StrategyRemoved),
    HOLDFAST_NAMED(OrderHandedOver),
    HOLDFAST_NAMED(ShareBooked),
    HOLDFAST_NAMED(LinkChanged),
    HOLDFAST_NAMED(Reconciled),
    HOLDFAST_NAMED(DifferenceFound),
    HOLDFAST_NAMED(DifferenceAccepted),
    HOLDFAST_NAMED(InstrumentChanged),
    HOLDFAST_NAMED(SystemRestored),
};

}  // namespace

BOOST_AUTO_TEST_SUITE(text)

BOOST_DATA_TEST_CASE(a_time_is_written_in_rfc_3339_to_the_nanosecond, data::make(kInstants), instant) {
  BOOST_TEST(Time{instant.ns}.str() == instant.text);
}

BOOST_DATA_TEST_CASE(an_event_is_called_like_its_struct, data::make(kNames), named) {
  BOOST_TEST(to_string(named.type) == named.name);
}

BOOST_AUTO_TEST_CASE(every_number_is_one_of_these_events_or_unknown) {
  std::set<int> known;
  for (const auto& named : kNames) known.insert(static_cast<int>(named.type));
  BOOST_TEST(known.size() == std::size(kNames));
  for (int i = 0; i < 256; ++i)
    BOOST_TEST((to_string(static_cast<EventType>(i)) != "unknown") == (known.count(i) == 1));
}

BOOST_AUTO_TEST_CASE(words_of_orders_and_latches_are_those_of_their_field) {
  BOOST_TEST(to_string(Side::buy) == "buy");
  BOOST_TEST(to_string(Side::sell) == "sell");
  BOOST_TEST(to_string(OrdType::market) == "market");
  BOOST_TEST(to_string(OrdType::limit) == "limit");
  BOOST_TEST(to_string(OrdType::stop) == "stop");
  BOOST_TEST(to_string(OrdType::stop_limit) == "stop_limit");
  BOOST_TEST(to_string(TimeInForce::day) == "day");
  BOOST_TEST(to_string(TimeInForce::gtd) == "gtd");
  BOOST_TEST(to_string(TimeInForce::gtc) == "gtc");
  BOOST_TEST(to_string(TimeInForce::ioc) == "ioc");
  BOOST_TEST(to_string(TimeInForce::fok) == "fok");
  BOOST_TEST(to_string(LatchLevel::active) == "ACTIVE");
  BOOST_TEST(to_string(LatchLevel::reducing) == "REDUCING");
  BOOST_TEST(to_string(LatchLevel::halted) == "HALTED");
  BOOST_TEST(to_string(LatchScope::system) == "system");
  BOOST_TEST(to_string(LatchScope::strategy) == "strategy");
  BOOST_TEST(to_string(LatchScope::instrument) == "instrument");
  const char* const links[] = {"down", "reconciling", "armed"};
  for (std::uint32_t i = 0; i < std::size(links); ++i) BOOST_TEST(to_string(static_cast<LinkState>(i)) == links[i]);
  const char* const kinds[] = {"order", "position", "balance"};
  for (std::uint32_t i = 0; i < std::size(kinds); ++i) BOOST_TEST(to_string(static_cast<DifferenceKind>(i + 1)) == kinds[i]);
  const char* const states[] = {"open", "halted", "closed", "expired"};
  for (std::uint32_t i = 0; i < std::size(states); ++i) BOOST_TEST(to_string(static_cast<TradingStatus>(i)) == states[i]);
  const char* const flaws[] = {"none", "crossed", "locked", "out_of_order", "zero", "not_a_number"};
  for (std::uint32_t i = 0; i < std::size(flaws); ++i)
    BOOST_TEST(to_string(static_cast<TickFlaw>(i)) == flaws[i]);
}

BOOST_AUTO_TEST_CASE(values_that_do_not_exist_are_unknown_rather_than_undefined) {
  BOOST_TEST(to_string(static_cast<Side>(0)) == "unknown");
  BOOST_TEST(to_string(static_cast<OrdType>(9)) == "unknown");
  BOOST_TEST(to_string(static_cast<TimeInForce>(2)) == "unknown");
  BOOST_TEST(to_string(static_cast<LatchLevel>(3)) == "unknown");
  BOOST_TEST(to_string(static_cast<LatchScope>(3)) == "unknown");
  BOOST_TEST(to_string(static_cast<TickFlaw>(6)) == "unknown");
  BOOST_TEST(to_string(static_cast<LinkState>(3)) == "unknown");
  BOOST_TEST(to_string(static_cast<DifferenceKind>(0)) == "unknown");
  BOOST_TEST(to_string(static_cast<TradingStatus>(4)) == "unknown");
}

BOOST_AUTO_TEST_CASE(what_a_broker_does_not_claim_is_refused_by_name) {
  BrokerCapabilities can;
  OrderTerms t;
  t.type = OrdType::limit;
  BOOST_TEST(can.refusal(t) == "");
  t.type = OrdType::stop_limit;
  BOOST_TEST(can.refusal(t) == "the venue takes no stop_limit orders");
  can.types.push_back(OrdType::stop_limit);
  BOOST_TEST(can.refusal(t) == "");
  t.tif = TimeInForce::day;
  BOOST_TEST(can.refusal(t) == "the venue takes no day orders");
  can.tifs = {TimeInForce::day};
  t.exec_inst = ExecInst::post_only | ExecInst::reduce_only;
  for (const ExecInst some : {ExecInst::none, ExecInst::post_only, ExecInst::reduce_only}) {
    can.exec_insts = some;
    BOOST_TEST(can.refusal(t) == "the venue knows no such execution instruction");
  }
  can.exec_insts = t.exec_inst;
  BOOST_TEST(can.refusal(t) == "");
  t.display_qty = Quantity::of(1);
  BOOST_TEST(can.refusal(t) == "the venue takes no icebergs");
  can.icebergs = true;
  BOOST_TEST(can.refusal(t) == "");
}

BOOST_AUTO_TEST_CASE(the_library_was_built_like_this_test) {
  BOOST_TEST(std::string_view{host_abi()} == HOLDFAST_ABI);
}

BOOST_AUTO_TEST_SUITE_END()
