#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "program.hpp"

using namespace holdfast::test;

namespace {

/// Runs a shell script among mounts of its own, which end with it; its output, or nothing where the
/// machine does not allow that.
std::string among_own_mounts(const ScratchDir& scratch, const std::string& script) {
  std::ofstream{scratch / "script"} << script;
  const std::string out = scratch / "out";
  const auto run = [&](const std::string& command) {
    return std::system(("unshare -rm " + command + " >'" + out + "' 2>&1").c_str());
  };
  if (run("mount -t tmpfs none '" + (scratch / ".") + "'") != 0) return "";
  run("sh '" + (scratch / "script") + "'");
  return text_of_file(out);
}

/// One system that fills its disk, is asked to go on without room, and is given room.
std::string script_of(const ScratchDir& scratch, const std::string& system, const std::string& run, const std::string& on) {
  return "bin='" + std::string{std::getenv("HOLDFAST_BIN")} + "'\ndisk='" + (scratch / "disk") + "'\nanchors='" + (scratch / "anchors") + "'\nsystem='" + system +
         "'\nmkdir $disk && mount -t tmpfs -o size=5m none $disk\n" +
         R"(say() { what=$1; shift; timeout -s KILL 60 "$bin" "$@"; echo "$what: $?"; }
say full )" + run + R"( "$system" --data-dir $disk/data
say verify journal verify $disk/data --anchors $anchors
say status status $disk/data
say again )" + run + on + R"( "$system" --data-dir $disk/data
mount -o remount,size=200m $disk
say room )" + run + on + R"( "$system" --data-dir $disk/data
say verify journal verify $disk/data --anchors $anchors
say replay journal replay $disk/data
)";
}

std::size_t times(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

struct Verb {
  const char *run, *on;
};
std::ostream& operator<<(std::ostream& out, const Verb& verb) { return out << verb.run; }
const Verb kVerbs[] = {{"run --until-end --speed max", ""}, {"backtest", " --resume"}};

}  // namespace

BOOST_DATA_TEST_CASE(a_full_disk_ends_a_run_with_one_sentence_and_with_room_it_goes_on, boost::unit_test::data::make(kVerbs),
                     verb) {
  const ScratchDir scratch;
  const std::string out =
      among_own_mounts(scratch, script_of(scratch, small_system(scratch, "300000"), verb.run, verb.on));
  if (out.empty()) {
    BOOST_TEST_MESSAGE("this machine does not let a test mount a small disk");
    return;
  }
  BOOST_TEST_CONTEXT(out) {
    BOOST_TEST(out.find("full: 70\n") != std::string::npos);
    BOOST_TEST(out.find("error: the journal failed while writing: IO error: No space left on device") !=
               std::string::npos);
    BOOST_TEST(out.find("again: 70\n") != std::string::npos);  // Refused again, not started empty.
    BOOST_TEST(times(out, "trading stopped: the journal failed while writing") == 2u);
    BOOST_TEST(out.find("HALTED") != std::string::npos);
    BOOST_TEST(out.find("room: 0\n") != std::string::npos);
    BOOST_TEST(times(out, "verify: 0\n") == 2u);
    BOOST_TEST(out.find("replay: 0\n") != std::string::npos);
  }
}
