// holdfast status D, halt D, resume D: a running system through its socket, a stopped one on disk.
#include <chrono>
#include <memory>

#include <holdfast/journal/data_dir.hpp>
#include <holdfast/runtime/stopped.hpp>

#include "control.hpp"
#include "data_dir_verb.hpp"
#include "embed/command.hpp"
#include "output.hpp"
#include "screen.hpp"
#include "status_view.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 2000ms;

struct StatusOptions : DataDirOptions {
  bool watch = false;
  RefreshOptions refresh;
};

struct LatchOptions : DataDirOptions {
  std::string scope = "system", target, level = "halted", by, reason;

  LatchScope scope_value() const {
    if (scope == "strategy") return LatchScope::strategy;
    return scope == "instrument" ? LatchScope::instrument : LatchScope::system;
  }
  LatchLevel level_value() const { return level == "reducing" ? LatchLevel::reducing : LatchLevel::halted; }
  std::string what() const { return target.empty() ? "the system" : scope + " '" + target + "'"; }
};

Time now() {
  return Time{std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

int status(const StatusOptions& options) {
  const auto look = [&] {
    const Json status = current_status(options.data_dir);
    return options.json ? dump(status) : status_text(status);
  };
  if (!options.watch) {
    print(look());
    return kOk;
  }
  Refresh refresh{options.refresh};
  do refresh.show(look());
  while (refresh.again());
  return kOk;
}

void check_words(const LatchOptions& options) {
  const bool whole = options.scope_value() == LatchScope::system;
  if (whole && !options.target.empty())
    throw std::invalid_argument{"--target needs --scope strategy or --scope instrument"};
  if (!whole && options.target.empty()) throw std::invalid_argument{"--scope " + options.scope + " needs --target NAME"};
  check_latch_text(options.by, LatchFile::kNameBytes, "--by");
  check_latch_text(options.reason, LatchFile::kWhyBytes, "--reason");
  if (!whole) check_latch_text(options.target, LatchFile::kNameBytes, "--target");
}

Json request_of(const LatchOptions& options, const char* verb, Time since) {
  return {{"verb", verb},
          {"scope", options.scope},
          {"level", options.level},
          {"target", options.target},
          {"by", options.by},
          {"reason", options.reason},
          {"since", since.ns}};
}

/// A misspelt name would leave a brake on nothing and an operator who trusts it.
void refuse_unknown_target(LatchFile& file, const LatchOptions& options, const std::string& why) {
  file.release(options.scope_value(), options.target);
  throw std::invalid_argument{why + "; nothing is halted"};
}

/// Where nobody answers, the journal knows the names, if it can be read.
void check_stopped_target(LatchFile& file, const LatchOptions& options) {
  try {
    check_latch_target(*read_record(*open_for_reading(options.data_dir)), options.scope_value(), options.target);
  } catch (const std::invalid_argument& unknown) {
    refuse_unknown_target(file, options, unknown.what());
  } catch (const std::exception& error) {
    console().message(std::string{"the name was not checked: "} + error.what());
  }
}

int halt(const LatchOptions& options) {
  check_words(options);
  require_store(options.data_dir);
  // First the brake, by our own hand: it must work whatever hangs.
  LatchFile file{options.data_dir + "/latches"};
  const Time since = now();
  file.engage({options.scope_value(), options.level_value(), options.target, options.by, options.reason, since});
  const auto reply = ask(options.data_dir, request_of(options, "halt", since), kPatience);
  const bool answered = reply.kind == ControlReply::Kind::answered;
  if (answered && reply.body.contains("unknown"))
    refuse_unknown_target(file, options, reply.body["unknown"].get<std::string>());
  if (answered && reply.body.contains("error"))
    console().message("the running system says: " + printable(reply.body["error"].get<std::string>()));
  if (reply.kind == ControlReply::Kind::nobody) check_stopped_target(file, options);
  const bool durable = answered && reply.body.value("durable", false);
  if (options.json)
    print(dump({{"schema", "holdfast.halt/1"}, {"effective", true}, {"durable", durable},
                {"running", reply.kind != ControlReply::Kind::nobody}, {"scope", options.scope},
                {"target", options.target}, {"level", to_string(options.level_value())}}));
  else
    print(options.what() + " is " + (options.level == "reducing" ? "reducing" : "halted") + ": effective now, " +
          (durable                                     ? "durable in the journal"
           : reply.kind == ControlReply::Kind::nobody ? "kept in the latch file; the next start journals it"
                                                       : "kept in the latch file; the running system has not yet "
                                                         "made it durable in its journal"));
  return kOk;
}

int resume(const LatchOptions& options) {
  check_words(options);
  require_store(options.data_dir);
  const auto reply = ask(options.data_dir, request_of(options, "resume", now()), 10'000ms);
  bool released = false;
  if (reply.kind == ControlReply::Kind::silent)
    throw std::runtime_error{"the running system did not answer within 10 s; the latch stays on"};
  if (reply.kind == ControlReply::Kind::answered) {
    for (const char* refusal : {"error", "unknown"})
      if (reply.body.contains(refusal)) throw std::invalid_argument{reply.body[refusal].get<std::string>()};
    released = reply.body.value("released", false);
  } else {
    released = resume_stopped(options.data_dir, options.scope_value(), options.target, options.by, options.reason, now());
  }
  if (options.json)
    print(dump({{"schema", "holdfast.resume/1"}, {"released", released},
                {"running", reply.kind == ControlReply::Kind::answered}, {"scope", options.scope},
                {"target", options.target}}));
  else
    print(released ? options.what() + " may trade again: the release is durable in the journal"
                   : "there is no latch on " + options.what());
  return kOk;
}

CLI::App* add_latch_verb(CLI::App& app, Action& action, const char* name, const char* text,
                         int (*run)(const LatchOptions&), const std::shared_ptr<LatchOptions>& options) {
  auto* verb = add_data_dir_verb(app, action, name, text, run, options);
  verb->add_option("--scope", options->scope, "system, strategy or instrument")
      ->check(CLI::IsMember({"system", "strategy", "instrument"}));
  verb->add_option("--target", options->target, "Name of the strategy or instrument")->type_name("NAME");
  verb->add_option("--by", options->by, "Who does it")->required()->type_name("NAME");
  verb->add_option("--reason", options->reason, "Why")->required()->type_name("TEXT");
  return verb;
}

}  // namespace

void require_store(const std::string& data_dir) {
  if (system_name_of(data_dir).empty())
    throw StoreError{StoreError::Kind::missing, data_dir + " holds no Holdfast journal: check the path"};
}

Json current_status(const std::string& data_dir) {
  require_store(data_dir);
  const auto reply = ask(data_dir, {{"verb", "status"}}, kPatience);
  if (reply.kind == ControlReply::Kind::answered) {
    if (reply.body.contains("error")) throw std::runtime_error{reply.body["error"].get<std::string>()};
    return reply.body;
  }
  Json body = status_json(stopped_status(data_dir));
  body["running"] = false;
  if (const auto plan = newest_plan(*open_for_reading(data_dir))) body["tree"] = tree_json(plan->tree);
  // It is there and says nothing: what the disk knows is still worth showing.
  if (reply.kind == ControlReply::Kind::silent) {
    body["state"] = "silent";
    console().message("the running system did not answer within 2 s; this is what its journal says");
  }
  return body;
}

void add_status(CLI::App& app, Action& action) {
  auto options = std::make_shared<StatusOptions>();
  auto* verb = add_data_dir_verb(app, action, "status", "What a system is doing, or was when it stopped", status, options);
  auto* watch = verb->add_flag("--watch", options->watch, "Again and again, until interrupted");
  for (auto* option : add_refresh_options(*verb, options->refresh)) option->needs(watch);
}

void add_halt(CLI::App& app, Action& action) {
  auto options = std::make_shared<LatchOptions>();
  add_latch_verb(app, action, "halt", "Stop trading at once, whatever hangs", halt, options)
      ->add_option("--level", options->level, "halted, or reducing: only orders that take exposure down")
      ->check(CLI::IsMember({"reducing", "halted"}));
}

void add_resume(CLI::App& app, Action& action) {
  add_latch_verb(app, action, "resume", "Release a latch", resume, std::make_shared<LatchOptions>());
}

}  // namespace holdfast::cli
