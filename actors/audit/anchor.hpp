#pragma once

#include <string>

namespace holdfast::audit {

/// Writes `text` to `dir`/`name` so that after a crash the file is there whole or not at all.
/// Makes the directory. Fails: throws std::runtime_error with one sentence.
void write_anchor(const std::string& dir, const std::string& name, const std::string& text);

/// Makes sure that `pem` is among the keys in `dir`/audit.pub, which checkpoints are verified with.
/// Keys of earlier systems stay: what they have signed is still to be verified. Fails like
/// write_anchor().
void add_key(const std::string& dir, const std::string& pem);

}  // namespace holdfast::audit
