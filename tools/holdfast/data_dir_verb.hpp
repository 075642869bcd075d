#pragma once

#include <memory>

#include "verbs.hpp"

namespace holdfast::cli {

/// What every verb about a data directory takes.
struct DataDirOptions {
  std::string data_dir;
  bool json = false;
};

/// A verb about a data directory that `run`s with its options.
template <class Options>
CLI::App* add_data_dir_verb(CLI::App& app, Action& action, const char* name, const char* text,
                            int (*run)(const Options&), const std::shared_ptr<Options>& options) {
  auto* verb = app.add_subcommand(name, text);
  verb->add_option("D", options->data_dir, "Data directory of the system")->required();
  verb->add_flag("--json", options->json, "Result as JSON");
  verb->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
  return verb;
}

}  // namespace holdfast::cli
