// One home for the vtables of the contracts, so that host and plugins agree on them.
#include <holdfast/sdk/plugin.hpp>

namespace holdfast {

Actor::~Actor() = default;
Broker::~Broker() = default;
Feed::~Feed() = default;
Notifier::~Notifier() = default;
RiskRule::~RiskRule() = default;
Strategy::~Strategy() = default;

const char* host_abi() { return HOLDFAST_ABI; }

}  // namespace holdfast
