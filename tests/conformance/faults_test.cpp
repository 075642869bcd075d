// Each case has been seen to fail: a broken plugin a line, and exactly the cases that find it.
#include <boost/test/unit_test.hpp>
#include <holdfast/testkit/conformance.hpp>
#include <holdfast/testkit/watch.hpp>

#include "faults.hpp"
#include "plugin_fixture.hpp"

using namespace holdfast;
using holdfast::test::faults_of;
using namespace holdfast::testkit;

namespace {

const PluginManifest& broken(const std::string& name) {
  const auto file = test::build_dir() / "tests_broken" / (name + ".so");
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) throw std::runtime_error{dlerror()};
  return *reinterpret_cast<const PluginManifest* (*)()>(dlsym(library, kPluginSymbol))();
}

const std::string kCanary = "canary-4711";

BrokerSubject subject(const std::string& plugin, const std::string& fault) {
  BrokerSubject subject{{{broken("broker_" + plugin)}}};
  if (plugin == "faulty")
    subject.plugin.settings =
        map({{"fault", fault}, {"maker_fee", "0.0002"}, {"taker_fee", "0.0005"}, {"key", map({{"secret", "key"}})}});
  subject.plugin.secrets = [](const std::string& name, Problem&) {
    return std::optional<Secret>{{name, kCanary, "12345678"}};
  };
  subject.canary = kCanary;
  subject.maker_fee = *Rate::parse("0.0002");
  subject.taker_fee = *Rate::parse("0.0005");
  return subject;
}

/// "BC-001 BC-002": what ended so.
template <class C, class S>
std::string ended(const std::vector<C>& cases, const S& of, Outcome outcome, std::string* why = nullptr) {
  std::string ids;
  for (const C& one : cases) {
    const CaseResult result = run_case(one, of, 7);
    if (result.outcome != outcome) continue;
    ids += (ids.empty() ? "" : " ") + one.id;
    if (why != nullptr) *why += one.id + ": " + result.why + "\n";
  }
  return ids;
}

/// Every line of the table about `plugin`, and none of the cases when it does nothing wrong.
template <class C, class Make>
void judge(const std::string& plugin, const std::vector<C>& cases, const Make& subject, std::size_t lines) {
  auto faults = faults_of(plugin);
  BOOST_TEST(faults.size() >= lines);
  faults[""] = "";
  for (const auto& [name, found_by] : faults) {
    std::string why;
    const std::string found = ended(cases, subject(name), Outcome::failed, &why);
    BOOST_TEST(found == found_by, plugin << "." << name << ": " << found << "\n" << why);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(broken_plugins)

BOOST_AUTO_TEST_CASE(a_fault_of_a_broker_is_found_by_exactly_these_cases) {
  judge("faulty", broker_cases(), [](const std::string& fault) { return subject("faulty", fault); }, 50);
}

BOOST_AUTO_TEST_CASE(a_fault_of_a_feed_is_found_by_exactly_these_cases) {
  const auto onlooker = watching_onlooker();
  judge("feed", feed_cases(),
        [&](const std::string& fault) {
          return FeedSubject{{{broken("feed_faulty"), map({{"fault", fault}})}}, 100, onlooker.get()};
        },
        12);
}

BOOST_AUTO_TEST_CASE(a_fault_of_a_strategy_is_found_by_exactly_these_cases) {
  const auto onlooker = watching_onlooker();
  judge("strategy", strategy_cases(),
        [&](const std::string& fault) {
          const auto settings = map({{"fault", fault}, {"instrument", "BTCUSDT"}});
          return StrategySubject{.plugin = {broken("strategy_faulty"), settings}, .onlooker = onlooker.get()};
        },
        12);
}

#ifndef __SANITIZE_ADDRESS__  // Its heap gives nothing back for a while, so that addresses only ever grow.
BOOST_AUTO_TEST_CASE(what_goes_by_addresses_is_found) {
  const StrategySubject subject{.plugin = {broken("strategy_faulty"), map({{"fault", "addresses"}, {"instrument", "BTCUSDT"}})}};
  BOOST_TEST(ended(strategy_cases(), subject, Outcome::failed).find("SC-030") != std::string::npos);
}
#endif

BOOST_AUTO_TEST_CASE(a_library_without_version_texts_and_places_is_found_out) {
  std::string why;
  ended(broker_cases(), subject("careless", ""), Outcome::failed, &why);
  for (const char* id :
       {"BC-001: its version is 'one'", "BC-002: settings: the setting 'speed' has no name, no type or no text",
        "BC-003: 'unknown", "BC-005: the manifest says edge, and pure() is true"})
    BOOST_TEST(why.find(id) != std::string::npos, id << " is not in\n" << why);
}

BOOST_AUTO_TEST_CASE(what_works_and_is_not_claimed_is_a_warning) {
  BOOST_TEST(ended(broker_cases(), subject("faulty", "claims_no_replace"), Outcome::warned) == "BC-068b");
  BOOST_TEST(ended(broker_cases(), subject("faulty", "claims_no_fok"), Outcome::warned) == "BC-081b");
}

BOOST_AUTO_TEST_CASE(every_case_is_found_to_fail_by_some_fault) {
  // Broken plugins of their own, above and in conformance_test.cpp; and what a system does not have yet, so that
  // nobody is asked.
  std::string seen = "BC-001 BC-002 BC-003 BC-005 BC-068b BC-081b BC-150 BC-160 FC-033 SC-031 ";
  // What is the same for every kind is the same code.
  for (const char* number : {"001", "002", "003", "012"}) seen += std::string{"FC-"} + number + " SC-" + number + " ";
  for (const char* plugin : {"faulty", "edge", "feed", "edge_feed", "strategy"})
    for (const auto& [name, found_by] : faults_of(plugin)) seen += found_by + " ";
  const auto look = [&](const auto& cases) {
    for (const CaseText& one : cases)
      BOOST_TEST(seen.find(one.id + " ") != std::string::npos, one.id << " has never failed");
  };
  look(broker_cases());
  look(feed_cases());
  look(strategy_cases());
}

BOOST_AUTO_TEST_SUITE_END()
