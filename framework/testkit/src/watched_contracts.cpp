// The suites of feeds and strategies in this process, with somebody who looks on.
#include <holdfast/testkit/conformance.hpp>
#include <holdfast/testkit/watch.hpp>

namespace holdfast::testkit {

namespace {

class Watching final : public Onlooker {
 public:
  void begin() override { watches_.push_back(std::make_unique<Watch>()); }
  void end() override { watches_.pop_back(); }
  std::vector<std::string> take() override { return Watch::take(); }

 private:
  std::vector<std::unique_ptr<Watch>> watches_;
};

}  // namespace

std::unique_ptr<Onlooker> watching_onlooker() { return std::make_unique<Watching>(); }

Findings check_strategy(const Subject& subject, int ticks) {
  Watching onlooker;
  return check_strategy(StrategySubject{.plugin = subject, .ticks = ticks, .onlooker = &onlooker});
}

Findings check_feed(const Subject& subject, std::size_t records) {
  Watching onlooker;
  return check_feed(FeedSubject{{subject}, records, &onlooker});
}

}  // namespace holdfast::testkit
