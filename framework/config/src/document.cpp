#include "document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace holdfast::config {

namespace {

/// Thrown to leave the parser when a limit is passed.
struct Stop {};

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

/// yaml-cpp counts bytes from 0; people count characters from 1.
Where place(const std::string& file, const std::vector<std::string_view>& lines, int line, int byte) {
  if (line < 0) return {file, 0, 0};
  int column = 1;
  if (static_cast<std::size_t>(line) < lines.size()) {
    const auto text = lines[line].substr(0, byte);
    column +=
        static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  }
  return {file, line + 1, column};
}

/// Long texts weigh more, so that a large one cannot be multiplied by aliases either.
std::size_t weight(std::string_view text) { return 1 + text.size() / 32; }

std::size_t weight_of(const Setting& s) {
  std::size_t n = weight(s.text);
  for (const auto& item : s.items) n += weight_of(item);
  for (const auto& [name, value] : s.fields) n += weight(name) + weight_of(value);
  return n;
}

int depth_of(const Setting& s) {
  int depth = 0;
  for (const auto& item : s.items) depth = std::max(depth, depth_of(item));
  for (const auto& [name, value] : s.fields) depth = std::max(depth, depth_of(value));
  return depth + 1;
}

/// Builds settings from the parser's events. Keys are scalars, so a map alternates key and value.
class Builder final : public YAML::EventHandler {
 public:
  Builder(const std::string& file, const std::vector<std::string_view>& lines, Problems& problems)
      : file_{file}, lines_{lines}, problems_{problems} {}

