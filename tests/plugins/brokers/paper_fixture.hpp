#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

#include "actor_fixture.hpp"

/// The paper venue, driven by the broker actor.
namespace holdfast::test {

inline constexpr ActorId kStrategy{7};

inline Bench::Make paper(std::vector<std::pair<std::string, Written>> fields = {}) {
  return actor("broker", map({{"broker", slot("paper", std::move(fields))}}));
}

/// One order, wanted and approved.
inline OrderTerms send(Bench& bench, std::uint64_t counter, Side side, const char* size, const char* limit = "",
                TimeInForce tif = TimeInForce::gtc) {
  const OrderTerms terms = order(kStrategy, counter, side, size, limit, tif);
  bench.tell(OrderIntent{terms, {}}, {}, kStrategy);
  bench.tell(OrderApproved{terms});
  return terms;
}

/// "0.5@101 taker" for each fill.
inline std::vector<std::string> fills(const Bench& bench) {
  std::vector<std::string> texts;
  for (const auto& f : bench.wrote<OrderFilled>())
    texts.push_back(f.last_qty.str() + "@" + f.last_px.str() +
                    (f.liquidity == Liquidity::maker ? " maker" : " taker"));
  return texts;
}
inline void check_fills(const Bench& bench, const std::vector<std::string>& expected) {
  const auto got = fills(bench);
  BOOST_TEST(got == expected, boost::test_tools::per_element());
}

inline void change(Bench& bench, const OrderTerms& terms, const char* size, const char* limit) {
  bench.tell(ReplaceIntent{terms.cl_ord_id, quantity(size), price(limit)}, "", kStrategy);
  bench.tell(ReplaceApproved{terms.cl_ord_id, quantity(size), price(limit)});
}
inline OrderTerms post(Bench& bench, std::uint64_t counter, Side side, const char* size, const char* limit = "") {
  OrderTerms terms = order(kStrategy, counter, side, size, limit);
  terms.exec_inst = ExecInst::post_only;
  bench.tell(OrderIntent{terms, {}}, {}, kStrategy);
  bench.tell(OrderApproved{terms});
  return terms;
}

}  // namespace holdfast::test
