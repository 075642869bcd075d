#include <algorithm>
#include <array>
#include <holdfast/sdk/settings.hpp>

namespace holdfast {

namespace {

/// Quoted, so that no text can be mistaken for the punctuation around it.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_canonical(std::string& out, const Setting& setting) {
  if (setting.kind == Setting::Kind::missing) {
    out += "null";
  } else if (setting.kind == Setting::Kind::scalar) {
    append_quoted(out, setting.text);
  } else if (setting.kind == Setting::Kind::list) {
    out += '[';
    for (const auto& item : setting.items) {
      append_canonical(out, item);
      out += ',';
    }
    out += ']';
  } else {
    std::vector<const std::pair<std::string, Setting>*> sorted;
    for (const auto& field : setting.fields) sorted.push_back(&field);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto* a, const auto* b) { return a->first < b->first; });
    out += '{';
    for (const auto* field : sorted) {
      append_quoted(out, field->first);
      out += ':';
      append_canonical(out, field->second);
      out += ',';
    }
    out += '}';
  }
}

/// Damerau-Levenshtein: insert, delete, replace and swap of neighbours cost one each, and a
/// swapped pair may still be edited (Lowrance and Wagner 1975).
std::size_t edits(std::string_view a, std::string_view b) {
  const std::size_t far = a.size() + b.size(), width = b.size() + 2;
  std::vector<std::size_t> cells((a.size() + 2) * width, far);
  const auto cell = [&](std::size_t i, std::size_t j) -> std::size_t& { return cells[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) cell(i + 1, 1) = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cell(1, j + 1) = j;
  std::array<std::size_t, 256> last_row{};  // Where each character last stood in `a`.
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t last_match = 0;  // Where this row last matched in `b`.
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t k = last_row[static_cast<unsigned char>(b[j - 1])], l = last_match;
      const bool same = a[i - 1] == b[j - 1];
      if (same) last_match = j;
      cell(i + 1, j + 1) = std::min({cell(i, j) + (same ? 0 : 1), cell(i + 1, j) + 1, cell(i, j + 1) + 1,
                                     cell(k, l) + (i - k - 1) + 1 + (j - l - 1)});
    }
    last_row[static_cast<unsigned char>(a[i - 1])] = i;
  }
  return cell(a.size() + 1, b.size() + 1);
}

}  // namespace

std::string Problem::str() const {
  std::string text = where.file;
  for (const int number : {where.line, where.line > 0 ? where.column : 0}) {
    if (number <= 0) continue;
    if (!text.empty()) text += ':';
    text += std::to_string(number);
  }
  if (!text.empty()) text += ": ";
  text += what;
  if (!mend.empty()) {
    text += " (";
    text += mend;
    text += ')';
  }
  return text;
}

Setting::Setting() = default;
Setting::Setting(const Setting&) = default;
Setting::Setting(Setting&&) noexcept = default;
Setting& Setting::operator=(const Setting&) = default;
Setting& Setting::operator=(Setting&&) noexcept = default;
Setting::~Setting() = default;

const Setting* Setting::find(std::string_view name) const {
  for (const auto& [key, value] : fields)
    if (key == name) return &value;
  return nullptr;
}

std::string Setting::canonical() const {
  std::string out;
  append_canonical(out, *this);
  return out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  std::string best;
  std::size_t fewest = 3;
  for (const auto& name : names) {
    const auto [shorter, longer] = std::minmax({name.size(), word.size()});
    if (longer - shorter >= fewest) continue;
    if (const std::size_t needed = edits(word, name); needed < fewest) {
      fewest = needed;
      best = name;
    }
  }
  return best;
}

}  // namespace holdfast
