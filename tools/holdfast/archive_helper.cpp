// holdfast-archive FILE FOLDER TOP SECONDS: all files of FOLDER below TOP/ in FILE, as tar compressed by zstd.
//
// A program of its own: the library, and what it needs in turn, is several times as large as all of Holdfast, which
// starts, and lives in little memory, without it.
#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Free {
  void operator()(archive* a) const { archive_write_free(a); }
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};

void need(archive* a, int result) {
  if (result == ARCHIVE_OK) return;
  const char* const why = archive_error_string(a);
  throw std::runtime_error{why == nullptr ? "it is not written in full" : why};
}

void add(archive* a, const fs::path& file, const std::string& name, long seconds) {
  const std::unique_ptr<archive_entry, Free> entry{archive_entry_new()};
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  archive_entry_set_mtime(entry.get(), seconds, 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(fs::file_size(file)));
  need(a, archive_write_header(a, entry.get()));
  std::ifstream in{file, std::ios::binary};
  for (std::array<char, 1 << 16> block; in.read(block.data(), block.size()) || in.gcount() > 0;)
    if (archive_write_data(a, block.data(), static_cast<std::size_t>(in.gcount())) != in.gcount()) need(a, ARCHIVE_FATAL);
}

void write(const std::string& file, const fs::path& folder, const std::string& top, long seconds) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  const std::unique_ptr<archive, Free> a{archive_write_new()};
  need(a.get(), archive_write_add_filter_zstd(a.get()));
  need(a.get(), archive_write_set_format_pax_restricted(a.get()));
  need(a.get(), archive_write_open_filename(a.get(), file.c_str()));
  for (const auto& one : files) add(a.get(), one, top + "/" + fs::relative(one, folder).string(), seconds);
  need(a.get(), archive_write_close(a.get()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 64;
  try {
    write(argv[1], argv[2], argv[3], std::strtol(argv[4], nullptr, 10));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "error: cannot write " << argv[1] << ": " << error.what() << '\n';
    return 74;
  }
}
