#include <boost/test/unit_test.hpp>

#include "actor_host_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

using Asked = std::vector<std::uint64_t>;

/// What went wrong, or empty.
std::string divergence(ActorHost& host, Line& line, std::uint64_t from, std::uint64_t to) {
  try {
    line.tell(host, from, to);
  } catch (const Divergence& error) {
    return error.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_CASE(it_is_silent_until_it_hears_that_it_was_started) {
  Line line;
  auto host = host_of(std::make_shared<Asker>(), 1);
  BOOST_TEST(host.restore(std::nullopt) == 1u);
  line.quote();
  line.tell(host, 1, 1);
  BOOST_TEST(!host.live());
  BOOST_TEST(!host.has_answers());
  line.started(2);
  line.tell(host, 2, 2);
  BOOST_TEST(!host.live());
  line.started(1, kEra, ActorId{77});
  line.tell(host, 3, 3);
  BOOST_TEST(!host.live());
  line.started(1);
  line.tell(host, 4, 4);
  BOOST_TEST(host.live());
}

BOOST_AUTO_TEST_CASE(an_answer_is_in_flight_until_it_is_heard) {
  Line line;
  auto host = host_of(std::make_shared<Asker>(), 1);
  line.started(1);
  line.quote();
  line.tell(host, 1, 2);
  BOOST_TEST(host.in_flight() == 1u);
  const auto answers = host.take_answers();
  BOOST_TEST(asked(answers) == Asked{1}, boost::test_tools::per_element());
  BOOST_TEST(!host.has_answers());
  line.add(answers);
  line.tell(host, 3, 3);
  BOOST_TEST(host.in_flight() == 0u);
}

BOOST_AUTO_TEST_CASE(a_successor_says_what_its_predecessor_had_answered_and_nobody_heard) {
  Line line;
  line.started(1);
  auto first = host_of(std::make_shared<Asker>(), 1);
  line.quote();
  line.quote();
  line.quote();
  line.tell(first, 1, 4);
  // Of three answers one was sequenced before the fence came down.
  EventBuffer one;
  one.append(first.take_answers().at(0));
  line.add(one);
  line.started(2);
  auto second = host_of(std::make_shared<Asker>(), 2);
  line.tell(second, 1, line.head());
  BOOST_TEST(second.live());
  BOOST_TEST(asked(second.take_answers()) == (Asked{2, 3}), boost::test_tools::per_element());
  BOOST_TEST(second.in_flight() == 2u);
}

BOOST_AUTO_TEST_CASE(what_was_in_flight_at_a_snapshot_is_in_flight_after_it) {
  Line line;
  line.started(1);
  auto first = host_of(std::make_shared<Asker>(), 1);
  line.quote();
  line.quote();
  line.tell(first, 1, 3);
  const Snapshot snapshot = first.snapshot();
  const auto answers = first.take_answers();
  BOOST_TEST(snapshot.seq == 3u);

  // Either they were sequenced after the snapshot and are met there …
  line.add(answers);
  line.started(2);
  auto heard = host_of(std::make_shared<Asker>(), 2);
  BOOST_TEST(heard.restore(snapshot) == 4u);
  BOOST_TEST(heard.in_flight() == 2u);
  line.tell(heard, 4, line.head());
  BOOST_TEST(heard.in_flight() == 0u);
  BOOST_TEST(!heard.has_answers());
  BOOST_CHECK(heard.digest() == snapshot.digest);

  // … or they never were, and the successor says them.
  Line lost;
  lost.started(1);
  lost.quote();
  lost.quote();
  lost.started(2);
  auto unheard = host_of(std::make_shared<Asker>(), 2);
  unheard.restore(snapshot);
  lost.tell(unheard, 4, 4);
  BOOST_TEST(asked(unheard.take_answers()) == (Asked{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_it_answers_to_its_own_start_is_said) {
  class Greeter final : public Actor {
    void hear(const Event& event, Stage& stage) override {
      if (event.type() == EventType::actor_started) stage.answer(CancelIntent{ClOrdId{1}});
    }
    void state(Archive&) override {}
  };
  Line line;
  line.started(1);
  line.add(CancelIntent{ClOrdId{1}}, kSelf, false, 1);
  line.started(2);
  auto host = host_of(std::make_shared<Greeter>(), 2);
  line.tell(host, 1, 3);
  BOOST_TEST(host.take_answers().count() == 1u);
}

BOOST_AUTO_TEST_CASE(restored_and_folded_it_has_the_state_of_one_that_never_died) {
  Line line;
  line.started(1);
  auto first = host_of(std::make_shared<Asker>(3), 1);
  line.tell(first, 1, 1);
  std::vector<Snapshot> snapshots;
  for (int i = 0; i < 20; ++i) {
    line.quote();
    line.tell(first, line.head(), line.head());
    if (first.has_answers()) {
      line.add(first.take_answers());
      line.tell(first, line.head(), line.head());
    }
    snapshots.push_back(first.snapshot());
  }
  const std::uint64_t head = line.head();
  line.started(2);
  for (const auto& snapshot : snapshots) {
    auto second = host_of(std::make_shared<Asker>(3), 2);
    line.tell(second, second.restore(snapshot), head + 1);
    BOOST_TEST(!second.has_answers());
    BOOST_CHECK(second.digest() == first.digest());
  }
}

BOOST_AUTO_TEST_CASE(every_way_to_differ_is_named_with_the_event_it_begins_at) {
  Line line;
  line.started(1);
  const auto first_quote = line.quote();
  auto live = host_of(std::make_shared<Asker>(1), 1);
  line.tell(live, 1, first_quote);
  const auto intent = line.add(live.take_answers());
  line.started(2);

  auto other_contents = host_of(std::make_shared<Asker>(1, 7), 2);
  const auto contents = divergence(other_contents, line, 1, line.head());
  BOOST_TEST(has(contents, "'asker' does not reproduce itself: event " + std::to_string(intent) +
                               " (OrderIntent, answering " + std::to_string(first_quote) +
                               ") has other contents"));

  auto silent = host_of(std::make_shared<Asker>(1000), 2);
  BOOST_TEST(has(divergence(silent, line, 1, line.head()), "but this time it gave no such answer"));

  Line later;
  later.started(1);
  later.quote();
  const auto second_quote = later.quote();
  auto slow = host_of(std::make_shared<Asker>(2), 1);
  later.tell(slow, 1, second_quote);
  later.add(slow.take_answers());
  later.started(2);
  auto eager = host_of(std::make_shared<Asker>(1), 2);
  BOOST_TEST(has(divergence(eager, later, 1, later.head()), "answers event 2 this time"));

  Line kinds;
  kinds.started(1);
  const auto quote = kinds.quote();
  kinds.add(CancelIntent{ClOrdId{1}}, kSelf, false, quote, "asked");
  auto other_kind = host_of(std::make_shared<Asker>(1), 2);
  BOOST_TEST(has(divergence(other_kind, kinds, 1, kinds.head()), "was answered this time with OrderIntent"));
}

BOOST_AUTO_TEST_CASE(the_words_of_an_answer_are_compared_too) {
  Line line;
  line.started(1);
  const auto quote = line.quote();
  OrderIntent intent;
  intent.terms.cl_ord_id = ClOrdId::make(kSelf, 1);
  intent.terms.quantity = Quantity::of(1);
  line.add(intent, kSelf, false, quote, "other");
  auto host = host_of(std::make_shared<Asker>(), 2);
  BOOST_TEST(has(divergence(host, line, 1, line.head()), "has other contents"));
}

BOOST_AUTO_TEST_CASE(what_an_actor_writes_unasked_is_not_an_answer_to_compare) {
  Line line;
  line.started(1);
  line.add(CancelIntent{ClOrdId{1}}, kSelf, true, 1);
  auto host = host_of(std::make_shared<Asker>(), 2);
  BOOST_TEST(divergence(host, line, 1, line.head()).empty());
}

BOOST_AUTO_TEST_CASE(answers_of_another_era_are_not_compared) {
  Line line;
  line.started(1, kOtherEra);
  auto old = host_of(std::make_shared<Asker>(1, 7), 1, kOtherEra);
  line.quote();
  line.tell(old, 1, 2);
  line.add(old.take_answers());
  line.started(2);
  auto now = host_of(std::make_shared<Asker>(), 2);
  BOOST_TEST(divergence(now, line, 1, line.head()).empty());
  BOOST_TEST(now.live());
  BOOST_TEST(!now.has_answers());
  BOOST_TEST(now.in_flight() == 0u);
}

BOOST_AUTO_TEST_CASE(what_another_era_had_in_flight_ends_with_it) {
  Line line;
  line.started(1, kOtherEra);
  auto old = host_of(std::make_shared<Asker>(), 1, kOtherEra);
  line.quote();
  line.tell(old, 1, 2);
  const Snapshot snapshot = old.snapshot();
  line.started(2);
  auto now = host_of(std::make_shared<Asker>(), 2);
  line.tell(now, now.restore(snapshot), line.head());
  BOOST_TEST(now.live());
  BOOST_TEST(!now.has_answers());
  line.quote();
  line.tell(now, line.head(), line.head());
  // The count goes on: no order id is given twice.
  BOOST_TEST(asked(now.take_answers()) == Asked{2}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(within_the_new_era_answers_are_compared_again) {
  Line line;
  line.started(1, kOtherEra);
  line.started(2);
  auto now = host_of(std::make_shared<Asker>(), 2);
  line.quote();
  line.tell(now, 1, 3);
  line.add(now.take_answers());
  line.started(3);
  auto differs = host_of(std::make_shared<Asker>(1, 7), 3);
  BOOST_TEST(has(divergence(differs, line, 1, line.head()), "has other contents"));
}

BOOST_AUTO_TEST_CASE(a_new_era_is_worth_a_snapshot_at_once_where_the_old_had_one) {
  Line line;
  line.started(1, kOtherEra);
  auto old = host_of(std::make_shared<Asker>(), 1, kOtherEra);
  for (int i = 0; i < 10; ++i) line.quote();
  line.tell(old, 1, line.head());
  const Snapshot snapshot = old.snapshot();
  line.started(2);
  ActorHost now{
      {"asker", kSelf, ActorKind::strategy, 2, kEra, false}, std::make_shared<Asker>(), {12, 1, {}}};
  line.tell(now, now.restore(snapshot), line.head());
  BOOST_TEST(now.snapshot_due());
  BOOST_CHECK(now.snapshot().identity == kEra);
  BOOST_TEST(!now.snapshot_due());
}

BOOST_AUTO_TEST_CASE(a_state_it_cannot_read_says_whose_fault_it_is) {
  auto host = host_of(std::make_shared<Asker>(), 1);
  Snapshot snapshot = host.snapshot();
  snapshot.state.pop_back();
  const auto words = [&](Digest era, std::vector<std::byte> state) {
    auto next = host_of(std::make_shared<Asker>(), 2, era);
    snapshot.state = std::move(state);
    try {
      next.restore(snapshot);
    } catch (const Divergence& error) {
      return std::string{error.what()};
    }
    return std::string{};
  };
  const auto cut = snapshot.state;
  auto longer = cut;
  longer.resize(cut.size() + 2);
  BOOST_TEST(has(words(kEra, cut), "its state() does not read what it wrote"));
  BOOST_TEST(has(words(kEra, longer), "there is more state than it reads"));
  BOOST_TEST(has(words(kOtherEra, cut), "its code or settings changed"));
}

BOOST_AUTO_TEST_CASE(muted_for_a_replay_it_never_speaks_and_still_compares) {
  Line line;
  line.started(1);
  line.quote();
  auto host = host_of(std::make_shared<Asker>(), 1);
  host.keep_muted();
  line.tell(host, 1, 2);
  BOOST_TEST(!host.live());
  BOOST_TEST(!host.has_answers());
  line.add(CancelIntent{ClOrdId{1}}, kSelf, false, 2);
  BOOST_TEST(has(divergence(host, line, 3, 3), "was answered this time with"));
}

namespace {

/// Notes what it is told: "q" for an event of the market, "B" for another, "[3]" for a stretch of three.
class Listener final : public Actor {
 public:
  explicit Listener(bool quiet) : quiet_{quiet} {}
  void hear(const Event& event, Stage&) override { told += stream_of(event.type()) == Stream::market ? "q" : "B"; }
  bool quiet() const override { return quiet_; }
  void hear_market(std::span<const std::byte> stretch) override {
    std::size_t count = 0;
    for_each_event(stretch, [&](const Event&) { ++count; });
    told += "[" + std::to_string(count) + "]";
  }
  void state(Archive&) override {}

  std::string told;

 private:
  bool quiet_;
};

Frame frame_of(Line& line, std::uint64_t from, std::uint64_t to) {
  Frame frame;
  frame.header.first_seq = from;
  frame.header.count = static_cast<std::uint32_t>(to - from + 1);
  for (std::uint64_t seq = from; seq <= to; ++seq) {
    const auto bytes = line.at(seq).bytes();
    if (stream_of(line.at(seq).type()) == Stream::business) frame.business.push_back(static_cast<std::uint32_t>(frame.events.size()));
    frame.events.insert(frame.events.end(), bytes.begin(), bytes.end());
  }
  frame.header.last_time = line.at(to).time();
  return frame;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_quiet_actor_hears_a_frame_in_runs_and_others_event_by_event) {
  Line line;
  line.quote();
  line.quote();
  line.add(OrderIntent{});
  line.add(OrderIntent{});
  line.quote();
  const Frame frame = frame_of(line, 1, line.head());
  for (const bool quiet : {true, false}) {
    const auto listener = std::make_shared<Listener>(quiet);
    auto host = host_of(listener, 1);
    host.hear(frame);
    BOOST_TEST(listener->told == (quiet ? "[2]BB[1]" : "qqBBq"));
    BOOST_TEST(host.heard_seq() == line.head());
    BOOST_CHECK(host.heard_time() == frame.header.last_time);
  }
}

BOOST_AUTO_TEST_CASE(of_a_frame_only_what_was_not_heard_is_heard) {
  Line line;
  for (int i = 0; i < 6; ++i) line.quote();
  const auto listener = std::make_shared<Listener>(true);
  auto host = host_of(listener, 1);
  line.tell(host, 1, 2);
  host.hear(frame_of(line, 1, 4));
  BOOST_TEST(listener->told == "qqqq");
  host.hear(frame_of(line, 1, 4));
  BOOST_TEST(listener->told == "qqqq");
  host.hear(frame_of(line, 5, 6));
  BOOST_TEST(listener->told == "qqqq[2]");
}