  Setting take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Setting s;
    s.where = at(mark);
    count(1, s.where);
    value(std::move(s), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      problems_.push_back({at(mark), "an alias inside its own anchor", "write the value out"});
      throw Stop{};
    }
    const auto& [target, weight, depth] = found->second;
    if (depth + static_cast<int>(open_.size()) > kMaxDepth) too_deep(at(mark));
    count(weight, at(mark));
    value(target, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    check_tag(mark, tag);
    Setting s;
    s.kind = Setting::Kind::scalar;
    s.where = at(mark);
    count(weight(text), s.where);
    s.text = text;
    s.quoted = tag == "!";
    value(std::move(s), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    enter(mark, tag, anchor, Setting::Kind::list);
  }
  void OnSequenceEnd() override { leave(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    enter(mark, tag, anchor, Setting::Kind::map);
  }
  void OnMapEnd() override { leave(); }

 private:
  struct Anchored {
    Setting value;
    std::size_t weight = 0;
    int depth = 0;
  };
  struct Open {
    Setting value;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    std::string key;
    Where key_where;
  };

  Where at(const YAML::Mark& mark) const { return place(file_, lines_, mark.line, mark.column); }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    problems_.push_back({at(mark), "the tag " + tag + " is not understood", "remove it"});
  }
  [[noreturn]] void too_deep(const Where& where) {
    problems_.push_back({where, "nested more than " + std::to_string(kMaxDepth) + " levels deep", ""});
    throw Stop{};
  }
  void count(std::size_t more, const Where& where) {
    nodes_ += more;
    if (nodes_ <= kMaxNodes) return;
    problems_.push_back({where,
                         "more than " + std::to_string(kMaxNodes) + " values once aliases are expanded",
                         "write less, or fewer aliases"});
    throw Stop{};
  }
  void enter(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Setting::Kind kind) {
    check_tag(mark, tag);
    if (open_.size() >= kMaxDepth) too_deep(at(mark));
    if (!open_.empty() && expects_key()) bad_key(at(mark));
    count(1, at(mark));
    Open open;
    open.value.kind = kind;
    open.value.where = at(mark);
    open.anchor = anchor;
    open_.push_back(std::move(open));
  }
  void leave() {
    Open done = std::move(open_.back());
    open_.pop_back();
    value(std::move(done.value), done.anchor);
  }
  bool expects_key() const { return open_.back().value.kind == Setting::Kind::map && !open_.back().has_key; }
  [[noreturn]] void bad_key(const Where& where) {
    problems_.push_back({where, "a key must be a word", "write `name: value`"});
    throw Stop{};
  }
  void value(Setting s, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = {s, weight_of(s), depth_of(s)};
    if (open_.empty()) {
      root_ = std::move(s);
      return;
    }
    Open& into = open_.back();
    if (into.value.kind == Setting::Kind::list) {
      into.value.items.push_back(std::move(s));
    } else if (!into.has_key) {
      if (s.kind != Setting::Kind::scalar) bad_key(s.where);
      into.has_key = true;
      into.key = std::move(s.text);
      into.key_where = std::move(s.where);
    } else {
      into.has_key = false;
      field(into, std::move(s));
    }
  }
  void field(Open& into, Setting s) {
    if (into.key == "<<") {
      problems_.push_back({into.key_where, "a merge key is not taken", "write the values out"});
      return;
    }
    for (std::size_t i = 0; i < into.value.fields.size(); ++i)
      if (into.value.fields[i].first == into.key) {
        problems_.push_back({into.key_where,
                             "the key '" + into.key + "' is here twice, first in line " +
                                 std::to_string(into.value.keys[i].line),
                             "remove one of them"});
        return;
      }
    into.value.fields.emplace_back(std::move(into.key), std::move(s));
    into.value.keys.push_back(std::move(into.key_where));
  }

  const std::string& file_;
  const std::vector<std::string_view>& lines_;
  Problems& problems_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
  Setting root_;
};

/// yaml-cpp's words where they help; ours for what people meet most.
Problem explain(const YAML::Exception& e, const std::string& file,
                const std::vector<std::string_view>& lines) {
  const Where where = place(file, lines, e.mark.line, e.mark.column);
  const bool known = e.mark.line >= 0 && static_cast<std::size_t>(e.mark.line) < lines.size();
  const auto line = known ? lines[e.mark.line] : std::string_view{};
  const auto tab = line.substr(0, line.find_first_not_of(" \t")).find('\t');
  if (tab != std::string_view::npos)
    return {{file, where.line, static_cast<int>(tab) + 1},
            "a tab in the indentation",
            "YAML is indented with spaces"};
  return {where, "this is not YAML: " + e.msg, ""};
}

bool control(unsigned char c) { return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F; }

/// How many bytes the UTF-8 character at `i` has; 0 when there is none.
std::size_t character(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
  const unsigned lead = byte(i);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  for (std::size_t k = 1; k < size; ++k)
    if ((byte(i + k) & 0xC0U) != 0x80U) return 0;
  // Longer than it need be, half of a pair, or beyond the last character.
  const unsigned second = byte(i + 1);
  const bool wrong = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                     (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return wrong ? 0 : size;
}

/// The first thing that no UTF-8 text has; the place is a byte's. Empty `what`: there is none.
std::pair<std::size_t, Problem> first_binary(std::string_view text) {
  const auto begins = [&](std::string_view bytes) { return text.substr(0, 2) == bytes; };
  if (begins("\xFF\xFE") || begins("\xFE\xFF") || (text.size() > 1 && (text[0] == '\0') != (text[1] == '\0')))
    return {0, {{}, "this is UTF-16", "save it as UTF-8"}};
  for (std::size_t i = 0; i < text.size();) {
    if (control(static_cast<unsigned char>(text[i])))
      return {i, {{}, "a control character", "this is not a text file"}};
    const std::size_t size = character(text, i);
    if (size == 0) return {i, {{}, "a byte that is not UTF-8", "save the file as UTF-8"}};
    i += size;
  }
  return {0, {}};
}

}  // namespace

Setting parse_document(const std::string& raw, const std::string& file, Problems& problems) {
  const std::string text = raw.compare(0, 3, "\xEF\xBB\xBF") == 0 ? raw.substr(3) : raw;
  const Where whole{file, 0, 0};
  if (text.size() > kMaxBytes) {
    problems.push_back(
        {whole, "larger than " + std::to_string(kMaxBytes >> 10) + " KiB", "this is no configuration"});
    return {};
  }
  const auto lines = split_lines(text);
  if (auto [bad, problem] = first_binary(text); !problem.what.empty()) {
    const auto line = static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n'));
    const auto start = line == 0 ? 0 : text.rfind('\n', bad) + 1;
    problem.where = place(file, lines, line, static_cast<int>(bad - start));
    problems.push_back(std::move(problem));
    return {};
  }
  Builder builder{file, lines, problems};
  const auto before = problems.size();
  try {
    std::istringstream in{text};
    YAML::Parser parser{in};
    if (!parser.HandleNextDocument(builder)) {
      problems.push_back({whole, "is empty", "begin with `holdfast: 1`"});
      return {};
    }
    Problems ignored;
    Builder second{file, lines, ignored};
    if (parser.HandleNextDocument(second))
      problems.push_back({second.take().where, "a second document", "keep one per file"});
  } catch (const Stop&) {
    return {};
  } catch (const YAML::Exception& e) {
    problems.resize(before);
    problems.push_back(explain(e, file, lines));
    return {};
  }
  return builder.take();
}

}  // namespace holdfast::config
