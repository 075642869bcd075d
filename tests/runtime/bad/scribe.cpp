// Wrong in one way: an actor of its own kind that books fills, which is the ledger's affair.
#include <holdfast/sdk.hpp>

using namespace holdfast;

class Scribe final : public Actor {
 public:
  struct Config {};
  static Schema<Config> schema() { return {}; }
  explicit Scribe(const Config&) {}
  void hear(const Event& event, Stage& stage) override {
    if (event.type() == EventType::quote && ++heard_ == 100) stage.answer(FillBooked{});
  }
  void state(Archive& a) override { a(heard_); }

 private:
  std::uint64_t heard_ = 0;
};

HOLDFAST_PLUGIN(Scribe, "scribe", "1.0.0", "Writes what it may not.")
