// Machines that have not what a program needs: one clear sentence, the right exit code, and a
// journal that is intact and goes on once the machine is well again.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "shell.hpp"
#include "tools/program.hpp"

using namespace holdfast::test;

namespace {

struct MachineCase {
  std::string name, script;
  int code;
  std::string says;
};
std::ostream& operator<<(std::ostream& out, const MachineCase& c) { return out << c.name; }

/// Shell functions for the scripts below.
const std::string kTools = R"sh(
run() { holdfast run small.yaml --until-end --speed max --data-dir "${1:-d}"; }
ends() { code=0; "$@" || code=$?; }
# The journal lacks nothing, and the next run goes on behind it.
well() { verified=0; holdfast journal verify "$1" || verified=$?; test $verified -eq 3; run "$1"; }
nobody() {
  if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; fi
  "$@"
}
endless() { exec holdfast run small.yaml --set actors.market.settings.source.ticks=0 --set journal.wal_cap=1MiB --speed 1000 --data-dir d; }
is_ready() { holdfast status d --json 2>/dev/null | grep -q '"state":"ready"'; }
in_1970() { LD_PRELOAD=$HOLDFAST_BUILD/lib/clock_1970.so "$@"; }
few_threads() { FEW_THREADS=$1 LD_PRELOAD=$HOLDFAST_BUILD/lib/few_threads.so timeout -s KILL 30 holdfast run small.yaml --until-end --speed max --data-dir d; }
live() { holdfast run small.yaml --set system.clock=wall --until-end --speed max --data-dir d; }
)sh" + kOwnMounts;

