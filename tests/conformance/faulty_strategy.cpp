// A strategy with one fault of choice: what the conformance suite must find.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <holdfast/sdk.hpp>
#include <memory>
#include <random>
#include <set>
#include <vector>

using namespace holdfast;

/// Buys and sells in turn, every fifth quote.
class Faulty final : public Strategy {
 public:
  struct Config {
    std::string fault;
    InstrumentId instrument;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("fault", &Config::fault, "What it does wrong; nothing when empty.")
        .required("instrument", &Config::instrument, "What to trade.");
  }
  explicit Faulty(const Config& config) : config_{config} {
    if (is("once") && alive > 0) throw std::runtime_error{"there is one already"};
    ++alive;
    if (is("opens_early")) file_ = std::fopen("/dev/null", "r");
    if (is("leaks_files")) leaked_ = std::fopen("/dev/null", "r");
    // A list in one order of the heap, walked in another.
    for (int i = 0; i < 50; ++i) hoard_.push_back(std::make_unique<int>(i));
    for (const auto& one : hoard_) by_address_.insert(one.get());
  }
  ~Faulty() override {
    --alive;
    if (file_ != nullptr) std::fclose(file_);
  }

  void on_quote(const Quote&, Desk& desk) override {
    if (is("idle") || ++heard_ % 5 != 0) return;
    buy_ = !buy_;
    desk.submit(market(buy_ ? Side::buy : Side::sell, is("odd_lot") ? Quantity::from_raw(1) : Quantity::of(1), config_.instrument), why());
  }
  void on_order(const OrderUpdate& update, Desk&) override {
    if (is("knows_no_bust") && update.kind == OrderUpdate::Kind::busted) throw std::runtime_error{"what is that?"};
  }
  void state(Archive& a) override {
    a(buy_);
    if (!is("forgets")) a(heard_);
  }

 private:
  bool is(const char* fault) const { return config_.fault == fault; }
  std::string why() const {
    if (is("silent")) return "";
    std::string why = "it is time";
    if (is("clock")) why += std::to_string(std::chrono::system_clock::now().time_since_epoch().count() & 0);
    if (is("chance")) why += std::to_string(std::random_device{}() & 0U);
    if (is("environment") && std::getenv("HOLDFAST_TURN") != nullptr) why += " to turn";
    if (is("addresses")) why += std::to_string(**by_address_.begin()) + std::to_string(**by_address_.rbegin());
    if (is("process")) why += std::to_string(::getpid());
    static int told = 0;
    if (is("differs")) why += std::to_string(++told);
    return why;
  }

  static inline int alive = 0;
  Config config_;
  std::FILE* file_ = nullptr;
  std::FILE* leaked_ = nullptr;
  std::vector<std::unique_ptr<int>> hoard_;
  std::set<const int*> by_address_;
  int heard_ = 0;
  bool buy_ = false;
};

HOLDFAST_PLUGIN(Faulty, "faulty", "1.0.0", "Buys and sells in turn, with one fault of choice.")
