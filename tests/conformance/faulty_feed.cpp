// A recorded feed with one fault of choice: what the conformance suite must find.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <holdfast/sdk.hpp>

using namespace holdfast;

/// Tells three hundred quotes, a cent apart and a second.
class Faulty final : public Feed {
 public:
  struct Config {
    std::string fault;
  };
  static Schema<Config> schema() { return Schema<Config>{}.field("fault", &Config::fault, "What it does wrong; nothing when empty."); }
  explicit Faulty(const Config& config) : fault_{config.fault} {
    if (is("once") && alive > 0) throw std::runtime_error{"there is one already"};
    ++alive;
    if (is("opens_early")) file_ = std::fopen("/dev/null", "r");
    if (is("leaks_files")) leaked_ = std::fopen("/dev/null", "r");
  }
  ~Faulty() override {
    --alive;
    if (file_ != nullptr) std::fclose(file_);
  }

  void open(std::uint64_t after, std::function<void()>) override { at_ = is("begins_anew") ? 0 : after; }
  Step next(Tape& tape) override {
    if (at_ >= (is("says_little") ? 50 : 300) && !(is("goes_on") && ++ends_ > 1)) return Step::ended;
    ++at_;
    tape.quote(quote(), is("repeats") && at_ == 20 ? 19 : at_);
    return Step::record;
  }
  void state(Archive& a) override {
    if (is("state_lies") && !a.loading()) ++at_;
    a(at_);
  }

 private:
  bool is(const char* fault) const { return fault_ == fault; }
  Quote quote() const {
    const auto n = static_cast<std::int64_t>(at_);
    Quote quote;
    quote.instrument = {1};
    quote.bid = Price::from_raw(Price::of(100).raw() + n * 1'000'000);
    quote.ask = quote.bid + Price::from_raw(is("crosses") && n % 10 == 0 ? 0 : 1'000'000);
    quote.bid_size = quote.ask_size = Quantity::of(1);
    quote.venue_time = Time{1'700'000'000'000'000'000 + (is("goes_back") && n % 10 == 0 ? n - 5 : n) * 1'000'000'000};
    if (is("sells_less_than_nothing") && n == 7) quote.ask_size = Quantity::of(-1);
    static std::int64_t told = 0;
    if (is("differs")) quote.bid_size = Quantity::of(++told);
    if (is("process")) quote.bid_size = Quantity::of(::getpid());
    if (is("clock")) quote.bid_size = Quantity::of(std::chrono::system_clock::now() > std::chrono::system_clock::time_point{} ? 1 : 2);
    return quote;
  }

  static inline int alive = 0;
  std::string fault_;
  std::FILE* file_ = nullptr;
  std::FILE* leaked_ = nullptr;
  std::uint64_t at_ = 0;
  int ends_ = 0;
};

HOLDFAST_PLUGIN(Faulty, "faulty", "1.0.0", "A recording with one fault of choice.")
