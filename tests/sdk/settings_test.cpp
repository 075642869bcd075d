#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/sdk/settings.hpp>
#include <ostream>

namespace {

using namespace holdfast;
namespace data = boost::unit_test::data;

struct Printed {
  const char* file;
  int line, column;
  const char *what, *mend, *text;
};
std::ostream& operator<<(std::ostream& out, const Printed& p) { return out << p.text; }

const Printed kPrinted[] = {
    {"configs/paper.yaml", 14, 7, "what", "mend", "configs/paper.yaml:14:7: what (mend)"},
    {"configs/paper.yaml", 14, 7, "what", "", "configs/paper.yaml:14:7: what"},
    {"a.yaml", 14, 0, "what", "", "a.yaml:14: what"},
    {"a.yaml", 0, 0, "what", "", "a.yaml: what"},
    {"", 3, 4, "what", "", "3:4: what"},
    {"", 0, 0, "what", "mend", "what (mend)"},
};

struct Guess {
  const char* word;
  const char* nearest;
};
std::ostream& operator<<(std::ostream& out, const Guess& g) { return out << g.word; }

const std::vector<std::string> kNames{"length", "quantity", "price", "abc", "pride"};
const Guess kGuesses[] = {
    {"length", "length"},  {"lenght", "length"},  // One swap.
    {"lengt", "length"},                          // One deletion.
    {"lengthh", "length"},                        // One insertion.
    {"langth", "length"},                         // One replacement.
    {"xexgxh", ""},                               // Three.
    {"lneght", "length"},                         // Two swaps.
    {"ca", "abc"},                                // A swap with an insertion between: two.
    {"pric", "price"},                            // price is one away, pride two.
    {"priee", "price"},                           // A tie goes to the first.
    {"quant", ""},         {"", ""},
};

Setting scalar(std::string text) {
  Setting s;
  s.kind = Setting::Kind::scalar;
  s.text = std::move(text);
  return s;
}

Setting map(std::vector<std::pair<std::string, Setting>> fields) {
  Setting s;
  s.kind = Setting::Kind::map;
  s.fields = std::move(fields);
  return s;
}

Setting list(std::vector<Setting> items) {
  Setting s;
  s.kind = Setting::Kind::list;
  s.items = std::move(items);
  return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_DATA_TEST_CASE(a_problem_prints_what_is_known_of_its_place, data::make(kPrinted), printed) {
  const Problem problem{{printed.file, printed.line, printed.column}, printed.what, printed.mend};
  BOOST_TEST(problem.str() == printed.text);
}

BOOST_DATA_TEST_CASE(the_nearest_name_is_within_two_edits, data::make(kGuesses), guess) {
  BOOST_TEST(nearest(guess.word, kNames) == guess.nearest);
}

BOOST_AUTO_TEST_CASE(there_is_no_nearest_of_nothing) { BOOST_TEST(nearest("word", {}).empty()); }

BOOST_AUTO_TEST_CASE(a_field_is_found_by_its_name) {
  const Setting s = map({{"a", scalar("1")}, {"b", scalar("2")}});
  BOOST_REQUIRE(s.find("b") != nullptr);
  BOOST_TEST(s.find("b")->text == "2");
  BOOST_TEST(s.find("c") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_same_meaning_in_another_place_and_order_has_the_same_text) {
  Setting one = map({{"b", list({scalar("1"), scalar("2")})}, {"a", map({{"y", scalar("x")}, {"z", {}}})}});
  Setting two = map({{"a", map({{"z", {}}, {"y", scalar("x")}})}, {"b", list({scalar("1"), scalar("2")})}});
  two.where = {"elsewhere.yaml", 7, 7};
  two.fields[0].second.fields[1].second.quoted = true;
  BOOST_TEST(one.canonical() == two.canonical());
}

BOOST_AUTO_TEST_CASE(another_meaning_has_another_text) {
  const Setting all[] = {{},
                         scalar(""),
                         scalar("null"),
                         scalar("a"),
                         list({}),
                         list({scalar("a"), scalar("b")}),
                         list({scalar("b"), scalar("a")}),
                         list({scalar("a\",\"b")}),
                         list({scalar("a\\"), scalar("b")}),
                         map({}),
                         map({{"a", scalar("b")}}),
                         map({{"b", scalar("a")}}),
                         map({{"a", list({scalar("b")})}}),
                         map({{"a\":\"b", scalar("")}})};
  for (std::size_t i = 0; i < std::size(all); ++i)
    for (std::size_t j = 0; j < i; ++j) BOOST_TEST(all[i].canonical() != all[j].canonical());
}

BOOST_AUTO_TEST_SUITE_END()
