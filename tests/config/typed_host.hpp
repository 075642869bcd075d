#pragma once

#include <holdfast/config/check.hpp>
#include <holdfast/sdk/schema.hpp>
#include <memory>
#include <string>
#include <vector>

namespace holdfast::test {

/// A plugin with a setting of every type that a person can get wrong.
struct Typed {
  struct Config {
    bool flag = false;
    int count = 20;
    double factor = 1.5;
    Price price = *Price::parse("0.25");
    Duration wait = std::chrono::milliseconds{250};
    std::string mode = "slow";
    std::string note;
    std::vector<std::string> names = {"x", "y"};
    Secret key;
  };
  static Schema<Config> schema() {
    using C = Config;
    return Schema<C>{}
        .field("flag", &C::flag, "Whether.")
        .field("count", &C::count, "How many.", between(1, 100))
        .field("factor", &C::factor, "By what.", more_than(0.0))
        .field("price", &C::price, "For how much.", more_than(Price{}))
        .field("wait", &C::wait, "How long.", at_most(Duration{std::chrono::seconds{10}}))
        .field("mode", &C::mode, "How.", one_of({"slow", "fast"}))
        .field("note", &C::note, "Anything.")
        .field("names", &C::names, "Some names.")
        .field("key", &C::key, "Opens the account.");
  }
};

/// Stands for the plugin host: every actor is a Typed one, but for "missing", which is not there.
struct TypedHost final : PluginSource {
  std::vector<Typed::Config> read;  ///< In order.

  void pin(std::string_view, std::string_view, std::string_view, const Where&) {}
  Problems probe(std::string_view kind, std::string_view name, const Where& where) {
    if (name != "missing") return {};
    return {{where, "there is no " + std::string{kind} + " plugin '" + std::string{name} + "'",
             "did you mean 'x'?"}};
  }
  std::shared_ptr<void> make(std::string_view, std::string_view, const Setting& settings,
                             const PluginContext& context, Problems& problems) override {
    read.push_back(Typed::schema().read(settings, context, problems));
    return std::make_shared<char>();
  }
};

}  // namespace holdfast::test
