// Each case has been seen to fail: a broken broker a line, and exactly the cases that find it.
#include <boost/test/unit_test.hpp>
#include <holdfast/testkit/conformance.hpp>

#include "faults.hpp"
#include "plugin_fixture.hpp"

using namespace holdfast;
using holdfast::test::faults_of;
using namespace holdfast::testkit;

namespace {

const PluginManifest& broken(const std::string& name) {
  const auto file = test::build_dir() / "tests_broken" / ("broker_" + name + ".so");
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) throw std::runtime_error{dlerror()};
  return *reinterpret_cast<const PluginManifest* (*)()>(dlsym(library, kPluginSymbol))();
}

const std::string kCanary = "canary-4711";

BrokerSubject subject(const std::string& plugin, const std::string& fault) {
  BrokerSubject subject{{broken(plugin)}};
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
std::string ended(const BrokerSubject& of, Outcome outcome, std::string* why = nullptr) {
  std::string ids;
  for (const BrokerCase& one : broker_cases()) {
    const CaseResult result = run_case(one, of, 7);
    if (result.outcome != outcome) continue;
    ids += (ids.empty() ? "" : " ") + std::string{one.id};
    if (why != nullptr) *why += std::string{one.id} + ": " + result.why + "\n";
  }
  return ids;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(broken_brokers)

BOOST_AUTO_TEST_CASE(a_fault_is_found_by_exactly_these_cases) {
  BOOST_TEST(faults_of("faulty").size() > 40u);
  for (const auto& [name, found_by] : faults_of("faulty")) {
    std::string why;
    const std::string found = ended(subject("faulty", name), Outcome::failed, &why);
    BOOST_TEST(found == found_by, name << ": " << found << "\n" << why);
  }
}

BOOST_AUTO_TEST_CASE(without_a_fault_nothing_is_found) {
  std::string why;
  BOOST_TEST(ended(subject("faulty", ""), Outcome::failed, &why) == "", why);
}

BOOST_AUTO_TEST_CASE(a_library_without_version_texts_and_places_is_found_out) {
  std::string why;
  ended(subject("careless", ""), Outcome::failed, &why);
  for (const char* id :
       {"BC-001: its version is 'one'", "BC-002: settings: the setting 'speed' has no name, no type or no text",
        "BC-003: 'unknown", "BC-005: the manifest says edge, and pure() is true"})
    BOOST_TEST(why.find(id) != std::string::npos, id << " is not in\n" << why);
}

BOOST_AUTO_TEST_CASE(what_works_and_is_not_claimed_is_a_warning) {
  BOOST_TEST(ended(subject("faulty", "claims_no_replace"), Outcome::warned) == "BC-068b");
  BOOST_TEST(ended(subject("faulty", "claims_no_fok"), Outcome::warned) == "BC-081b");
}

BOOST_AUTO_TEST_CASE(every_case_is_found_to_fail_by_some_fault) {
  // Broken plugins of their own, above; and what a system does not have yet, so that nobody is asked.
  std::string seen = "BC-001 BC-002 BC-003 BC-005 BC-068b BC-081b BC-150 BC-160 ";
  for (const char* plugin : {"faulty", "edge"})
    for (const auto& [name, found_by] : faults_of(plugin)) seen += found_by + " ";
  for (const BrokerCase& one : broker_cases())
    BOOST_TEST(seen.find(std::string{one.id} + " ") != std::string::npos, one.id << " has never failed");
}

BOOST_AUTO_TEST_SUITE_END()
