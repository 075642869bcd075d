#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <holdfast/venue/crowd.hpp>
#include <holdfast/venue/recording.hpp>

#include "venue/troubles.hpp"

namespace holdfast::venue {

/// An account and what its clients log on with.
struct AccountOptions {
  Member member;
  std::string password;  ///< Empty: any will do.
};

/// A venue as a person sets it up.
struct VenueOptions {
  std::string comp_id = "VENUE";
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any.
  std::uint64_t seed = 1;
  std::vector<Listing> instruments;
  std::vector<AccountOptions> accounts;
  std::vector<CrowdTerms> crowd;
  std::vector<RecordingTerms> recordings;
  std::vector<Trouble> scenario;
};

/// What a person wrote, as a venue; configs/venue.yaml shows all of it. `context`: where files and plugins are;
/// its instruments are the venue's. Appends every problem found.
VenueOptions read_venue(const Setting& root, PluginContext context, Problems& problems);

/// The exchange as clients see it: FIX sessions, the file, and what goes wrong on purpose.
///
/// Nothing that must be kept is answered before the disk has it; whatever has come in by then shares a sync.
/// Needs somebody who calls step() again and again. All calls from any thread unless said otherwise.
class Gateway {
 public:
  /// The venue's file in a data directory.
  static std::string log_path(const std::string& data_dir);

  /// Opens `data_dir`'s file and stands where it left off. `clock`: the time, lent. REQUIRES: the directory exists
  /// and no other process uses it. Fails: LogError, std::runtime_error, std::invalid_argument: one sentence.
  /// A recording serves one gateway.
  Gateway(const VenueOptions& options, const std::string& data_dir, std::function<Time()> clock);
  ~Gateway();

  /// Accepts clients from now on. Returns the port. Fails: std::runtime_error.
  std::uint16_t start();
  /// Does what is due, keeps what happened and sends what was to be said; waits for that at most as long as
  /// `patience`. One thread. Fails: LogError, and nothing more is answered then; std::runtime_error when a recording
  /// cannot be read on.
  void step(Duration patience);
  /// Logs everybody out.
  void stop();

  /// Does something wrong, now or the next time. Returns what it did, or why it could not (first is false).
  std::pair<bool, std::string> perform(const Trouble& trouble);
  /// How many sessions are logged on.
  std::size_t logged_on() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::venue
