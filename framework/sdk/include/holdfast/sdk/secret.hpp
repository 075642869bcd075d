#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <holdfast/sdk/settings.hpp>

namespace holdfast {

/// A key, a password: settings name it, `{secret: name}`, and the host knows it. Has no way to be
/// printed, compared or turned into text but reveal(); what may be shown of it is shown().
class Secret {
 public:
  Secret() = default;
  Secret(std::string name, std::string value, std::string fingerprint)
      : name_{std::move(name)}, value_{std::move(value)}, fingerprint_{std::move(fingerprint)} {}

  /// The value, for the one call that needs it; keep, log and journal it nowhere.
  const std::string& reveal() const { return value_; }
  /// "acme/api_key sha256:1a2b3c4d": tells two values apart and gives neither away.
  std::string shown() const { return fingerprint_.empty() ? name_ : name_ + " sha256:" + fingerprint_; }

 private:
  std::string name_, value_;
  std::string fingerprint_;  ///< The first eight hexadecimal digits of the value's SHA-256.
};

/// Looks a secret up; when there is none, `why_not` says what is wrong and how to mend it.
using SecretReader = std::function<std::optional<Secret>(const std::string& name, Problem& why_not)>;

}  // namespace holdfast
