#include "book.hpp"

#include <boost/test/unit_test.hpp>

using namespace holdfast;
using metrics::Book;
using metrics::label_value;

namespace {

const std::map<std::string, std::string> kNone;

}  // namespace

BOOST_AUTO_TEST_SUITE(book)

BOOST_AUTO_TEST_CASE(what_is_over_the_budget_is_summed_up_in_one_series_and_counted) {
  Book book{kNone};
  for (int i = 0; i < 1000; ++i) book.add("holdfast_actor_lag_events", {"actor-" + std::to_string(i)}, 2);
  BOOST_TEST(book.overflowed() == 950u);
  const auto families = book.take();
  BOOST_REQUIRE(families.size() == 1u);
  BOOST_TEST(families[0].metric.size() == 51u);
  double sum = 0;
  const prometheus::ClientMetric* other = nullptr;
  for (const auto& metric : families[0].metric) {
    sum += metric.gauge.value;
    if (metric.label[0].value == "other") other = &metric;
  }
  BOOST_TEST(sum == 2000);
  BOOST_REQUIRE(other != nullptr);
  BOOST_TEST(other->gauge.value == 1900);
}

BOOST_AUTO_TEST_CASE(the_same_labels_are_one_series) {
  Book book{kNone};
  book.add("holdfast_latches_engaged", {"system", "halted"}, 0);
  book.add("holdfast_latches_engaged", {"system", "halted"}, 1);
  const auto families = book.take();
  BOOST_REQUIRE(families[0].metric.size() == 1u);
  BOOST_TEST(families[0].metric[0].gauge.value == 1);
  BOOST_TEST(book.overflowed() == 0u);
}

BOOST_AUTO_TEST_CASE(a_histogram_is_cumulative_in_seconds) {
  using namespace std::chrono_literals;
  Durations durations;
  for (const Duration took : {Duration{5us}, Duration{10us}, Duration{300us}, Duration{7s}}) durations.add(took);
  Book book{kNone};
  book.add("holdfast_trade_loop_seconds", {}, durations.read());
  const auto families = book.take();
  const auto& histogram = families[0].metric[0].histogram;
  BOOST_TEST(histogram.bucket.front().upper_bound == 0.00001);
  BOOST_TEST(histogram.bucket.front().cumulative_count == 2u);  // A bound belongs to its bucket.
  BOOST_TEST(histogram.bucket[4].upper_bound == 0.00025);
  BOOST_TEST(histogram.bucket[4].cumulative_count == 2u);
  BOOST_TEST(histogram.bucket[5].cumulative_count == 3u);
  BOOST_TEST(histogram.bucket.back().cumulative_count == 3u);
  BOOST_TEST(histogram.sample_count == 4u);
  BOOST_TEST(histogram.sample_sum == 7.000315, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(every_series_has_the_labels_of_its_system) {
  const std::map<std::string, std::string> labels{{"system", "one"}};
  Book book{labels};
  book.add("holdfast_actor_up", {"market"}, 1);
  const auto families = book.take();
  const auto& label = families[0].metric[0].label;
  BOOST_REQUIRE(label.size() == 2u);
  BOOST_TEST((label[0] == prometheus::ClientMetric::Label{"system", "one"}));
  BOOST_TEST((label[1] == prometheus::ClientMetric::Label{"actor", "market"}));
}

BOOST_AUTO_TEST_CASE(a_label_is_valid_text_whatever_somebody_wrote) {
  BOOST_TEST(label_value("Zoë 東京 🙂") == "Zoë 東京 🙂");
  BOOST_TEST(label_value("a\nb\x1b[31m\x7f") == "a?b?[31m?");
  BOOST_TEST(label_value("\xff\xfe\xc0\xaf") == "????");          // No UTF-8; longer than it need be.
  BOOST_TEST(label_value("\xed\xa0\x80") == "???");               // Half a surrogate pair.
  BOOST_TEST(label_value("\xf4\x90\x80\x80") == "????");          // Beyond the last character.
  BOOST_TEST(label_value("\xe6\x9d") == "??");                    // Cut short.
  BOOST_TEST(label_value(std::string(100, 'x')).size() == 64u);
  BOOST_TEST(label_value(std::string(63, 'x') + "東").size() == 63u);  // Never half a character.
}

BOOST_AUTO_TEST_CASE(a_metric_that_is_not_in_the_table_is_a_bug) {
  Book book{kNone};
  BOOST_CHECK_THROW(book.add("holdfast_unheard_of", {}, 1), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
