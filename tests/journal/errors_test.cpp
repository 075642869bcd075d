#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <holdfast/journal/verify.hpp>

#include "fault_fs.hpp"
#include "live_journal.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Fault {
  const char* name;
  void (*plant)(FaultFs&);
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.name; }

const Fault kFaults[] = {
    {"an error while writing", [](FaultFs& disk) { disk.fail(FaultFs::Op::append); },
     "the journal failed while writing: IO error: Input/output error; trading stops, nothing was retried"},
    {"an error while writing later", [](FaultFs& disk) { disk.fail(FaultFs::Op::append, 5); },
     "the journal failed while writing: IO error: Input/output error; trading stops, nothing was retried"},
    {"an error while syncing", [](FaultFs& disk) { disk.fail(FaultFs::Op::sync); },
     "the journal failed while syncing: IO error: Input/output error; trading stops, nothing was retried"},
    {"an error while syncing later", [](FaultFs& disk) { disk.fail(FaultFs::Op::sync, 2); },
     "the journal failed while syncing: IO error: Input/output error; trading stops, nothing was retried"},
    {"a full disk", [](FaultFs& disk) { disk.fill_up_after(3000); },
     "the journal failed while writing: IO error: No space left on device: No space left on device; trading "
     "stops, "
     "nothing was retried"},
};

struct Disk {
  Disk() { options.file_system = disk; }
  TempDir dir;
  std::shared_ptr<FaultFs> disk = std::make_shared<FaultFs>();
  StoreOptions options = store_options(dir / "journal");
};

}  // namespace

BOOST_AUTO_TEST_SUITE(errors)

BOOST_DATA_TEST_CASE(a_failing_disk_stops_the_journal_with_a_reason_and_nothing_more_is_released,
                     boost::unit_test::data::make(kFaults), fault) {
  Disk d;
  std::uint64_t released = 0;
  {
    const auto store = Store::open(d.options);
    Live live{*store};
    live.journal->submit(one(kStrategy, OrderApproved{}));
    BOOST_REQUIRE(live.wait_released(1));
    fault.plant(*d.disk);
    Random random{3};
    for (std::uint64_t i = 0; i < 200 && live.failures().empty(); ++i) {
      auto submission = traffic(random);
      const auto last = live.journal->head() + submission.events.count();
      live.journal->submit(std::move(submission));
      BOOST_REQUIRE(live.wait([&] { return live.journal->release_seq() >= last || d.disk->failed(); }));
      if (d.disk->failed()) BOOST_REQUIRE(live.wait_failed());
    }
    BOOST_REQUIRE(live.wait_failed());
    released = live.journal->release_seq();
    d.disk->heal();  // Even when the disk comes back: nothing is retried.
    const std::size_t queued = live.journal->queued_bytes();
    live.journal->submit(one(kStrategy, OrderApproved{}));
    BOOST_TEST(live.journal->queued_bytes() == queued);  // Nobody would ever take it.
    live.journal->stop();
    BOOST_TEST(live.journal->release_seq() == released);
    BOOST_REQUIRE(live.failures().size() == 1u);
    BOOST_TEST(live.failures()[0] == fault.reason);
  }
  const auto store = Store::open(d.options);
  BOOST_REQUIRE(store->head());
  const std::uint64_t head = store->head()->last_seq();
  BOOST_TEST(head >= released);
  Live live{*store};
  live.journal->submit(one(kStrategy, OrderApproved{}));
  BOOST_TEST(live.wait_released(head + 1));
  live.journal->stop();
  BOOST_TEST((verify_journal(d.dir.path, "").verdict == VerifyReport::Verdict::unanchored));
}

BOOST_AUTO_TEST_CASE(a_hanging_sync_holds_back_the_release_and_nobody_else) {
  Disk d;
  const auto store = Store::open(d.options);
  Live live{*store};
  d.disk->hang(true);
  live.journal->submit(one(kStrategy, OrderApproved{}));
  d.disk->wait_until_hanging();
  Random random{3};
  std::uint64_t head = 1;
  for (int i = 0; i < 100; ++i) {
    auto submission = traffic(random);
    head += submission.events.count();
    live.journal->submit(std::move(submission));
  }
  BOOST_TEST(live.wait_heard(head));
  BOOST_TEST(live.journal->release_seq() == 0u);
  d.disk->hang(false);
  BOOST_TEST(live.wait_released(head));
}

BOOST_AUTO_TEST_CASE(a_hanging_write_holds_back_the_release_and_nobody_else) {
  Disk d;
  Failpoints failpoints;
  d.options.failpoints = &failpoints;
  const auto store = Store::open(d.options);
  Live live{*store};
  failpoints.set("journal.before_write=pause");
  Random random{4};
  std::uint64_t head = 0;
  for (int i = 0; i < 100; ++i) {
    auto submission = traffic(random);
    head += submission.events.count();
    live.journal->submit(std::move(submission));
    BOOST_REQUIRE(live.wait_heard(head));  // One frame after the other, none of them written.
  }
  BOOST_TEST(live.journal->release_seq() == 0u);
  BOOST_TEST(live.journal->read(1)->header.first_seq == 1u);  // Read from memory: nothing is in the store.
  failpoints.set("journal.before_write=off");
  BOOST_TEST(live.wait_released(head));
}

BOOST_AUTO_TEST_CASE(after_a_failed_write_nothing_more_is_released) {
  Disk d;
  const auto store = Store::open(d.options);
  Live live{*store};
  live.journal->submit(one(kStrategy, OrderApproved{}));
  BOOST_REQUIRE(live.wait_released(1));
  d.disk->fail(FaultFs::Op::append);
  live.journal->submit(one(kStrategy, OrderApproved{}));
  BOOST_REQUIRE(live.wait_failed());
  live.journal->stop();
  BOOST_TEST(live.journal->release_seq() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_written_while_a_sync_runs_waits_for_the_next) {
  Disk d;
  std::uint64_t released = 0;
  {
    const auto store = Store::open(d.options);
    Live live{*store};
    live.on_release = [&] { d.disk->freeze(); };  // The power goes with the first release.
    d.disk->hang(true);
    live.journal->submit(one(kStrategy, OrderApproved{}));
    d.disk->wait_until_hanging();
    for (int i = 0; i < 50; ++i) live.journal->submit(one(kStrategy, OrderApproved{}));
    BOOST_REQUIRE(live.wait_heard(51));
    d.disk->hang(false);
    BOOST_REQUIRE(live.wait_released(1));
    live.journal->stop();
    released = live.journal->release_seq();
  }
  d.disk->crash(1, CrashMode::drop);
  BOOST_TEST(released < 51u);
  BOOST_TEST(Store::open(d.options)->head()->last_seq() >= released);
}

BOOST_AUTO_TEST_CASE(a_disk_that_cannot_be_read_is_an_error_not_an_empty_journal) {
  Disk d;
  {
    const auto store = Store::open(d.options);
    Writer writer{*store};
    writer.write(one(kFeed, quote(1)));
  }
  { Store::open(d.options); }  // What was in the log is now in a table.
  const auto store = Store::open(d.options);
  d.disk->fail(FaultFs::Op::read);
  BOOST_CHECK_EXCEPTION(store->read(1), StoreError, [](const StoreError& error) {
    return error.kind == StoreError::Kind::io &&
           std::string{error.what()}.find("Input/output error") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
