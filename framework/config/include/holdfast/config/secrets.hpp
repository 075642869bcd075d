#pragma once

#include <functional>
#include <holdfast/config/load.hpp>
#include <holdfast/sdk/secret.hpp>
#include <optional>
#include <string>

namespace holdfast {

/// Where a host keeps secrets: the value of `name`, or empty, and then `mend` may say where it
/// belongs. Fails: std::runtime_error when there is one that must not be used. Called whenever a
/// plugin that names a secret is made, on any thread.
using SecretSource = std::function<std::optional<std::string>(const std::string& name, std::string& mend)>;

/// The source as plugins see it: with names checked and fingerprints taken. Empty for an empty one.
SecretReader secret_reader(SecretSource source);

/// What this process was given, first found first: a file of that name in `$CREDENTIALS_DIRECTORY`
/// (systemd), one in `$HOLDFAST_SECRETS` that only its owner and group can read, the variable
/// `HOLDFAST_SECRET_<NAME>`. Looks nowhere before it is asked.
SecretSource process_secrets(Environment environment = process_environment);

/// Knows no value: for folding a journal, where nothing leaves the process.
SecretReader no_secrets_needed();

}  // namespace holdfast
