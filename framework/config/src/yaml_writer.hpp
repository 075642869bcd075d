#pragma once

#include <holdfast/sdk/settings.hpp>
#include <map>
#include <string>
#include <vector>

namespace holdfast::config {

/// What an element of a list is called, in overrides and in messages; empty when it has no name.
std::string title(const Setting& item);
/// How the elements of a list are named in a path: by title, or by index where that is not one of
/// a kind.
std::vector<std::string> steps(const Setting& list);

/// Writes block-style YAML that reads back to the same values.
class YamlWriter {
 public:
  enum class Order { by_name, as_given };  ///< Of the fields within a setting.
  /// `comments` stand behind the values at these paths, such as "system.seed"; may be null.
  explicit YamlWriter(Order order = Order::by_name,
                      const std::map<std::string, std::string>* comments = nullptr)
      : order_{order}, comments_{comments} {}
  std::string take() { return std::move(out_); }

  /// A whole line; `text` is a scalar that may be written plain.
  void pair(const std::string& key, const std::string& text, bool in_quotes = false);
  void text(const std::string& text, bool in_quotes = false);
  void open(const std::string& key);
  void close() { --depth_; }
  /// What follows, up to close(), is one element of a list.
  void item();
  void setting(const std::string& key, const Setting& s) { field(key, s, key); }

 private:
  void field(const std::string& key, const Setting& s, const std::string& path);
  void inside(const Setting& s, const std::string& path);
  void line(const std::string& text, const std::string& path = "");

  Order order_;
  const std::map<std::string, std::string>* comments_;
  std::string out_;
  int depth_ = 0;
  int dashes_ = 0;  ///< Of lists that begin in the line to come.
};

}  // namespace holdfast::config
