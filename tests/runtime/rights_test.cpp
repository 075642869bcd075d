#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

#include "actor_host_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Right {
  ActorKind kind;
  EventType type;
  bool may;
};
std::ostream& operator<<(std::ostream& out, const Right& r) {
  return out << "kind " << static_cast<int>(r.kind) << (r.may ? " writes " : " does not write ")
             << to_string(r.type);
}

using enum ActorKind;
using T = EventType;
const Right kRights[] = {
    {feed, T::quote, true},
    {feed, T::feed_ended, true},
    {feed, T::order_filled, false},
    {feed, T::time_advanced, false},
    {strategy, T::order_intent, true},
    {strategy, T::cancel_intent, true},
    {strategy, T::order_approved, false},
    {strategy, T::quote, false},
    {strategy, T::order_sent, false},
    {risk, T::order_approved, true},
    {risk, T::order_denied, true},
    {risk, T::cancel_intent, true},
    {risk, T::order_intent, true},
    {risk, T::strategy_removed, false},
    {ledger, T::share_booked, true},
    {broker, T::strategy_removed, false},
    {strategy, T::order_handed_over, false},
    {risk, T::latch_released, false},
    {broker, T::order_sent, true},
    {broker, T::order_filled, true},
    {broker, T::cancel_sent, true},
    {broker, T::order_approved, false},
    {broker, T::cancel_intent, false},
    {broker, T::order_rejected, true},
    {ledger, T::fill_booked, true},
    {ledger, T::order_filled, false},
    {audit, T::checkpoint_signed, true},
    {audit, T::fill_booked, false},
    {notifier, T::alert_sent, true},
    {notifier, T::latch_engaged, false},
    {custom, T::quote, false},
    {custom, T::order_intent, false},
    {ActorKind::system, T::actor_started, true},
    {strategy, T::actor_started, false},
    {broker, T::latch_engaged, true},
    {broker, T::latch_released, false},
    {broker, T::order_unknown, true},
    {broker, T::order_adopted, true},
    {broker, T::order_replaced, true},
    {broker, T::fill_busted, true},
    {broker, T::replace_sent, true},
    {broker, T::replace_rejected, true},
    {broker, T::order_routed, true},
    {broker, T::position_adjusted, true},
    {broker, T::link_changed, true},
    {broker, T::reconciled, true},
    {broker, T::difference_found, true},
    {broker, T::difference_accepted, false},
    {broker, T::instrument_changed, true},
    {broker, T::replace_intent, false},
    {broker, T::replace_approved, false},
    {broker, T::replace_denied, false},
    {strategy, T::replace_intent, true},
    {strategy, T::replace_approved, false},
    {risk, T::replace_approved, true},
    {risk, T::replace_denied, true},
    {risk, T::replace_sent, false},
    {ledger, T::position_adjusted, false},
};

/// Answers every quote with one event of the wrong sort.
template <class E>
class Writes final : public Actor {
 public:
  void hear(const Event& event, Stage& stage) override {
    if (event.type() != EventType::quote) return;
    stage.answer(CancelIntent{});
    stage.answer(E{});
  }
  void state(Archive&) override {}
  Pace act(Outside& outside) override {
    outside.emit(E{}, 1);
    return {};
  }
};

class World final : public Outside {
 public:
  Time now() const override { return {}; }
  std::uint64_t release_seq() const override { return 0; }
  LatchLevel latch(ActorId, InstrumentId) const override { return LatchLevel::active; }
  std::size_t halt(InstrumentId, std::string_view, std::uint64_t) override { return 0; }
  std::size_t room() const override { return 100; }
  EventBuffer& facts() override { return facts_; }
  ActorId self() const override { return kSelf; }
  void log(std::string_view) override {}

 private:
  EventBuffer facts_;
};

}  // namespace

BOOST_DATA_TEST_CASE(who_may_write_what_is_a_property_of_its_kind, boost::unit_test::data::make(kRights)) {
  BOOST_TEST(may_write(sample.kind, sample.type) == sample.may);
}

BOOST_AUTO_TEST_CASE(only_risk_approves) {
  for (const ActorKind kind : {feed, strategy, broker, ledger, audit, custom})
    BOOST_TEST(!may_write(kind, T::order_approved));
}

BOOST_AUTO_TEST_CASE(an_answer_beyond_its_rights_ends_the_incarnation_and_nothing_of_it_is_said) {
  Line line;
  line.started(1);
  line.quote();
  auto host = host_of(std::make_shared<Writes<OrderApproved>>(), 1);
  line.tell(host, 1, 1);
  BOOST_CHECK_EXCEPTION(line.tell(host, 2, 2), std::runtime_error, [](const auto& error) {
    return std::string{error.what()} == "'asker' may not write OrderApproved";
  });
  BOOST_TEST(!host.has_answers());
}

BOOST_AUTO_TEST_CASE(a_fact_beyond_its_rights_ends_the_incarnation) {
  World world;
  auto host = host_of(std::make_shared<Writes<FillBooked>>(), 1, kEra, ActorKind::broker);
  BOOST_CHECK_THROW(host.act(world), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_kind_follows_from_the_library) {
  BOOST_CHECK(actor_kind("risk") == ActorKind::risk);
  BOOST_CHECK(actor_kind("strategy") == ActorKind::strategy);
  BOOST_CHECK(actor_kind("my_dashboard") == ActorKind::custom);
}
