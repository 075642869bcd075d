#include <boost/test/unit_test.hpp>
#include <string>

#include "http.hpp"

using namespace holdfast::metrics;

namespace {

int error_of(const std::string& text) { return parse_request(text).error; }
bool waits(const std::string& text) {
  const auto parsed = parse_request(text);
  return !parsed.request && parsed.error == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http)

BOOST_AUTO_TEST_CASE(a_request_is_its_first_line) {
  const auto parsed = parse_request("GET /readyz?verbose HTTP/1.1\r\nHost: here\r\nAccept: */*\r\n\r\n");
  BOOST_REQUIRE(parsed.request.has_value());
  BOOST_TEST(parsed.request->method == "GET");
  BOOST_TEST(parsed.request->path == "/readyz");
  BOOST_TEST(parsed.request->query == "verbose");
}

BOOST_AUTO_TEST_CASE(what_has_not_come_whole_is_waited_for) {
  const std::string whole = "GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n";
  for (std::size_t i = 0; i < whole.size(); ++i) BOOST_TEST(waits(whole.substr(0, i)), "after " << i << " bytes");
  BOOST_TEST(parse_request(whole).request.has_value());
}

BOOST_AUTO_TEST_CASE(rubbish_is_refused_as_soon_as_it_shows) {
  BOOST_TEST(error_of("\x16\x03\x01\x02") == 400);  // The first bytes of TLS.
  BOOST_TEST(error_of("get /metrics HTTP/1.1\r\n") == 400);
  BOOST_TEST(error_of("GET\r\n\r\n") == 400);
  BOOST_TEST(error_of("GET  HTTP/1.1\r\n\r\n") == 400);
  BOOST_TEST(error_of("GET metrics HTTP/1.1\r\n\r\n") == 400);
  BOOST_TEST(error_of("GET http://elsewhere/metrics HTTP/1.1\r\n\r\n") == 400);
  BOOST_TEST(error_of("GET /metrics\t HTTP/1.1\r\n\r\n") == 400);
  BOOST_TEST(error_of("GET /metrics SPDY\r\n\r\n") == 400);
  BOOST_TEST(error_of("GET /metrics HTTP/2.0\r\n\r\n") == 505);
  BOOST_TEST(error_of("\r\n\r\n") == 400);
}

BOOST_AUTO_TEST_CASE(a_request_without_end_is_refused_at_its_bound) {
  const std::string begin = "GET /metrics HTTP/1.1\r\nX: ";
  BOOST_TEST(waits(begin + std::string(kMaxRequest - begin.size() - 4, 'x')));
  BOOST_TEST(error_of(begin + std::string(kMaxRequest, 'x')) == 431);
  BOOST_TEST(error_of(begin + std::string(kMaxRequest, 'x') + "\r\n\r\n") == 431);
  BOOST_TEST(error_of(std::string(kMaxRequest + 1, 'G')) == 431);
}

BOOST_AUTO_TEST_CASE(an_answer_says_how_long_it_is_and_that_it_is_the_last) {
  const std::string text = to_text({.status = 405, .body = "no\n"}, true);
  BOOST_TEST(text.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
  BOOST_TEST(text.find("\r\nContent-Length: 3\r\n") != std::string::npos);
  BOOST_TEST(text.find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
  BOOST_TEST(text.find("\r\nConnection: close\r\n\r\nno\n") != std::string::npos);
  BOOST_TEST(to_text({.body = "yes"}, false).ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
