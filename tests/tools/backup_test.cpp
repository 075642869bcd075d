// holdfast backup and restore, as people use them.
#include <archive.h>
#include <archive_entry.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <holdfast/journal/failpoints.hpp>
#include <holdfast/journal/sha256.hpp>

#include "program.hpp"
#include "shell.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// A system that has run, its directory of backups, and what they say.
struct Backups {
  ScratchDir scratch;
  std::string file = small_system(scratch), dir = scratch / "d", backups = scratch / "b";
  Backups() { run(); }
  /// One run more, to the end of the market: some events more.
  void run() const {
    std::vector<std::string> words{"backtest", file, "--data-dir", dir};
    if (fs::exists(dir)) words.emplace_back("--resume");
    const Ended ended = holdfast::test::holdfast(words);
    BOOST_TEST_REQUIRE(ended.code == 0, ended.err);
  }
  Ended backup(std::vector<std::string> words) const {
    words.insert(words.begin(), "backup");
    return holdfast::test::holdfast(words);
  }
  json create(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"create", dir, "--to", backups, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = backup(words);
    BOOST_TEST_REQUIRE(ended.code == 0, ended.err);
    return ended.json();
  }
  Ended restore(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"restore", "--from", backups, "--to", dir};
    words.insert(words.end(), more.begin(), more.end());
    return holdfast::test::holdfast(words);
  }
  /// The exit code of `verb` with a failpoint armed.
  int failing(const std::string& failpoint, const std::string& verb) const {
    return shell("export HOLDFAST_FAILPOINTS='" + failpoint + "'\nholdfast " + verb + "\n", scratch.str()).exit;
  }
  Ended verify() const { return backup({"verify", "--from", backups}); }
  std::uint64_t head() const { return status()["head_seq"]; }
  json status() const { return holdfast::test::holdfast({"status", dir, "--json"}).json(); }
  /// Digests of the actors' states, and whether each comes out again.
  std::string replayed() const { return holdfast::test::holdfast({"journal", "replay", dir, "--json"}).out; }
  std::vector<fs::path> contents() const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::recursive_directory_iterator{fs::path{backups} / "files"})
      if (entry.is_regular_file()) all.push_back(entry.path());
    std::ranges::sort(all);
    return all;
  }
};

void turn_a_bit_over(const fs::path& file) {
  fs::permissions(file, fs::perms::owner_all);
  std::string text = text_of_file(file.string());
  text.at(text.size() / 2) ^= 1;
  std::ofstream{file, std::ios::binary | std::ios::trunc} << text;
}

