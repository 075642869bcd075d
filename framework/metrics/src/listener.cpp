#include <holdfast/metrics/listener.hpp>

#include <chrono>
#include <sstream>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <holdfast/metrics/collector.hpp>
#include <holdfast/metrics/health.hpp>

#include "server.hpp"

namespace holdfast {

using metrics::Request;
using metrics::Response;

/// What stands on each page. One thread.
class MetricsListener::Pages {
 public:
  Pages(const System& system, std::vector<std::shared_ptr<prometheus::Collectable>> more)
      : system_{system}, sources_{std::move(more)} {
    sources_.insert(sources_.begin(), {make_collector(system), make_process_collector()});
  }

  Response answer(const Request& request) {
    try {
      return page(request);
    } catch (const std::exception&) {
      return {.status = 500, .body = "the page cannot be made\n"};
    }
  }

 private:
  Response page(const Request& request) {
    const bool known = request.path == "/metrics" || request.path == "/healthz" || request.path == "/livez" ||
                       request.path == "/readyz";
    if (!known) return {.status = 404, .body = "there are /metrics, /healthz, /livez and /readyz\n"};
    if (request.method != "GET" && request.method != "HEAD") return {.status = 405, .body = "only GET is answered\n"};
    if (request.path == "/metrics") return series();
    if (request.path == "/readyz") return ready(request.query == "verbose" || request.query.starts_with("verbose="));
    // Neither looks at the system: what it waits for must not get its process killed.
    return request.path == "/livez" ? Response{.body = "ok\n"} : health();
  }

  /// Whoever asks often gets the same answer for a while: asking costs the system something.
  Response series() {
    constexpr auto kFresh = std::chrono::milliseconds{100};
    const auto now = std::chrono::steady_clock::now();
    if (series_.empty() || now >= read_at_ + kFresh) {
      std::vector<prometheus::MetricFamily> all;
      for (const auto& source : sources_)
        for (auto& family : source->Collect()) all.push_back(std::move(family));
      std::ostringstream text;
      prometheus::TextSerializer{}.Serialize(text, all);
      series_ = text.str();
      read_at_ = now;
    }
    return {.type = "text/plain; version=0.0.4; charset=utf-8", .body = series_};
  }

  Response ready(bool verbose) const {
    const auto checks = readiness(system_.status());
    std::string lines, missing;
    for (const auto& check : checks) {
      const bool good = check.problem.empty();
      lines += good ? "[+]" + check.name + " ok\n" : "[-]" + check.name + " failed: " + check.problem + "\n";
      if (!good) missing += (missing.empty() ? "" : ", ") + check.name;
    }
    const std::string verdict = missing.empty() ? "ok\n" : "not ready: " + missing + "\n";
    return {.status = missing.empty() ? 200 : 503, .body = verbose ? lines + verdict : verdict};
  }

  static Response health() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const Time time{std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
    return {.type = "application/json", .body = R"({"status":"ok","timestamp":")" + time.str() + R"(","version":")" +
                                               HOLDFAST_VERSION + "\"}\n"};
  }

  const System& system_;
  std::vector<std::shared_ptr<prometheus::Collectable>> sources_;
  std::string series_;
  std::chrono::steady_clock::time_point read_at_;
};

MetricsListener::MetricsListener(const std::string& address) : server_{std::make_unique<Server>(address)} {}
/// The thread ends before what it reads.
MetricsListener::~MetricsListener() { server_.reset(); }

void MetricsListener::serve(const System& system, std::vector<std::shared_ptr<prometheus::Collectable>> more) {
  pages_ = std::make_unique<Pages>(system, std::move(more));
  server_->serve([this](const Request& request) { return pages_->answer(request); });
}

const std::string& MetricsListener::address() const { return server_->address(); }

}  // namespace holdfast
