#pragma once

#include <map>
#include <memory>
#include <string>

namespace prometheus {
class Collectable;
}

namespace holdfast {

class System;

/// What `system` measures as prometheus-cpp's metrics, read anew at each collection: for a host
/// that has an exposer of its own. `labels` are put on every series, to tell systems apart.
/// `system` must outlive it. [any-thread]
std::shared_ptr<prometheus::Collectable> make_collector(const System& system,
                                                        std::map<std::string, std::string> labels = {});
/// What the operating system knows of this process, under the names every Prometheus client uses.
std::shared_ptr<prometheus::Collectable> make_process_collector();

/// Every metric there is, one row of a Markdown table each: what docs/metrics.md shows.
std::string metrics_reference();

}  // namespace holdfast