/// Names and contents of a tar file.
std::map<std::string, std::string> unpacked(const std::string& file) {
  std::map<std::string, std::string> all;
  archive* const a = archive_read_new();
  archive_read_support_filter_zstd(a);
  archive_read_support_format_tar(a);
  BOOST_TEST_REQUIRE(archive_read_open_filename(a, file.c_str(), 1 << 16) == ARCHIVE_OK);
  for (archive_entry* entry = nullptr; archive_read_next_header(a, &entry) == ARCHIVE_OK;) {
    std::string text(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
    BOOST_TEST(archive_read_data(a, text.data(), text.size()) == static_cast<la_ssize_t>(text.size()));
    all[archive_entry_pathname(entry)] = text;
  }
  archive_read_free(a);
  return all;
}

std::vector<std::string> places(const std::string& start) {
  std::vector<std::string> names;
  for (const auto& site : failpoint_sites())
    if (site.name.starts_with(start)) names.emplace_back(site.name);
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backups)

BOOST_FIXTURE_TEST_CASE(what_is_restored_is_what_was_backed_up, Backups) {
  const std::string before = replayed();
  const auto made = create();
  BOOST_TEST(made["head_seq"] == head());
  run();
  BOOST_TEST(head() > made["head_seq"].get<std::uint64_t>());
  const Ended ended = restore();
  BOOST_TEST(ended.code == 0, ended.err);
  BOOST_TEST(head() == made["head_seq"]);
  BOOST_TEST(replayed() == before);
  BOOST_TEST(ended.out.find("events after it are only there") != std::string::npos, ended.out);
  // And it goes on: it runs, and the next backup has more.
  run();
  const auto next = create();
  BOOST_TEST(next["id"] == 2);
  BOOST_TEST(next["head_seq"].get<std::uint64_t>() > made["head_seq"].get<std::uint64_t>());
  BOOST_TEST(verify().code == 0);
}

BOOST_FIXTURE_TEST_CASE(a_destroyed_directory_comes_back, Backups) {
  const auto made = create();
  for (const char* what : {"journal", ""}) {
    fs::remove_all(fs::path{dir} / what);
    const Ended ended = restore();
    BOOST_TEST(ended.code == 0, ended.err);
    BOOST_TEST(head() == made["head_seq"]);
    run();
  }
}

BOOST_FIXTURE_TEST_CASE(only_what_is_new_is_copied, Backups) {
  const auto first = create();
  BOOST_TEST(first["copied_files"] == first["files"]);
  const auto second = create();
  BOOST_TEST(second["copied_bytes"] == 0u);
  BOOST_TEST(second["files"] == first["files"]);
  run();
  const auto third = create();
  BOOST_TEST(third["copied_files"].get<int>() > 0);
  BOOST_TEST(third["copied_files"].get<int>() < third["files"].get<int>());
  BOOST_TEST(verify().code == 0);
}

BOOST_FIXTURE_TEST_CASE(the_key_that_signs_is_in_no_backup, Backups) {
  const std::string key = text_of_file(dir + "/signing.key");
  BOOST_TEST_REQUIRE(key.find("PRIVATE KEY") != std::string::npos);
  create();
  for (const auto& file : contents()) BOOST_TEST(text_of_file(file.string()).find("PRIVATE KEY") == std::string::npos, file);
  BOOST_TEST(restore().code == 0);
  BOOST_TEST(text_of_file(dir + "/signing.key") == key);
}

BOOST_FIXTURE_TEST_CASE(anchors_are_backed_up_and_what_is_not_one_yet_is_not, Backups) {
  std::ofstream{scratch / "anchors/checkpoint-100001.txt.tmp"} << "half";
  create();
  const std::string manifest = text_of_file(backups + "/backups/000001");
  BOOST_TEST(manifest.find(" audit/checkpoint-") != std::string::npos);
  BOOST_TEST(manifest.find(" audit/audit.pub") != std::string::npos);
  BOOST_TEST(manifest.find(".tmp") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_running_system_is_backed_up_without_stopping, Backups) {
  const std::string other = scratch / "live";
  Program program{scratch, {"run", small_system(scratch, "0", 20), "--data-dir", other}};
  const auto head_of = [&] {
    const Ended ended = holdfast::test::holdfast({"status", other, "--json"});
    return ended.code == 0 ? ended.json().value("head_seq", std::uint64_t{0}) : 0;
  };
  BOOST_TEST_REQUIRE(wait_until([&] { return head_of() > 100; }));
  std::uint64_t last = 0;
  for (int i = 0; i < 3; ++i) {
    const Ended ended = backup({"create", other, "--to", scratch / "lb", "--json"});
    BOOST_TEST_REQUIRE(ended.code == 0, ended.err);
    const auto made = ended.json();
    BOOST_TEST(made["hot"] == true);
    BOOST_TEST(made["head_seq"].get<std::uint64_t>() > last);
    last = made["head_seq"];
    BOOST_TEST_REQUIRE(wait_until([&] { return head_of() > last + 50; }));
  }
  const Ended refused = holdfast::test::holdfast({"restore", "--from", scratch / "lb", "--to", other});
  BOOST_TEST(refused.code == 69);
  BOOST_TEST(refused.err.find("is in use by a running system: stop it first") != std::string::npos, refused.err);
  for (const auto& entry : fs::directory_iterator{other}) BOOST_TEST(entry.path().filename().string().find("checkpoint") == std::string::npos);
  program.signal(SIGKILL);
  program.wait();
  BOOST_TEST(backup({"verify", "--from", scratch / "lb"}).code == 0);
  BOOST_TEST(holdfast::test::holdfast({"restore", "--from", scratch / "lb", "--to", other}).code == 0);
  BOOST_TEST(holdfast::test::holdfast({"status", other, "--json"}).json()["head_seq"] == last);
}

BOOST_FIXTURE_TEST_CASE(every_damage_to_a_backup_is_found_and_nothing_of_it_restored, Backups) {
  create();
  const auto files = contents();
  const auto head_before = head();
  for (const auto& file : files) {
    const std::string whole = text_of_file(file.string());
    if (whole.empty()) continue;
    turn_a_bit_over(file);
    const Ended checked = verify();
    BOOST_TEST(checked.code == 1, file);
    BOOST_TEST(checked.out.find("has other contents") != std::string::npos, checked.out);
    const Ended refused = restore();
    BOOST_TEST(refused.code == 69, file);
    BOOST_TEST(refused.err.find("the backup is damaged") != std::string::npos, refused.err);
    std::ofstream{file, std::ios::binary | std::ios::trunc} << whole;
  }
  fs::remove(files.front());
  BOOST_TEST(verify().code == 1);
  BOOST_TEST(restore().code == 69);
  BOOST_TEST(head() == head_before);
}

BOOST_FIXTURE_TEST_CASE(every_change_of_a_manifest_is_found, Backups) {
  create();
  const std::string path = backups + "/backups/000001", whole = text_of_file(path);
  for (std::size_t i = 0; i < whole.size(); i += 7) {
    std::string changed = whole;
    changed[i] ^= 1;
    std::ofstream{path, std::ios::binary | std::ios::trunc} << changed;
    BOOST_TEST(restore({"--dry-run", "--id", "1"}).code == 69, "byte " << i);
    std::ofstream{path, std::ios::binary | std::ios::trunc} << whole.substr(0, i);
    BOOST_TEST(restore({"--dry-run", "--id", "1"}).code == 69, "cut at " << i);
    if (i > 300) break;
  }
  // The next one is whole, and what the damaged one had is not swept away.
  const auto kept = contents().size();
  create();
  BOOST_TEST(contents().size() >= kept);
  BOOST_TEST(restore().code == 0);
}

BOOST_FIXTURE_TEST_CASE(corruption_on_the_way_into_a_backup_is_found, Backups) {
  BOOST_TEST(failing("backup.bytes=corrupt@2", "backup create " + dir + " --to " + backups) == 0);
  BOOST_TEST(verify().code == 1);
}

BOOST_FIXTURE_TEST_CASE(wrong_places_are_refused_in_one_sentence, Backups) {
  create();
  const ScratchDir elsewhere;
  const auto said = [&](const Ended& ended, int code, const std::string& words) {
    BOOST_TEST(ended.code == code, ended.err);
    BOOST_TEST(ended.err.find(words) != std::string::npos, ended.err);
  };
  said(backup({"create", dir, "--to", dir + "/b"}), 64, "is inside of the data directory");
  said(backup({"create", elsewhere / "x", "--to", backups}), 69, "holds no Holdfast journal");
  said(backup({"list", "--from", elsewhere / "x"}), 69, "holds no backups of Holdfast");
  std::ofstream{elsewhere / "mine.txt"} << "mine";
  said(backup({"create", dir, "--to", elsewhere.str()}), 69, "is not empty and holds no backups");
  said(restore({"--id", "7"}), 69, "there is no backup 7");
  said(restore({"--only", "jornal"}), 64, "there is no part 'jornal'");
  said(holdfast::test::holdfast({"restore", "--from", backups, "--to", elsewhere.str()}), 69, "is not empty and no data directory of Holdfast");
  said(backup({"prune", "--from", backups}), 64, "say what to keep");
  said(holdfast::test::holdfast({"restore", "--roll-back", "--to", dir}), 69, "nothing was set aside");
  const std::string other = elsewhere / "other";
  std::string text = text_of_file(file);
  text.replace(text.find("name: "), 6, "name: other_");
  std::ofstream{elsewhere / "other.yaml"} << text;
  BOOST_TEST(holdfast::test::holdfast({"backtest", elsewhere / "other.yaml", "--data-dir", other}).code == 0);
  said(backup({"create", other, "--to", backups}), 69, "holds backups of the system");
  said(holdfast::test::holdfast({"restore", "--from", backups, "--to", other}), 69, "belongs to the system");
}

BOOST_FIXTURE_TEST_CASE(a_restore_can_be_rolled_back_and_forth, Backups) {
  create();
  run();
  const auto newer = head();
  BOOST_TEST(restore().code == 0);
  const auto older = head();
  BOOST_TEST(older < newer);
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST(holdfast::test::holdfast({"restore", "--roll-back", "--to", dir}).code == 0);
    BOOST_TEST(head() == (i == 0 ? newer : older));
  }
}

BOOST_FIXTURE_TEST_CASE(a_brake_that_is_engaged_now_survives_an_older_backup, Backups) {
  create();
  BOOST_TEST(holdfast::test::holdfast({"halt", dir, "--by", "ann", "--reason", "odd fills"}).code == 0);
  BOOST_TEST(restore().code == 0);
  const auto latches = status()["latches"];
  BOOST_TEST_REQUIRE(latches.size() == 1u);
  BOOST_TEST(latches[0]["who"] == "ann");
}

BOOST_FIXTURE_TEST_CASE(a_part_is_restored_alone, Backups) {
  create();
  run();
  const auto newer = head();
  BOOST_TEST(restore({"--only", "config", "--only", "latches"}).code == 0);
  BOOST_TEST(head() == newer);
  BOOST_TEST(text_of_file(dir + "/config/plan.yaml").find("holdfast: 1") != std::string::npos);
  BOOST_TEST(restore({"--only", "journal"}).code == 0);
  BOOST_TEST(head() < newer);
}

BOOST_FIXTURE_TEST_CASE(old_backups_go_and_the_newest_stays, Backups) {
  for (int i = 0; i < 4; ++i) {
    run();
    create();
  }
  BOOST_TEST(backup({"prune", "--from", backups, "--keep", "2"}).code == 0);
  const auto left = backup({"list", "--from", backups, "--json"}).json()["backups"];
  BOOST_TEST_REQUIRE(left.size() == 2u);
  BOOST_TEST(left[0]["id"] == 3);
  BOOST_TEST(verify().code == 0);
  BOOST_TEST(backup({"prune", "--from", backups, "--keep-days", "1"}).out.starts_with("0 removed"));
  // Nothing but what they name is kept, and an id is never given twice.
  backup({"prune", "--from", backups, "--keep", "1"});
  const auto files = contents().size();
  BOOST_TEST(files <= backup({"list", "--from", backups, "--json"}).json()["backups"][0]["files"].get<std::size_t>());
  BOOST_TEST(create()["id"] == 5);
}

BOOST_FIXTURE_TEST_CASE(an_archive_can_be_read_by_anybody, Backups) {
  create({"--archive", scratch / "a.tar.zst"});
  const auto files = unpacked(scratch / "a.tar.zst");
  std::string top;
  for (const auto& [name, text] : files)
    if (name.ends_with("/SHA256SUMS")) top = name.substr(0, name.find('/') + 1);
  BOOST_TEST_REQUIRE(!top.empty());
  std::istringstream sums{files.at(top + "SHA256SUMS")};
  std::size_t checked = 0;
  for (std::string hash, name; sums >> hash >> name; ++checked) BOOST_TEST(hex(sha256(files.at(top + name))) == hash, name);
  BOOST_TEST(checked + 2 == files.size());
  BOOST_TEST(files.at(top + "MANIFEST") == text_of_file(backups + "/backups/000001"));
}

BOOST_DATA_TEST_CASE(killed_while_it_backs_up_it_leaves_older_ones_whole, boost::unit_test::data::make(places("backup.")), place) {
  const Backups b;
  const auto first = b.create();
  b.run();
  for (int hit = 1; hit <= 9; hit += 4) {
    const int code = b.failing(place + "=kill@" + std::to_string(hit), "backup create " + b.dir + " --to " + b.backups);
    if (hit == 1) BOOST_TEST(code == 128 + SIGKILL);
    BOOST_TEST(b.verify().code == 0);
  }
  BOOST_TEST(b.create()["head_seq"] == b.head());
  BOOST_TEST(b.verify().code == 0);
  BOOST_TEST(b.restore({"--id", "1"}).code == 0);
  BOOST_TEST(b.head() == first["head_seq"]);
}

BOOST_DATA_TEST_CASE(killed_while_it_restores_there_is_the_old_state_or_the_new, boost::unit_test::data::make(places("restore.")), place) {
  const Backups b;
  const std::uint64_t older = b.create()["head_seq"];
  b.run();
  const std::uint64_t newer = b.head();
  for (int hit = 1; hit <= 9; hit += 4) {
    const int code = b.failing(place + "=kill@" + std::to_string(hit), "restore --from " + b.backups + " --to " + b.dir);
    if (hit == 1) BOOST_TEST(code == 128 + SIGKILL);
    const std::uint64_t now = b.head();
    BOOST_TEST((now == older || now == newer), now);
    BOOST_TEST(holdfast::test::holdfast({"journal", "verify", b.dir}).code == 3);
  }
  BOOST_TEST(b.restore().code == 0);
  BOOST_TEST(b.head() == older);
  // What was there when it was killed is nowhere lost: it is in place, or set aside.
  bool kept = false;
  for (const auto& entry : fs::directory_iterator{b.scratch.str()})
    if (fs::exists(entry.path() / "holdfast.store"))
      kept |= holdfast::test::holdfast({"status", entry.path().string(), "--json"}).json()["head_seq"] == newer;
  BOOST_TEST(kept);
  b.run();
}

BOOST_AUTO_TEST_SUITE_END()
