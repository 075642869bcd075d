#include <fstream>

#include "system_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;

namespace {

/// Works in another folder for as long as it lives.
class InFolder {
 public:
  explicit InFolder(const std::string& folder) : before_{std::filesystem::current_path()} {
    std::filesystem::current_path(folder);
  }
  ~InFolder() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

std::size_t threads() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) ++count;
  return count;
}

Setup small() {
  Setup setup;
  setup.ticks = 5'000;
  setup.strategies = {{"beat", "plugin: metronome, every: 500"}};
  return setup;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_configuration_of_the_actor_library_in_the_working_directory_changes_nothing) {
  const ScratchDir dir;
  std::size_t usual = 0;
  std::uint64_t ticks = 0;
  {
    Running run{small().text(), dir / "usual", Runtime::caf};
    usual = threads();
    run.finish();
    ticks = run->summary().counts.ticks;
  }
  std::filesystem::create_directories(dir / "hostile");
  std::ofstream{dir / "hostile/caf-application.ini"}
      << "[scheduler]\npolicy=\"testing\"\nmax-threads=17\n"
      << "[logger]\nfile-name=\"trace.log\"\nverbosity=\"trace\"\n";
  const InFolder here{dir / "hostile"};
  Running run{small().text(), dir / "hostile_data", Runtime::caf};
  BOOST_TEST(threads() == usual);
  BOOST_TEST(run.finish() == "");
  BOOST_TEST(run->summary().counts.ticks == ticks);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator{"."}) ++files;
  BOOST_TEST(files == 1u);
}
