#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <holdfast/sdk/ids.hpp>
#include <holdfast/sdk/secret.hpp>
#include <holdfast/sdk/settings.hpp>

namespace holdfast {

class Instruments;
struct PluginContext;

/// Signs text in the system's name; the key never leaves the journal's room. [actor-thread]
class Notary {
 public:
  virtual ~Notary() = default;
  /// A signed checkpoint of the chain at the newest frame that ends at or below `seq`: the text to
  /// put into the anchor directory. Empty when there is none yet.
  virtual std::string checkpoint(std::uint64_t seq) = 0;
  /// PEM of the key that verifies them.
  virtual std::string public_key() = 0;
};

/// Makes plugins that another plugin's settings name. [start-up]
class PluginSource {
 public:
  virtual ~PluginSource() = default;
  /// Null, with the problems appended, when there is no such plugin or its settings are wrong.
  virtual std::shared_ptr<void> make(std::string_view kind, std::string_view name,
                                     const Setting& settings, const PluginContext& context,
                                     Problems& problems) = 0;
};

/// What a plugin may look at while its settings are read and it is constructed. [start-up]
struct PluginContext {
  std::string actor;                        ///< Name of the actor it will live in.
  ActorId id;                               ///< That actor's id.
  std::uint64_t seed = 0;                   ///< The system's seed mixed with the actor's name.
  std::string base_dir;                     ///< Relative file names in settings start here.
  /// A folder of this actor's own, not made yet, for what an edge must keep of a connection and is no state of
  /// the system; empty: there is none.
  std::string keep_dir;
  std::shared_ptr<const Instruments> instruments;
  PluginSource* plugins = nullptr;
  SecretReader secrets;                     ///< Empty: settings may name none.
  std::shared_ptr<Notary> notary;           ///< Null where only settings are checked.
  bool checking = false;                    ///< Only checking: open nothing, start nothing.
  bool feed_clock = false;                  ///< Time is that of the data: without any, nothing falls due.
  /// Instruments that settings have named so far; what a strategy hears is this set.
  std::shared_ptr<std::set<InstrumentId>> used = std::make_shared<std::set<InstrumentId>>();
};

}  // namespace holdfast
