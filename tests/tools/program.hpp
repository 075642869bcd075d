#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "test_data.hpp"

/// Running the program as people do.
namespace holdfast::test {

struct Ended {
  int code = -1;  ///< Exit code; 1000 + signal when a signal ended it.
  std::string out, err;
  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

inline std::string text_of_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A child of this program: `holdfast`, or another program, with these arguments.
class Program {
 public:
  Program(const ScratchDir& scratch, const std::vector<std::string>& arguments,
          const char* bin = std::getenv("HOLDFAST_BIN"))
      : out_{scratch / "stdout"}, err_{scratch / "stderr"} {
    if (bin == nullptr) throw std::runtime_error{"HOLDFAST_BIN must name the program"};
    std::vector<std::string> all{bin};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : all) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    const auto redirect = [](const std::string& path, int to) {
      const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      if (fd < 0 || ::dup2(fd, to) < 0) ::_exit(127);
    };
    redirect(out_, STDOUT_FILENO);
    redirect(err_, STDERR_FILENO);
    ::execv(bin, argv.data());
    ::_exit(127);
  }
  ~Program() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  bool running() const {
    siginfo_t ended{};
    return pid_ > 0 && ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0;
  }
  void signal(int number) const { ::kill(pid_, number); }
  Ended wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), text_of_file(out_), text_of_file(err_)};
  }

 private:
  pid_t pid_ = -1;
  std::string out_, err_;
};

inline Ended holdfast(const std::vector<std::string>& arguments) {
  const ScratchDir scratch;
  return Program{scratch, arguments}.wait();
}

/// Looks until `done` says yes; false after a minute.
inline bool wait_until(const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  while (std::chrono::steady_clock::now() < end) {
    if (done()) return true;
    ::usleep(20'000);
  }
  return false;
}

/// A small system: a synthetic market of `ticks` records, two strategies, risk, paper, ledger, audit.
inline std::string small_system(const ScratchDir& scratch, const std::string& ticks = "20000", double speed = 0) {
  const std::string path = scratch / "small.yaml";
  std::ofstream{path} << R"(holdfast: 1
system: { name: small, clock: feed, seed: 7 }
journal: { snapshot_every: 5000 }
instruments:
  - { symbol: BTCUSDT, tick: 0.01, lot: 0.00001, currency: USDT, session: 24x7 }
tree:
  strategy: one_for_one
  children:
    - { name: ledger, actor: ledger }
    - { name: audit, actor: audit, settings: { anchors: )" << (scratch / "anchors") << R"(, every: 5000 } }
    - { name: risk, actor: risk, settings: { rules: [ { plugin: fat_finger, max_quantity: 1 } ] } }
    - { name: venue, actor: broker, settings: { broker: { plugin: paper, latency: 1ms } } }
    - { name: trend, actor: strategy, settings: { strategy: { plugin: crossover, instrument: BTCUSDT, size: 0.01, fast: 50, slow: 200 } } }
    - { name: mean, actor: strategy, settings: { strategy: { plugin: mean_reversion, instrument: BTCUSDT, size: 0.01, window: 200, entry: 2.0, exit: 0.5 } } }
    - name: market
      actor: feed
      settings:
        speed: )" << speed << R"(
        source: { plugin: synthetic, instruments: [BTCUSDT], ticks: )" << ticks << R"(, interval: 1ms, start_price: 60000, spread_ticks: 10, volatility_ticks: 50 }
)";
  return path;
}

}  // namespace holdfast::test
