#include <deque>

#include "words.hpp"

using namespace holdfast;

/// Hosts one notifier plugin: tells it what happened to the system, in order and only what is
/// durable, and journals what was told so that a restart does not tell it all again.
class NotifierActor final : public Actor {
 public:
  static constexpr const char* kPurity = "edge";
  struct Config {
    PluginSlot<Notifier> notifier;
    std::string least = "info";
    Duration retry = std::chrono::seconds{10};
  };

  static Schema<Config> schema() {
    return Schema<Config>{}
        .required("notifier", &Config::notifier, "The notifier, as {plugin: name, its settings}.")
        .field("least", &Config::least, "The least severity that is told.", one_of({"info", "warning", "critical"}))
        .field("retry", &Config::retry, "How long to wait before an alert that could not be told is told again.",
               at_least(Duration{std::chrono::milliseconds{1}}));
  }

  NotifierActor(const Config& config, const PluginContext& context) : config_{config}, self_{context.id} {
    for (const auto severity : {Alert::Severity::warning, Alert::Severity::critical})
      if (config.least == to_string(severity)) least_ = severity;
  }

  void hear(const Event& event, Stage&) override {
    if (event.type() == EventType::alert_sent && event.author() == self_) return told(event.as<AlertSent>().about_seq);
    // What happened before this notifier belonged to the system is nobody's news any more.
    if (event.type() == EventType::actor_declared && event.as<ActorDeclared>().actor == self_) pending_.clear();
    if (auto alert = words_.hear(event); alert && alert->severity >= least_) pending_.push_back(std::move(*alert));
  }

  bool quiet() const override { return true; }

  void state(Archive& a) override { a(words_, pending_); }

  Pace act(Outside& outside) override {
    for (const Alert& alert : pending_) {
      if (alert.seq <= sent_) continue;
      if (alert.seq > outside.release_seq()) break;
      if (outside.room() == 0) return {.again = true, .at = {}};
      if (retry_at_ && outside.now() < *retry_at_) return {.again = false, .at = retry_at_};
      if (!tell(alert, outside)) return {.again = false, .at = retry_at_};
      outside.emit(AlertSent{alert.seq}, alert.seq, outside.now(), alert.text);
      sent_ = alert.seq;
    }
    return {};
  }

 private:
  bool tell(const Alert& alert, Outside& outside) {
    retry_at_.reset();
    try {
      config_.notifier.plugin->notify(alert);
      return true;
    } catch (const std::exception& error) {
      // Trading does not stop because a pager is down: say so, and try again.
      outside.log("an alert could not be told: " + std::string{error.what()});
      retry_at_ = outside.now() + config_.retry;
      return false;
    }
  }

  void told(std::uint64_t seq) {
    while (!pending_.empty() && pending_.front().seq <= seq) pending_.pop_front();
  }

  Config config_;
  ActorId self_;
  Alert::Severity least_ = Alert::Severity::info;
  AlertWords words_;
  std::deque<Alert> pending_;  ///< Not told yet, or told and not yet heard to be.

  std::uint64_t sent_ = 0;  ///< Told by this incarnation.
  std::optional<Time> retry_at_;
};

HOLDFAST_PLUGIN(NotifierActor, "notifier", "1.0.0", "Hosts one notifier plugin: tells people about latches and failures.")
