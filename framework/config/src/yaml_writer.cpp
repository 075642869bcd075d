#include "yaml_writer.hpp"

#include <algorithm>

#include "sections.hpp"

namespace holdfast::config {

namespace {

/// True for text that YAML reads back as the same plain scalar wherever it stands in block style.
/// Braces are there for `${NAME}`.
bool plain_is_safe(const std::string& text) {
  static const std::string kStart = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$/._+";
  static const std::string kRest = kStart + "-{}: ";
  if (text.empty() || text == "null" || text == "Null" || text == "NULL" || text == "~") return false;
  const bool negative = text.size() > 1 && text[0] == '-' && text[1] >= '0' && text[1] <= '9';
  if (!negative && kStart.find(text[0]) == std::string::npos) return false;
  return text.find_first_not_of(kRest) == std::string::npos && text.back() != ' ' && text.back() != ':' &&
         text.find(": ") == std::string::npos && text.find("...") != 0;
}

std::string quoted(const std::string& text) {
  static const char* kHex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') (out += '\\') += c;
    else if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (byte < 0x20 || byte == 0x7F) ((out += "\\x") += kHex[byte >> 4]) += kHex[byte & 15];
    else out += c;
  }
  return out + "\"";
}

bool empty(const Setting& s) { return s.items.empty() && s.fields.empty(); }

std::string scalar(const std::string& text, bool in_quotes) {
  return in_quotes || !plain_is_safe(text) ? quoted(text) : text;
}

/// A scalar or an empty list or map: what fits behind a key or a dash.
std::string in_line(const Setting& s) {
  if (s.kind == Setting::Kind::scalar) return scalar(s.text, s.quoted);
  return s.kind == Setting::Kind::list ? "[]" : "{}";
}

std::string key_text(const std::string& key) { return is_name(key) ? scalar(key, false) : quoted(key); }

}  // namespace

std::string title(const Setting& item) {
  for (const char* key : {"name", "symbol", "plugin"})
    if (const Setting* s = item.find(key); s != nullptr && s->kind == Setting::Kind::scalar) return s->text;
  return "";
}

std::vector<std::string> steps(const Setting& list) {
  std::vector<std::string> titles, out;
  for (const auto& item : list.items) titles.push_back(title(item));
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const bool known = !titles[i].empty() && std::count(titles.begin(), titles.end(), titles[i]) == 1;
    out.push_back(known ? titles[i] : std::to_string(i));
  }
  return out;
}

void YamlWriter::pair(const std::string& key, const std::string& text, bool in_quotes) {
  line(key_text(key) + ": " + scalar(text, in_quotes));
}

void YamlWriter::text(const std::string& text, bool in_quotes) { line(scalar(text, in_quotes)); }

void YamlWriter::open(const std::string& key) {
  line(key_text(key) + ":");
  ++depth_;
}

void YamlWriter::item() {
  ++dashes_;
  ++depth_;
}

void YamlWriter::field(const std::string& key, const Setting& s, const std::string& path) {
  if (empty(s)) return line(key_text(key) + ": " + in_line(s), path);
  open(key);
  inside(s, path);
  close();
}

void YamlWriter::inside(const Setting& s, const std::string& path) {
  const auto names = steps(s);
  for (std::size_t i = 0; i < s.items.size(); ++i) {
    item();
    if (empty(s.items[i])) line(in_line(s.items[i]), path + "." + names[i]);
    else inside(s.items[i], path + "." + names[i]);
    close();
  }
  std::vector<const std::pair<std::string, Setting>*> fields;
  for (const auto& field : s.fields) fields.push_back(&field);
  if (order_ == Order::by_name)
    std::sort(fields.begin(), fields.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* one : fields) field(one->first, one->second, path + "." + one->first);
}

void YamlWriter::line(const std::string& text, const std::string& path) {
  out_.append(2 * static_cast<std::size_t>(depth_ - dashes_), ' ');
  for (; dashes_ > 0; --dashes_) out_ += "- ";
  out_ += text;
  if (comments_ != nullptr && comments_->contains(path)) {
    out_ += "  # ";
    for (const char c : comments_->at(path))
      out_ += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  out_ += "\n";
}

}  // namespace holdfast::config
