// A good strategy in a library whose static object does one deed when it is loaded.
#include <fcntl.h>
#include <holdfast/sdk.hpp>
#include <signal.h>
#include <stdexcept>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

using namespace holdfast;

class Good : public Strategy {
 public:
  struct Config {};
  static Schema<Config> schema() { return {}; }
  explicit Good(const Config&) {}
};

HOLDFAST_PLUGIN(Good, PLUGIN_NAME, "1.0.0", "Does nothing well")

namespace {

struct Deed {
  Deed() {
#if defined(THROWS)
    throw std::runtime_error{"no licence for this machine"};
#elif defined(ABORTS)
    std::fputs("assertion failed: the moon is full\n", stderr);
    std::abort();
#elif defined(EXITS)
    std::exit(3);
#elif defined(LEAVES)
    ::_exit(0);
#elif defined(LOOPS)
    for (volatile bool forever = true; forever;) {
    }
#elif defined(CRASHES)
    ::raise(SIGSEGV);
#elif defined(HIDES)
    for (int fd = 3; fd < 1024; ++fd) ::close(fd);
    for (;;) ::pause();
#elif defined(PRINTS)
    std::puts("You are using the community edition.");
    std::fflush(stdout);
#elif defined(FORKS)
    // What is left behind keeps all that was open, and must not keep anybody waiting.
    if (::fork() == 0)
      for (;;) ::pause();
#endif
  }
};
const Deed deed;

}  // namespace
