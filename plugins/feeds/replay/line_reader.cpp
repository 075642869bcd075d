#include "line_reader.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace holdfast::replay {

namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;
/// No record of any format comes near; what has no line end for so long is not text.
constexpr std::size_t kLongestLine = std::size_t{64} << 20;

bool ends_with_csv(const archive_entry* entry) {
  const char* name = archive_entry_pathname(const_cast<archive_entry*>(entry));
  return name != nullptr && std::string_view{name}.ends_with(".csv");
}

}  // namespace

void LineReader::Close::operator()(archive* a) const { archive_read_free(a); }

LineReader::LineReader(std::string path) : path_{std::move(path)} {
  using Type = std::filesystem::file_type;
  std::error_code error;
  const auto type = std::filesystem::status(path_, error).type();
  if (type == Type::not_found) fail("there is no such file", "check file and files of the feed");
  if (type == Type::none) fail("the file cannot be read (" + error.message() + ")", "check its path and who may read it");
  if (type == Type::directory) fail("this is a folder", "name the files in it");
  // A pipe would keep us waiting, a device never ends, and neither can be read again after a crash.
  if (type != Type::regular) fail("this is no file but a pipe, a socket or a device", "name a file");
  buffer_.resize(kBlock + kPadding);
  open();
  archive_entry* entry = nullptr;
  if (!next_entry(entry)) fail("the file is empty", "fetch it again");
  if (archive_format(archive_.get()) == ARCHIVE_FORMAT_ZIP) find_csv();
}

void LineReader::open() {
  archive_.reset(archive_read_new());
  archive_read_support_filter_gzip(archive_.get());
  archive_read_support_format_zip(archive_.get());
  archive_read_support_format_raw(archive_.get());
  archive_read_support_format_empty(archive_.get());
  if (archive_read_open_filename(archive_.get(), path_.c_str(), kBlock) == ARCHIVE_OK) return;
  const auto why = std::generic_category().message(archive_errno(archive_.get()));
  fail("the file cannot be read (" + why + ")", "check that it is complete and that you may read it");
}

/// The next file in the archive; plain and gzipped ones hold one.
bool LineReader::next_entry(archive_entry*& entry) {
  const int result = archive_read_next_header(archive_.get(), &entry);
  if (result == ARCHIVE_EOF) return false;
  // A warning is about names and rights, which are not asked for here.
  if (result < ARCHIVE_WARN) fail("the file cannot be read (" + reason() + ")", "fetch it again");
  return true;
}

/// Stands before the data of the only csv of a zip.
void LineReader::find_csv() {
  std::size_t found = 0;
  archive_entry* entry = nullptr;
  open();
  while (next_entry(entry)) found += ends_with_csv(entry);
  if (found != 1)
    fail("this zip holds " + std::to_string(found) + " csv files", "a data file is a zip of exactly one");
  open();
  while (next_entry(entry) && !ends_with_csv(entry)) continue;
  if (archive_entry_is_data_encrypted(entry) != 0) fail("this zip is encrypted", "unpack it and name what was in it");
}

bool LineReader::next(std::string_view& line) {
  for (std::size_t searched = 0;;) {
    char* from = buffer_.data() + begin_;
    auto* found = static_cast<char*>(std::memchr(from + searched, '\n', end_ - begin_ - searched));
    if (found == nullptr) {
      searched = end_ - begin_;
      if (!at_end_ && fill()) continue;
      if (begin_ == end_) return false;
    }
    // fill() may have moved what was read so far.
    from = buffer_.data() + begin_;
    std::size_t size = found != nullptr ? static_cast<std::size_t>(found - from) : end_ - begin_;
    begin_ += size + (found != nullptr ? 1 : 0);
    if (size > 0 && from[size - 1] == '\r') --size;
    line = {from, size};
    ++line_;
    return true;
  }
}

bool LineReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ + kPadding >= buffer_.size()) {
    if (end_ > kLongestLine) fail("this line does not end", "the file is not text");
    buffer_.resize(2 * buffer_.size());
  }
  const auto got = archive_read_data(archive_.get(), buffer_.data() + end_, buffer_.size() - kPadding - end_);
  if (got < 0)
    fail("the compressed data are damaged or cut off after this line (" + reason() + ")",
         "fetch the file again");
  if (std::memchr(buffer_.data() + end_, 0, static_cast<std::size_t>(got)) != nullptr)
    fail("a zero byte stands in the text after this line", "write the file as UTF-8, or fetch it again when it is damaged");
  at_end_ = got == 0;
  end_ += static_cast<std::size_t>(got);
  return !at_end_;
}

std::string LineReader::reason() const {
  const char* text = archive_error_string(archive_.get());
  return text != nullptr ? text : "no reason given";
}

void LineReader::fail(const std::string& what, const std::string& remedy) const {
  const std::string place = line_ == 0 ? path_ : path_ + ":" + std::to_string(line_);
  throw std::runtime_error{place + ": " + what + "; " + remedy};
}

}  // namespace holdfast::replay
