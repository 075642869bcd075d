#include <holdfast/runtime/system.hpp>

#include "core.hpp"

namespace holdfast {

std::unique_ptr<System> make_sim_system(std::unique_ptr<Core> core);
std::unique_ptr<System> make_caf_system(std::unique_ptr<Core> core);

std::unique_ptr<System> System::open(Plan plan, PluginHost& plugins, Options options) {
  auto core = std::make_unique<Core>(std::move(plan), plugins, options);
  return options.runtime == Runtime::sim ? make_sim_system(std::move(core)) : make_caf_system(std::move(core));
}

}  // namespace holdfast
