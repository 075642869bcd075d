#include <boost/test/unit_test.hpp>

#include "fix/fixture.hpp"

namespace holdfast {

using namespace test;
namespace tag = fix::tag;

BOOST_AUTO_TEST_SUITE(fix_session)

BOOST_AUTO_TEST_CASE(two_endpoints_log_on_and_exchange_messages) {
  Side venue{venue_side()}, client{client_side()};
  venue.heard.answer = [&](fix::SessionId session, const fix::Message& message) {
    venue.endpoint.send(session, report(text(message, tag::ClOrdID)));
  };
  const auto port = venue.endpoint.listen("127.0.0.1", 0);
  venue.endpoint.start();
  client.endpoint.connect(client.session, "127.0.0.1", port);
  client.endpoint.start();
  client.heard.wait("logon");
  venue.heard.wait("logon");
  BOOST_CHECK(client.endpoint.send(client.session, order("A-1")));
  const auto got = venue.heard.wait("message").message;
  BOOST_CHECK_EQUAL(got.type(), "D");
  BOOST_CHECK_EQUAL(text(got, tag::ClOrdID), "A-1");
  BOOST_CHECK(price(got, tag::Price) == Price::parse("187.25"));
  BOOST_CHECK(time(got, tag::TransactTime) == Time{1'700'000'000'123'456'000});
  BOOST_CHECK_EQUAL(got.seq, 2);
  const auto answer = client.heard.wait("message").message;
  BOOST_CHECK_EQUAL(text(answer, tag::ExecID), "A-1");
  client.endpoint.stop();
  BOOST_CHECK_EQUAL(client.heard.wait("logout").why, "logged out");
  BOOST_CHECK_EQUAL(venue.heard.wait("logout").why, "the counterparty logged out");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace holdfast
