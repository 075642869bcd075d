// holdfast top D: how fast a running system works, again and again.
#include <chrono>
#include <memory>

#include <holdfast/journal/store.hpp>

#include "output.hpp"
#include "screen.hpp"
#include "status_view.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kCourse = 60;

struct TopOptions {
  std::string data_dir;
  bool json = false;
  RefreshOptions refresh;
};

int top(const TopOptions& options) {
  Json before = current_status(options.data_dir);
  if (!before["running"].get<bool>())
    throw StoreError{StoreError::Kind::missing, "no process runs " + options.data_dir + "; `holdfast status` shows what it left"};
  auto then = Clock::now();
  auto refresh_options = options.refresh;
  if (refresh_options.times != 0) ++refresh_options.times;  // The first look has nothing to compare with.
  Refresh refresh{refresh_options};
  std::deque<double> course;
  while (refresh.again()) {
    const Json now = current_status(options.data_dir);
    const auto at = Clock::now();
    const Json rates = rates_json(before, now, std::chrono::duration<double>(at - then).count());
    course.push_back(rates["ticks_per_s"]);
    if (course.size() > kCourse) course.pop_front();
    refresh.show(options.json ? dump(rates) : rates_text(rates, course));
    before = now;
    then = at;
  }
  return kOk;
}

}  // namespace

void add_top(CLI::App& app, Action& action) {
  auto options = std::make_shared<TopOptions>();
  auto* verb = app.add_subcommand("top", "How fast a running system works: rates and lag of every actor");
  verb->add_option("D", options->data_dir, "Data directory of the system")->required();
  verb->add_flag("--json", options->json, "Result as JSON, one object a line");
  add_refresh_options(*verb, options->refresh);
  verb->callback([options, &action] { action = [options] { return top(*options); }; });
}

}  // namespace holdfast::cli
