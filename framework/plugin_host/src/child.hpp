#pragma once

#include <functional>
#include <holdfast/sdk/time.hpp>
#include <string>
#include <string_view>

namespace holdfast::host {

/// What a child process that ran somebody else's code has to say.
struct ChildReport {
  bool done = false;   ///< It came to its end; `said` is all of what it returned.
  std::string said;
  std::string stage;   ///< Otherwise what it was doing,
  std::string ending;  ///< and how it ended: "crashed (Segmentation fault)", "exited with code 3",
  std::string words;   ///< and the last it wrote to stderr.
};

/// Runs `work` in a child of this process and waits for it, at most `patience`. `work` returns
/// what there is to tell and calls `stage` before each thing it does. Whatever it does to its own
/// process happens to the child: it crashes, exits, hangs, prints, starts threads. [any-thread]
///
/// A fork without exec: where other threads of this process hold locks in that instant, the child
/// may hang, and is reported so. Fails: ChildReport with the reason, never throws.
ChildReport run_in_child(const std::function<std::string(const std::function<void(std::string_view)>& stage)>& work,
                         Duration patience);

}  // namespace holdfast::host
