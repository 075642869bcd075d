#include <holdfast/metrics/collector.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <prometheus/collectable.h>

#include "book.hpp"

namespace holdfast {

namespace {

/// The fields of /proc/self/stat from the state on, which proc(5) counts as the third.
std::vector<std::string> stat_fields() {
  std::ifstream file{"/proc/self/stat"};
  std::string text;
  std::getline(file, text);
  const auto name_ends = text.rfind(')');
  std::istringstream rest{name_ends == std::string::npos ? "" : text.substr(name_ends + 1)};
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

/// When the machine was started, in seconds since 1970.
double boot_time() {
  std::ifstream file{"/proc/stat"};
  std::string word;
  double seconds = 0;
  while (file >> word)
    if (word == "btime" && file >> seconds) break;
  return seconds;
}

std::size_t open_files() {
  std::error_code ignored;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator at{"/proc/self/fd", ignored}, end; at != end; at.increment(ignored)) ++count;
  return count;
}

class ProcessCollector final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override {
    metrics::Book book{no_labels_};
    const auto fields = stat_fields();
    // Numbered as in proc(5); the first here is its third.
    const auto field = [&](std::size_t number) {
      return number - 3 < fields.size() ? std::strtod(fields[number - 3].c_str(), nullptr) : 0.0;
    };
    const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    book.add("process_cpu_seconds_total", {}, (field(14) + field(15)) / ticks);
    book.add("process_threads", {}, field(20));
    book.add("process_start_time_seconds", {}, boot_time() + field(22) / ticks);
    book.add("process_virtual_memory_bytes", {}, field(23));
    book.add("process_resident_memory_bytes", {}, field(24) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    book.add("process_open_fds", {}, static_cast<double>(open_files()));
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) book.add("process_max_fds", {}, static_cast<double>(limit.rlim_cur));
    return book.take();
  }

 private:
  const std::map<std::string, std::string> no_labels_;
};

}  // namespace

std::shared_ptr<prometheus::Collectable> make_process_collector() { return std::make_shared<ProcessCollector>(); }

}  // namespace holdfast
