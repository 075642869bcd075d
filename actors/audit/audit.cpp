#include <charconv>
#include <cstdio>
#include <filesystem>
#include <holdfast/sdk.hpp>
#include <stdexcept>

#include "anchor.hpp"

using namespace holdfast;

/// Puts signed checkpoints of the journal into a directory outside of it, so that whoever rewrites
/// the journal, or puts an old copy back, is found out.
class Audit final : public Actor {
 public:
  static constexpr const char* kPurity = "edge";
  struct Config {
    std::string anchors;
    std::int64_t every = 100'000;
    Duration interval = std::chrono::minutes{1};
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("anchors", &Config::anchors, "Directory for checkpoints; best on another disk or machine.",
                  Limit<std::string>{"not empty", [](const std::string& dir) { return !dir.empty(); }})
        .field("every", &Config::every, "Events after which a checkpoint is signed.",
               at_least(std::int64_t{1}))
        .field("interval", &Config::interval, "Time after which one is signed when anything happened.",
               at_least(Duration{std::chrono::milliseconds{1}}));
  }

  Audit(const Config& config, const PluginContext& context) : config_{config}, notary_{context.notary} {
    dir_ = (std::filesystem::path{context.base_dir} / config.anchors).string();
  }

  void hear(const Event&, Stage&) override {}
  bool quiet() const override { return true; }
  /// Nothing: what was signed stands in the anchor directory and the journal.
  void state(Archive&) override {}

  Pace act(Outside& outside) override {
    const std::uint64_t durable = outside.release_seq();
    const Time now = outside.now();
    const bool opening = !last_time_;
    const bool many = durable - last_seq_ >= static_cast<std::uint64_t>(config_.every);
    const bool long_ago = !opening && now - *last_time_ >= config_.interval && durable > last_seq_;
    if ((opening || many || long_ago) && durable > 0 && outside.room() > 0) {
      sign(durable, outside);
      last_seq_ = durable;
      last_time_ = now;
    }
    const Time next = last_time_.value_or(now) + config_.interval;
    return {.again = false, .at = next > now ? next : now + config_.interval};
  }

 private:
  void sign(std::uint64_t durable, Outside& outside) {
    if (notary_ == nullptr)
      throw std::runtime_error{"the audit actor has no notary to sign checkpoints with"};
    const std::string text = notary_->checkpoint(durable);
    if (text.empty()) return;
    const std::uint64_t covered = covered_seq(text);
    if (covered == last_covered_) return;
    char name[64];
    std::snprintf(name, sizeof name, "checkpoint-%020llu.txt", static_cast<unsigned long long>(covered));
    // What an earlier run put there is never overwritten; the journal's word does not depend on it,
    // so that the same run gives the same journal again.
    const bool known = std::filesystem::exists(std::filesystem::path{dir_} / name);
    last_covered_ = covered;
    if (!key_there_) audit::add_key(dir_, notary_->public_key());
    key_there_ = true;
    if (!known) audit::write_anchor(dir_, name, text);
    outside.emit(CheckpointSigned{covered}, covered, outside.now(), name);
  }

  /// The second line of a checkpoint is the number of events it covers: the last one's sequence.
  static std::uint64_t covered_seq(const std::string& text) {
    const std::size_t line = text.find('\n');
    std::uint64_t size = 0;
    if (line != std::string::npos) {
      const char* end = text.data() + text.size();
      const auto read = std::from_chars(text.data() + line + 1, end, size);
      if (read.ec == std::errc{} && size > 0 && (read.ptr == end || *read.ptr == '\n')) return size;
    }
    throw std::runtime_error{"the notary's checkpoint has no size in its second line"};
  }

  Config config_;
  std::shared_ptr<Notary> notary_;
  std::string dir_;
  std::uint64_t last_seq_ = 0, last_covered_ = 0;
  std::optional<Time> last_time_;
  bool key_there_ = false;
};

HOLDFAST_PLUGIN(Audit, "audit", "1.0.0", "Signs checkpoints of the journal into an anchor directory.")
