// BC-013 and BC-020: the connection of an edge to its venue.
#include <algorithm>

#include "rig.hpp"

namespace holdfast::testkit {

namespace {

void stops_while_connecting(Rig& rig) {
  rig.venue().kill();
  auto plugin = rig.made();
  rig.open(plugin);
  expect_to_stop(plugin, "with nobody at the other end its destructor takes ");
}

std::size_t downs(Rig& rig) {
  const auto changes = rig.bench().wrote<LinkChanged>();
  return static_cast<std::size_t>(std::ranges::count(changes, LinkState::down, &LinkChanged::state));
}

void wrong_key(Rig& rig) {
  rig.take_wrong_secrets();
  try {
    rig.bench();
  } catch (const CaseFailed&) {
    return;  // It did not come up: what is owed.
  }
  throw CaseFailed{"with a wrong key it is connected all the same"};
}

void cut(Rig& rig) {
  rig.quote(-5, 5, 10);
  const std::size_t before = downs(rig);
  rig.inject("disconnect");
  rig.until([&] { return downs(rig) > before; }, "a cut connection is reported");
  rig.until([&] { return rig.armed(); }, "it connects again by itself");
  const ClOrdId id = rig.limit(Side::buy, 1, 5);
  rig.until_ended(id);
  rig.expect_filled(id, 1);
}

void venue_comes_back(Rig& rig) {
  rig.quote(-5, 5, 10);
  const ClOrdId rests = rig.resting(Side::buy, 2, -3);
  const std::size_t before = downs(rig);
  rig.venue().kill();
  rig.until([&] { return downs(rig) > before; }, "a venue that has died is reported");
  rig.venue().restart();
  rig.until([&] { return rig.armed(); }, "it connects to the venue that is back");
  rig.trade_with(rests, 2);
  rig.until_ended(rests);
  rig.expect_filled(rests, 2);
}

void nothing_sent_while_down(Rig& rig) {
  rig.quote(-5, 5, 10);
  const std::size_t before = downs(rig), sent = rig.orders_at_venue();
  rig.venue().kill();
  rig.until([&] { return downs(rig) > before; }, "a venue that has died is reported");
  const ClOrdId id = rig.limit(Side::buy, 1, -3);
  rig.settle();
  Rig::expect(rig.order(id).story.empty(), "with no connection an order was reported as " + rig.order(id).story);
  rig.venue().restart();
  rig.until_working(id);
  Rig::expect(rig.orders_at_venue() == sent + 1,
              "one order was sent " + std::to_string(rig.orders_at_venue() - sent) + " times");
}

}  // namespace

std::vector<BrokerCase> session_cases() {
  return {
      {"BC-013", "It stops while it is connecting", "opens it with nobody at the other end, and throws it away",
       Level::paper, {Need::edge}, stops_while_connecting},
      {"BC-020", "A wrong key is refused, never passed by", "logs on with another secret", Level::paper,
       {Need::edge, Need::secret}, wrong_key},
      {"BC-021", "A cut connection is reported and made again", "the venue cuts it", Level::paper, {Need::edge}, cut},
      {"BC-022", "A venue that died and came back is found again", "kills the venue's process and starts it",
       Level::paper, {Need::edge}, venue_comes_back},
      {"BC-023", "What is approved while the venue is gone is sent once it is back",
       "kills the venue's process, sends, starts it", Level::paper, {Need::edge, Need::asks},
       nothing_sent_while_down},
  };
}

}  // namespace holdfast::testkit
