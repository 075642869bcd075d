#include <archive.h>
#include <archive_entry.h>

#include <fstream>
#include <holdfast/testkit/data_files.hpp>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace holdfast::testkit {

namespace {

struct Free {
  void operator()(archive* a) const { archive_write_free(a); }
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
struct FreeRead {
  void operator()(archive* a) const { archive_read_free(a); }
};
constexpr std::size_t kBlock = std::size_t{256} << 10;
using Writer = std::unique_ptr<archive, Free>;

void need(int result, archive* a, const std::string& path) {
  if (result != ARCHIVE_OK) throw std::runtime_error{path + " cannot be written: " + archive_error_string(a)};
}

void write_entry(archive* a, const std::string& path, const std::string& inside, const std::string& text) {
  need(archive_write_open_filename(a, path.c_str()), a, path);
  const std::unique_ptr<archive_entry, Free> entry{archive_entry_new()};
  archive_entry_set_pathname(entry.get(), inside.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
  need(archive_write_header(a, entry.get()), a, path);
  if (archive_write_data(a, text.data(), text.size()) != static_cast<la_ssize_t>(text.size()))
    throw std::runtime_error{path + " cannot be written in full"};
  need(archive_write_close(a), a, path);
}

}  // namespace

void write_plain(const std::string& path, const std::string& text) {
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) throw std::runtime_error{path + " cannot be written"};
}

void write_gzip(const std::string& path, const std::string& text) {
  const Writer a{archive_write_new()};
  need(archive_write_add_filter_gzip(a.get()), a.get(), path);
  need(archive_write_set_format_raw(a.get()), a.get(), path);
  write_entry(a.get(), path, "data", text);
}

void write_zip(const std::string& path, const std::string& inside, const std::string& text) {
  const Writer a{archive_write_new()};
  need(archive_write_set_format_zip(a.get()), a.get(), path);
  write_entry(a.get(), path, inside, text);
}

std::string read_bytes(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw std::runtime_error{path + " cannot be read"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string read_text(const std::string& path) {
  const std::unique_ptr<archive, FreeRead> a{archive_read_new()};
  archive_read_support_filter_gzip(a.get());
  archive_read_support_format_zip(a.get());
  archive_read_support_format_raw(a.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_filename(a.get(), path.c_str(), kBlock) != ARCHIVE_OK ||
      archive_read_next_header(a.get(), &entry) != ARCHIVE_OK)
    throw std::runtime_error{path + " cannot be read: " + archive_error_string(a.get())};
  std::string text;
  for (std::string block(kBlock, '\0');;) {
    const auto got = archive_read_data(a.get(), block.data(), block.size());
    if (got < 0) throw std::runtime_error{path + " cannot be read in full: " + archive_error_string(a.get())};
    if (got == 0) return text;
    text.append(block, 0, static_cast<std::size_t>(got));
  }
}

}  // namespace holdfast::testkit
