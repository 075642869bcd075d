#include "backup_archive.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

namespace fs = std::filesystem;

/// Fails: OutputError; it has said why.
void run(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  int status = 0;
  const bool ran = ::posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ) == 0 && ::waitpid(pid, &status, 0) == pid;
  if (!ran || !WIFEXITED(status) || WEXITSTATUS(status) != 0) throw OutputError{"there is no archive " + words[1] + "; the backup itself is made"};
}

}  // namespace

void write_archive(const BackupDir& dir, const BackupManifest& manifest, const std::string& file) {
  const std::string helper = own_library("holdfast-archive");
  if (helper.empty()) throw OutputError{"lib/holdfast/holdfast-archive is missing: install Holdfast again; the backup itself is made"};
  const std::string beside = file + ".new";
  const fs::path scratch = fs::path{dir.path()} / "scratch";
  fs::remove_all(scratch);
  fs::create_directories(scratch);
  dir.take_out(manifest, scratch.string(), [](const std::string&) { return true; }, true, nullptr);
  std::ofstream sums{scratch / "SHA256SUMS", std::ios::binary};
  for (const auto& one : manifest.files) sums << hex(one.sha256) << "  " << one.path << '\n';
  sums.close();
  std::ofstream{scratch / "MANIFEST", std::ios::binary} << to_text(manifest);
  run({helper, beside, scratch.string(), manifest.system + "-backup-" + std::to_string(manifest.id),
       std::to_string(manifest.made.ns / 1'000'000'000)});
  fs::remove_all(scratch);
  fs::rename(beside, file);
}

}  // namespace holdfast::cli
