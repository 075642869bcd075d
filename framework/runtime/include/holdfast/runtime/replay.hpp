#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <holdfast/plugin_host/plugin_host.hpp>
#include <holdfast/sdk/lifecycle.hpp>

namespace holdfast {

/// What folding the journal anew gave for one actor.
struct ReplayedActor {
  std::string name;
  std::uint64_t from_seq = 0;      ///< Folded from here: 1, or after the oldest usable snapshot.
  std::uint64_t until_seq = 0;
  Digest digest{};                 ///< Of its state after `until_seq`.
  std::uint64_t compared = 0;      ///< Stored snapshots met on the way.
  std::vector<std::string> differences;  ///< Empty: every stored snapshot was reproduced.
};

struct ReplayReport {
  std::vector<ReplayedActor> actors;
  std::uint64_t head_seq = 0;
  bool equal() const;
};

/// Builds every actor from the plan kept beside the journal and folds all that is retained, up to
/// `until`, comparing each stored snapshot on the way. Reads only. Fails: StoreError, PlanRefused.
ReplayReport replay_journal(const std::string& data_dir, PluginHost& plugins, std::uint64_t until = UINT64_MAX,
                            const std::function<void(double)>& progress = {});

}  // namespace holdfast
