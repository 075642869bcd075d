#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <holdfast/config/secrets.hpp>

#include "config/plan_text.hpp"
#include "config/typed_host.hpp"
#include "test_data.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace fs = std::filesystem;

namespace {

const std::string kNamed = with_settings("{ key: { secret: acme/api_key } }");

void put(const std::string& file, const std::string& text, fs::perms perms = fs::perms::owner_read) {
  fs::create_directories(fs::path{file}.parent_path());
  std::ofstream{file} << text;
  fs::permissions(file, perms);
}

SecretReader reader(std::map<std::string, std::string> variables) {
  return secret_reader(process_secrets(environment(std::move(variables))));
}

/// What checking says about `text`, with these secrets; "" is nothing.
std::string checked(const std::string& text, const SecretReader& secrets, TypedHost host = {}) {
  const auto result = load(text);
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  const auto problems = check_plan(*result.plan, host, secrets);
  return words(problems) + (problems.empty() ? "" : render(problems, result.file, result.source, false));
}

std::string value_of(const SecretReader& secrets, const std::string& name = "acme/api_key") {
  Problem why_not;
  const auto secret = secrets(name, why_not);
  return secret ? secret->reveal() : why_not.what + "|" + why_not.mend;
}

struct Written {
  const char* settings;
  std::string problem;
};
std::ostream& operator<<(std::ostream& out, const Written& c) { return out << c.settings; }

const std::string kNever = "a secret is named here, never written (write {secret: name})\n";
const std::vector<Written> kWritten{
    {"{ key: hunter2 }", "f:7: " + kNever},
    {"{ key: [ hunter2 ] }", "f:7: " + kNever},
    {"{ key: { value: hunter2 } }", "f:7: " + kNever},
    {"{ key: { secret: { a: hunter2 } } }", "f:7: " + kNever},
    {"{ key: { secret: a, value: hunter2 } }", "f:7: " + kNever},
    {"{ key: {} }", "f:7: " + kNever},
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_secret_arrives_by_its_name_and_stands_in_no_text) {
  const auto result = load(kNamed);
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  TypedHost host;
  BOOST_TEST(words(check_plan(*result.plan, host, reader({{"HOLDFAST_SECRET_ACME_API_KEY", "hunter2"}}))) ==
             "");
  const Secret& key = host.read.at(0).key;
  BOOST_TEST(key.reveal() == "hunter2");
  BOOST_TEST(key.shown() == "acme/api_key sha256:f52fbd32");
  BOOST_TEST(result.plan->canonical.find("hunter2") == std::string::npos);
  BOOST_TEST(result.plan->canonical.find("key:\n          secret: acme/api_key\n") != std::string::npos,
             result.plan->canonical);
}

BOOST_AUTO_TEST_CASE(another_value_does_not_change_the_canonical_text) {
  BOOST_TEST(load(kNamed, {}, {{"HOLDFAST_SECRET_ACME_API_KEY", "a"}}).plan->canonical ==
             load(kNamed, {}, {{"HOLDFAST_SECRET_ACME_API_KEY", "b"}}).plan->canonical);
}

BOOST_DATA_TEST_CASE(a_secret_that_is_written_is_refused_and_not_repeated,
                     boost::unit_test::data::make(kWritten), c) {
  const auto said = checked(with_settings(c.settings), reader({}));
  BOOST_TEST(said.starts_with(c.problem), said);
  BOOST_TEST(said.find("hunter2") == std::string::npos, said);
}

BOOST_AUTO_TEST_CASE(a_secret_on_the_command_line_is_refused_and_not_repeated) {
  const auto result = load(kNamed, {"actors.a.settings.key=hunter2"});
  BOOST_REQUIRE_EQUAL(words(result.problems), "");
  TypedHost host;
  BOOST_TEST(words(check_plan(*result.plan, host, reader({}))) == "--set actors.a.settings.key: " + kNever);
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_not_there_says_where_it_belongs) {
  BOOST_TEST(checked(kNamed, reader({}))
                 .starts_with("f:7:34: there is no secret 'acme/api_key' (put it into the file acme/api_key "
                              "in $CREDENTIALS_DIRECTORY or"
                              " $HOLDFAST_SECRETS, or into HOLDFAST_SECRET_ACME_API_KEY)\n"));
  BOOST_TEST(
      checked(kNamed, {}).starts_with("f:7:34: no secret can be named here (this host hands none in)\n"));
}

BOOST_AUTO_TEST_CASE(credentials_of_systemd_come_before_a_folder_and_a_folder_before_a_variable) {
  const ScratchDir credentials, folder;
  std::map<std::string, std::string> variables{{"CREDENTIALS_DIRECTORY", credentials.str()},
                                               {"HOLDFAST_SECRETS", folder.str()},
                                               {"HOLDFAST_SECRET_ACME_API_KEY", "variable"}};
  BOOST_TEST(value_of(reader(variables)) == "variable");
  put(folder / "acme/api_key", "file\n");
  BOOST_TEST(value_of(reader(variables)) == "file");
  // The service manager decides who may read there.
  put(credentials / "acme/api_key", "credential", fs::perms::owner_read | fs::perms::others_read);
  BOOST_TEST(value_of(reader(variables)) == "credential");
}

BOOST_AUTO_TEST_CASE(a_file_that_everybody_can_read_keeps_no_secret) {
  const ScratchDir folder;
  put(folder / "acme/api_key", "hunter2", fs::perms::owner_read | fs::perms::others_read);
  BOOST_TEST(value_of(reader({{"HOLDFAST_SECRETS", folder.str()}})) ==
             "the secret 'acme/api_key' cannot be used: " + (folder / "acme/api_key") +
                 " can be read by everybody: chmod 600 it|");
}

BOOST_AUTO_TEST_CASE(what_is_no_secret_is_said) {
  const ScratchDir folder;
  const auto secrets = reader({{"HOLDFAST_SECRETS", folder.str()}});
  put(folder / "empty", "\n");
  put(folder / "large", std::string(70'000, 'x'));
  put(folder / "folder/file", "x");
  BOOST_TEST(value_of(secrets, "empty") == "the secret 'empty' is empty|");
  BOOST_TEST(value_of(secrets, "large") ==
             "the secret 'large' cannot be used: " + (folder / "large") + " is larger than 64 KiB|");
  BOOST_TEST(value_of(secrets, "folder") ==
             "the secret 'folder' cannot be used: " + (folder / "folder") + " is a folder|");
}

BOOST_DATA_TEST_CASE(a_name_cannot_leave_its_folder,
                     boost::unit_test::data::make({"../a", "a/../b", "/a", "a/", "a//b", ".a", "", "a b",
                                                   "a\nb"}),
                     name) {
  const ScratchDir folder;
  BOOST_TEST(value_of(reader({{"HOLDFAST_SECRETS", folder.str()}}), name) ==
             "'" + std::string{name} +
                 "' is not the name of a secret|write letters, digits, '_', '-', '.', and '/'"
                 " between parts, such as acme/api_key");
}

BOOST_AUTO_TEST_CASE(a_host_may_keep_secrets_wherever_it_likes) {
  const auto secrets =
      secret_reader([](const std::string& name, std::string& mend) -> std::optional<std::string> {
        if (name == "locked") throw std::runtime_error{"the vault is locked"};
        if (name == "known") return "value of " + name;
        mend = "ask the vault's keeper";
        return std::nullopt;
      });
  BOOST_TEST(value_of(secrets, "known") == "value of known");
  BOOST_TEST(value_of(secrets, "other") == "there is no secret 'other'|ask the vault's keeper");
  BOOST_TEST(value_of(secrets, "locked") == "the secret 'locked' cannot be used: the vault is locked|");
}

BOOST_AUTO_TEST_CASE(folding_a_journal_needs_no_secret) {
  TypedHost host;
  const auto result = load(kNamed);
  BOOST_TEST(words(check_plan(*result.plan, host, no_secrets_needed())) == "");
  BOOST_TEST(host.read.at(0).key.reveal() == "");
}