std::vector<MachineCase> machines() {
  return {
      {"a read-only disk", "mkdir ro; among_own_mounts 'mount -t tmpfs -o ro none ro; exec holdfast run small.yaml --data-dir ro/d'",
       69, "error: cannot create the data directory ro/d: Read-only file system\n"},
      {"a disk that became read-only",
       "run; among_own_mounts 'mount --bind d d; mount -o remount,ro,bind d; exec holdfast run small.yaml --data-dir d'", 69,
       "error: cannot use the data directory d: Read-only file system\n"},
      {"a directory nobody may enter",
       "nobody holdfast --version || exit 77; mkdir d; chmod 000 d; nobody holdfast run small.yaml --data-dir d", 69,
       "error: cannot use d/holdfast.store: Permission denied\n"},
      {"a directory nobody may write",
       "nobody holdfast --version || exit 77; mkdir d; chmod 555 d; nobody holdfast run small.yaml --data-dir d", 69,
       "error: cannot use the data directory d: Permission denied\n"},
#ifndef __SANITIZE_ADDRESS__  // It asks the system with a pipe whether an object is one, and without descriptors none is.
      {"too few descriptors",
       "for most in 8 9 10 11 12 13 14 15 16 17 18 20 24; do (ulimit -n $most; run) >out 2>&1 || "
       "{ echo \"$most: $?\"; grep '^error: .*Too many open files' out || { cat out; exit 1; }; }; done; run; well d",
       0, "INTACT"},
      // The thread sanitizer could then open nothing to find names in, so that no suppression of its would match.
      {"no descriptor left while it runs",
       "export TSAN_OPTIONS=$TSAN_OPTIONS:report_bugs=0; endless & until is_ready; do sleep 0.05; done; prlimit --pid $! --nofile=3:3; ends wait $!; well d; exit $code", 70,
       "error: the journal failed while writing"},
#endif
      {"a clock that begins in 1970", "in_1970 holdfast --version >/dev/null 2>&1 || exit 77; in_1970 live; live; well d; "
       "holdfast journal show d --seq 1", 0, "1970-01-01T"},
      {"a clock that falls back to 1970",
       "in_1970 holdfast --version >/dev/null 2>&1 || exit 77; live; in_1970 live; well d; holdfast journal show d --tail 1 | "
       "grep -v 1970-01-01", 0, "INTACT"},
      {"a working directory that is gone",
       "here=$PWD; mkdir gone; cd gone; rmdir ../gone; exec holdfast run $here/small.yaml --data-dir d", 69,
       "error: cannot create the data directory d: No such file or directory\n"},
      {"a file named from a working directory that is gone",
       "here=$PWD; mkdir gone; cd gone; rmdir ../gone; exec holdfast run ../small.yaml --until-end --speed max --data-dir $here/d",
       78, "error: lies nowhere: the working directory is gone\n"},
      {"an empty environment", "bin=$(command -v holdfast); env -i $(env | grep SAN_OPTIONS=) $bin run small.yaml --until-end --speed max --data-dir d", 0,
       "ticks"},
      {"no place for temporary files", "TMPDIR=/nowhere holdfast backtest small.yaml", 69,
       "error: there is no place for a journal nobody keeps (No such file or directory): set TMPDIR, or say --data-dir\n"},
      {"a read-only place for temporary files",
       "mkdir t; among_own_mounts 'mount -t tmpfs -o ro none t; TMPDIR=t exec holdfast backtest small.yaml'", 69,
       "error: there is no place for a journal nobody keeps (Read-only file system): set TMPDIR, or say --data-dir\n"},
      {"neither stdin nor stdout nor stderr", "run d <&- >&- 2>&-; well d", 0, "INTACT"},
      {"a full stdout", "full() { run d >/dev/full; }; ends full; well d; exit $code", 74,
       "error: the result cannot be written: No space left on device\n"},
      {"a reader that is gone", "{ run d || echo $? >code; } 2>&1 | true; test $(cat code) -gt 0; well d", 0, "INTACT"},
      {"a name that is too long", "run $(printf 'x%.0s' $(seq 300))", 69, "File name too long\n"},
      {"a path that is too long", "run $(printf 'x/%.0s' $(seq 3000))d", 69, "File name too long\n"},
      {"a path that is no text", "name=$(printf 'd\\377\\033[31m'); run \"$name\"; holdfast status \"$name\" --json", 0,
       "\"state\":\"stopped\""},
      {"a configuration whose name is no text", "holdfast check \"$(printf 'no\\377\\033[31m.yaml')\"", 78, "cannot be read"},
      {"too little memory",
       "(ulimit -v 4000000; holdfast --version) >/dev/null 2>&1 || exit 77; for most in 40000 60000 90000 120000 150000 250000; do "
       "(ulimit -v $most; run) >out 2>&1 || grep -q '^error: ' out || { cat out; exit 1; }; grep -c '' out; done; run; well d",
       0, "INTACT"},
      // Killed, so that there is a long history to fold, by threads of which each waits for the others.
      {"too few threads for a long history",
       "FEW_THREADS=99 LD_PRELOAD=$HOLDFAST_BUILD/lib/few_threads.so holdfast --version >/dev/null 2>&1 || exit 77; "
       "holdfast run small.yaml --set actors.market.settings.source.ticks=0 --set journal.snapshot_every=1000000000 --speed max --data-dir d & "
       "until [ \"0$(du -sk d/journal 2>/dev/null | cut -f1)\" -gt 8000 ]; do sleep 0.05; done; kill -9 $!; wait $! || true; "
       "for most in $(seq 14); do ends few_threads $most >out 2>&1; test $code -ne 137 || { echo \"$most: it hangs\"; exit 1; }; done; "
       "run; well d",
       0, "INTACT"},
      {"a directory that is a device", "run /dev/null", 69,
       "error: /dev/null is not a directory: choose another data directory\n"},
      {"the directory of everything", "run /", 69, "error: / is not a Holdfast data directory and is not empty"},
      {"a working directory full of look-alikes",
       "mkdir evil; cp small.yaml evil; cd evil; mkdir plugins lib; for f in caf-application.ini holdfast.yaml librocksdb.so.7.8 "
       "libholdfast_sdk.so.0 plugins/feed_synthetic.so lib/libholdfast_sdk.so.0; do echo garbage >$f; done; run ../d", 0, "ticks"},
      {"a plain file where the journal was", "run; rm -r d/journal; echo hello >d/journal; run", 69,
       "/journal is missing or incomplete: restore a backup; nothing was started\n"},
  };
}

}  // namespace

BOOST_DATA_TEST_CASE(a_machine_that_lacks_something_is_told_in_one_sentence, machines()) {
  const ScratchDir scratch;
  small_system(scratch, "3000");
  const Ran ran = shell(kTools + sample.script + "\n", scratch.str());
  BOOST_TEST_CONTEXT(ran.output) {
    if (ran.exit == kSkipped) {
      BOOST_TEST_MESSAGE("this machine does not let a test do that");
      return;
    }
    BOOST_TEST(ran.exit == sample.code);
    BOOST_TEST(ran.output.find(sample.says) != std::string::npos);
    // A terminal must not obey what stands in a name.
    BOOST_TEST(ran.output.find('\x1b') == std::string::npos);
    BOOST_TEST(ran.output.find("filesystem error") == std::string::npos);
    BOOST_TEST(ran.output.find("terminate") == std::string::npos);
  }
}
