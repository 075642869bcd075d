#include <charconv>
#include <holdfast/journal/backup.hpp>
#include <sstream>

namespace holdfast {

namespace {

constexpr std::string_view kFirst = "holdfast backup 1";
constexpr std::string_view kAnyVersion = "holdfast backup ";

[[noreturn]] void refuse(const std::string& why) {
  throw StoreError{StoreError::Kind::damaged, "the manifest of the backup is damaged: " + why};
}

/// The words of one line, each of which must be there.
class Words {
 public:
  explicit Words(std::string_view line) : rest_{line} {}
  std::string_view word() {
    const auto end = rest_.find(' ');
    const auto one = rest_.substr(0, end);
    if (one.empty()) refuse("a line ends early");
    rest_ = end == std::string_view::npos ? "" : rest_.substr(end + 1);
    return one;
  }
  template <class T>
  T number() {
    const auto text = word();
    T value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) refuse("'" + std::string{text} + "' is no number");
    return value;
  }
  Digest digest() {
    const auto text = word();
    const auto nibble = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    Digest digest;
    if (text.size() != 2 * digest.size()) refuse("a hash has the wrong length");
    for (std::size_t i = 0; i < digest.size(); ++i) {
      const int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
      if (high < 0 || low < 0) refuse("a hash is none");
      digest[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return digest;
  }
  /// All that is left.
  std::string rest() const {
    if (rest_.empty()) refuse("a line ends early");
    return std::string{rest_};
  }

 private:
  std::string_view rest_;
};

/// Names that stay inside of where they are put.
std::string safe(std::string path) {
  if (path.front() == '/' || ("/" + path + "/").find("/../") != std::string::npos || path.find('\0') != std::string::npos)
    refuse("it names a file outside of itself");
  return path;
}

}  // namespace

std::uint64_t BackupManifest::bytes() const {
  std::uint64_t sum = 0;
  for (const File& file : files) sum += file.bytes;
  return sum;
}

std::string to_text(const BackupManifest& m) {
  std::ostringstream out;
  out << kFirst << "\nid " << m.id << "\nsystem " << m.system << "\nprogram " << m.program << "\nschema " << m.schema << "\nmade "
      << m.made.ns << "\nhead " << m.head_seq << ' ' << m.epoch << ' ' << hex(m.head_hash) << '\n';
  for (const auto& f : m.files) out << "file " << hex(f.sha256) << ' ' << f.bytes << ' ' << f.changed << ' ' << f.path << '\n';
  return out.str() + "end " + hex(sha256(out.str())) + "\n";
}

BackupManifest manifest_in(const std::string& text) {
  if (text.starts_with(kAnyVersion) && !text.starts_with(std::string{kFirst} + "\n"))
    throw StoreError{StoreError::Kind::newer, "the backup was made by a newer Holdfast: use that one"};
  const auto end = text.rfind("end ");
  if (!text.starts_with(kFirst) || end == std::string::npos) refuse("it is cut short");
  if (text.substr(end) != "end " + hex(sha256(text.substr(0, end))) + "\n") refuse("it was changed");
  BackupManifest m;
  std::istringstream lines{text.substr(0, end)};
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    Words words{line};
    const auto what = words.word();
    if (what == "id") m.id = words.number<std::uint64_t>();
    else if (what == "system") m.system = words.rest();
    else if (what == "program") m.program = words.rest();
    else if (what == "schema") m.schema = words.number<int>();
    else if (what == "made") m.made.ns = words.number<std::int64_t>();
    else if (what == "head") {
      m.head_seq = words.number<std::uint64_t>();
      m.epoch = words.number<std::uint64_t>();
      m.head_hash = words.digest();
    } else if (what == "file") {
      BackupManifest::File file;
      file.sha256 = words.digest();
      file.bytes = words.number<std::uint64_t>();
      file.changed = words.number<std::int64_t>();
      file.path = safe(words.rest());
      m.files.push_back(std::move(file));
    } else {
      refuse("'" + std::string{what} + "' means nothing");
    }
  }
  return m;
}

}  // namespace holdfast
