// The side of `holdfast bench` that starts processes and watches them.
#include "bench_children.hpp"

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include <holdfast/journal/baseline.hpp>
#include <holdfast/runtime/baseline.hpp>

#include "bench_process.hpp"
#include "bench_runs.hpp"
#include "control.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

constexpr auto kReady = 60s;

std::unique_ptr<Child> bench_process(const std::string& role, const std::string& data_dir, std::uint64_t amount,
                                     const std::string& preload = "") {
  return std::make_unique<Child>(
      std::vector<std::string>{"bench", "--child", role, "--child-dir", data_dir, "--child-amount", std::to_string(amount)},
      preload);
}

/// `holdfast run` of a live system whose second tick is an hour away, until it says ready.
std::unique_ptr<Child> ready_run(const std::string& folder) {
  const std::string file = folder + "/idle.yaml", data = folder + "/data";
  Workload workload;
  workload.interval = 1h;
  std::ofstream{file} << bench_text(workload);
  auto child = std::make_unique<Child>(std::vector<std::string>{"run", file, "--data-dir", data});
  const auto deadline = Clock::now() + kReady;
  while (true) {
    const auto reply = ask(data, {{"verb", "status"}}, 1s);
    if (reply.kind == ControlReply::Kind::answered && reply.body.value("state", "") == "ready") return child;
    if (Clock::now() > deadline) throw std::runtime_error{"`holdfast run` was not ready after a minute"};
    child->watch(1ms);
  }
}

double own_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::string counting_library() {
  if (const auto path = own_library("libholdfast_allocations.so"); !path.empty()) return path;
  throw std::runtime_error{"libholdfast_allocations.so is not beside this program: this build cannot count"};
}

}  // namespace

std::vector<double> kill_to_ready_seconds(std::uint64_t events, int samples, const Progress& progress) {
  const Scratch scratch;
  const std::string data = scratch.path() + "/data";
  progress("writing a journal of " + std::to_string(events) + " events");
  auto child = bench_process("endless", data, events);
  child->await("full");
  std::vector<double> seconds;
  for (int i = 0; i < samples; ++i) {
    progress("kill " + std::to_string(i + 1) + " of " + std::to_string(samples));
    const auto begin = Clock::now();
    child.reset();
    // A hundredth more each time, so that every kill finds it at work.
    child = bench_process("endless", data, events + events / 100 * static_cast<unsigned>(i + 1));
    child->await("ready");
    seconds.push_back(since(begin));
    child->await("full");
  }
  return seconds;
}

std::vector<RecoveryRate> recovery_rates(std::uint64_t events, int rounds, const Progress& progress) {
  const Scratch scratch;
  const std::string data = scratch.path() + "/data";
  progress("writing a journal of " + std::to_string(events) + " events");
  bench_process("unsaved", data, events)->await("full");
  // The first restart also replays and flushes the log that the kill left; it is not measured.
  bench_process("unsaved", data, events)->await("ready");
  progress("copying it unpacked");
  copy_unpacked(data + "/journal", scratch.path() + "/unpacked");
  std::vector<RecoveryRate> rates;
  for (int i = 0; i < rounds; ++i) {
    progress("restart " + std::to_string(i + 1) + " of " + std::to_string(rounds));
    const auto folded = bench_process("unsaved", data, events)->await("ready");
    const double events = folded.at(0), seconds = folded.at(1);
    rates.push_back({events / seconds, events / read_seconds(scratch.path() + "/unpacked"), events / read_seconds(data + "/journal")});
  }
  return rates;
}

double startup_seconds() {
  const Scratch scratch;
  const auto begin = Clock::now();
  const auto child = ready_run(scratch.path());
  return since(begin);
}

IdleCpu idle_cpu(std::chrono::milliseconds over) {
  const Scratch scratch;
  const auto child = ready_run(scratch.path());
  child->watch(500ms);
  IdleCpu shares;
  beside_idle_actors([&] {
    const auto begin = Clock::now();
    const double system = child->cpu_seconds(), bare = own_cpu_seconds();
    child->watch(over);
    const double took = since(begin);
    shares = {(child->cpu_seconds() - system) / took, (own_cpu_seconds() - bare) / took};
  });
  return shares;
}

ResidentMemory resident_memory(std::uint64_t ticks, const Progress& progress) {
  const Scratch scratch;
  progress(std::to_string(ticks) + " ticks");
  const auto numbers = bench_process("memory", scratch.path() + "/data", ticks)->await("memory");
  return {numbers.at(0), numbers.at(1), numbers.at(2)};
}

Allocations allocations(std::uint64_t ticks, std::uint64_t live_ticks) {
  const std::string library = counting_library();
  const Scratch scratch;
  const auto count = [&](const std::string& role, std::uint64_t amount) {
    return bench_process(role, scratch.path() + "/" + role, amount, library)->await("allocations").at(0);
  };
  return {count("count-full", ticks), count("count-lone", live_ticks), count("count-raw", ticks)};
}

double matching_allocations(std::uint64_t operations) {
  return bench_process("count-matching", "", operations, counting_library())->await("allocations").at(0);
}

}  // namespace holdfast::cli
