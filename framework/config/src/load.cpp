#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <holdfast/config/load.hpp>
#include <iterator>

#include "canonical.hpp"
#include "document.hpp"
#include "override.hpp"
#include "plan_reader.hpp"
#include "profiles.hpp"
#include "variables.hpp"

namespace holdfast {

namespace {

namespace fs = std::filesystem;

/// Problems in the order of the file; those of overrides come last.
void sort_by_place(Problems& problems, const std::string& file) {
  std::stable_sort(problems.begin(), problems.end(), [&](const Problem& a, const Problem& b) {
    const bool a_here = a.where.file == file, b_here = b.where.file == file;
    if (a_here != b_here) return a_here;
    if (!a_here) return false;
    return std::pair{a.where.line, a.where.column} < std::pair{b.where.line, b.where.column};
  });
}

/// A value that could not be made is not worth a second problem about what it then was.
void forget_what_follows(const Problems& causes, std::size_t from, Problems& problems) {
  const auto follows = [&](const Problem& p) {
    return std::any_of(causes.begin(), causes.end(), [&](const Problem& cause) {
      return config::place_text(cause.where) == config::place_text(p.where);
    });
  };
  const auto first = problems.begin() + static_cast<std::ptrdiff_t>(from);
  problems.erase(std::remove_if(first, problems.end(), follows), problems.end());
}

/// The actors of both trees in the same order, so that settings can be swapped pair by pair.
void show_settings(SupervisorPlan& tree, const Setting& shown) {
  const Setting* list = shown.find("children");
  for (std::size_t i = 0; i < tree.children.size(); ++i) {
    const Setting& child = list->items[i];
    if (auto* supervisor = std::get_if<SupervisorPlan>(&tree.children[i].what)) {
      show_settings(*supervisor, child);
    } else if (const Setting* settings = child.find("settings")) {
      std::get<ActorPlan>(tree.children[i].what).settings = *settings;
    }
  }
}

std::string read_file(const std::string& file, Problems& problems) {
  const Where where{file, 0, 0};
  const auto refuse = [&](const std::string& what, const std::string& mend) {
    problems.push_back({where, what, mend});
    return std::string{};
  };
  std::error_code error;
  if (fs::is_directory(file, error)) return refuse("is a folder", "name the file in it");
  std::ifstream in{file, std::ios::binary};
  if (!in) return refuse(std::string{"cannot be read: "} + std::strerror(errno), "");
  // One byte more than allowed is enough to know; endless files such as devices end here too.
  std::string text(config::kMaxBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return refuse("cannot be read to its end", "");
  return text;
}

}  // namespace

LoadResult load_plan(const std::string& file, const std::vector<std::string>& overrides,
                     const Environment& environment, const std::vector<std::string>& profiles) {
  Problems problems;
  const std::string text = read_file(file, problems);
  if (!problems.empty()) return {std::nullopt, std::move(problems), file, "", {}, {}};
  std::error_code error;
  const auto base = fs::absolute(file, error).parent_path().lexically_normal().string();
  if (error) {
    problems.push_back({{file, 0, 0}, "lies nowhere: the working directory is gone", "name the file from / on"});
    return {std::nullopt, std::move(problems), file, "", {}, {}};
  }
  return load_plan_text(text, file, base, overrides, environment, profiles);
}

LoadedSettings load_settings(const std::string& file, const std::vector<std::string>& overrides, const Environment& environment) {
  LoadedSettings result;
  result.source = read_file(file, result.problems);
  if (!result.problems.empty()) return result;
  Setting root = config::parse_document(result.source, file, result.problems);
  if (root.kind == Setting::Kind::missing) {
    if (result.problems.empty()) result.problems.push_back({{file, 0, 0}, "is empty", ""});
    return result;
  }
  config::apply_overrides(root, overrides, result.problems);
  config::Expanded tree = config::expand(std::move(root), environment, result.problems);
  if (result.problems.empty()) result.root = std::move(tree.values);
  sort_by_place(result.problems, file);
  return result;
}

LoadResult load_plan_text(const std::string& text, const std::string& file, const std::string& base_dir,
                          const std::vector<std::string>& overrides, const Environment& environment,
                          const std::vector<std::string>& profiles) {
  LoadResult result{std::nullopt, {}, file, text, {}, {}};
  Setting root = config::parse_document(text, file, result.problems);
  if (root.kind == Setting::Kind::missing) {
    const Where where{file, 0, 0};
    if (result.problems.empty()) result.problems.push_back({where, "is empty", "begin with `holdfast: 1`"});
    return result;
  }
  config::apply_profiles(root, profiles, result.problems, result.notes);
  config::apply_overrides(root, overrides, result.problems);
  const auto before = result.problems.size();
  config::Expanded tree = config::expand(std::move(root), environment, result.problems);
  const Problems unread{result.problems.begin() + static_cast<std::ptrdiff_t>(before), result.problems.end()};
  config::refuse_secrets_outside_settings(tree, result.problems);
  Plan plan = config::read_plan(tree.values, base_dir, result.problems);
  plan.secrets = tree.secrets;
  forget_what_follows(unread, before + unread.size(), result.problems);
  sort_by_place(result.problems, file);
  for (auto& problem : result.problems) {
    problem.what = redact(plan, std::move(problem.what));
    problem.mend = redact(plan, std::move(problem.mend));
  }
  if (!result.problems.empty()) return result;
  Plan shown = plan;
  show_settings(shown.tree, *tree.shown.find("tree"));
  plan.canonical = config::canonical_of_shown(shown);
  result.plan = std::move(plan);
  result.written = std::move(tree.shown);
  for (const auto& [place, note] : tree.notes) (result.notes[place] += result.notes[place].empty() ? "" : ", ") += note;
  return result;
}

}  // namespace holdfast
