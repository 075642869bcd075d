#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <iostream>

#include "program.hpp"
#include "shell.hpp"

using namespace holdfast::test;

namespace {

/// One system that fills its disk, is asked to go on without room, and is given room.
std::string script_of(const std::string& run, const std::string& on) {
  return R"(mkdir disk && mount -t tmpfs -o size=5m none disk
say() { what=$1; shift; timeout -s KILL 60 holdfast "$@" && code=0 || code=$?; echo "$what: $code"; }
say full )" + run + R"( small.yaml --data-dir disk/data
say verify journal verify disk/data --anchors anchors
say status status disk/data
say again )" + run + on + R"( small.yaml --data-dir disk/data
mount -o remount,size=200m disk
say room )" + run + on + R"( small.yaml --data-dir disk/data
say verify journal verify disk/data --anchors anchors
say replay journal replay disk/data
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
  small_system(scratch, "300000");
  std::ofstream{scratch / "script"} << script_of(verb.run, verb.on);
  const Ran ran = shell(kOwnMounts + "among_own_mounts '. ./script'", scratch.str());
  if (ran.exit == kSkipped) {
    std::cerr << "skipped: this machine lets no test mount a small disk\n";
    return;
  }
  const std::string& out = ran.output;
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
