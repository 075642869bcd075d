#include "status_view.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "output.hpp"

namespace holdfast::cli {

namespace {

using Row = std::vector<std::string>;

std::string text_at(const Json& object, const char* key) { return printable(text_of(object.at(key))); }
std::string count_at(const Json& object, const char* key) { return grouped(object.at(key).get<std::uint64_t>()); }

std::string title_of(const Json& s) {
  std::string out = text_at(s, "name") + "  " + text_at(s, "state");
  if (s["running"].get<bool>()) out += "  pid " + s["pid"].dump();
  if (!text_of(s["failure"]).empty()) out += "\nfailed: " + text_at(s, "failure");
  return out + "\n";
}

std::string latches_text(const Json& latches) {
  std::string out;
  for (const auto& l : latches) {
    const std::string target = text_at(l, "target");
    out += "LATCH " + text_at(l, "level") + " " + text_at(l, "scope") + (target.empty() ? "" : " " + target) + " by " +
           text_at(l, "who") + ": " + text_at(l, "why") + " (since " + text_of(l["since"]).substr(0, 19) + " UTC)\n";
  }
  return out;
}

/// Calls `line` for every node with the branches drawn before its name, parents first.
void walk(const Json& node, const std::string& before, const std::string& own,
          const std::function<void(const std::string& drawn, const Json& node)>& line) {
  line(own, node);
  if (!node.contains("children")) return;
  const auto& children = node["children"];
  for (std::size_t i = 0; i < children.size(); ++i) {
    const bool last = i + 1 == children.size();
    walk(children[i], before + (last ? "   " : "│  "), before + (last ? "└─ " : "├─ "), line);
  }
}

/// One row per place in the tree: `cells` of an actor's entry behind its name. Without a tree, the
/// actors one under another.
std::string tree_table(const Json& tree, const Json& actors, Row head, std::size_t cells,
                       const std::function<Row(const Json& actor)>& row_of) {
  std::vector<Row> rows;
  std::map<std::string, const Json*> by_name;
  for (const auto& a : actors) by_name[text_of(a["name"])] = &a;
  const auto add = [&](const std::string& drawn, const Json& node) {
    const std::string name = text_of(node["name"]);
    const auto found = by_name.find(name);
    Row row{drawn + printable(name)};
    const Row more = node.contains("supervisor") ? Row{text_at(node, "supervisor")}
                     : found == by_name.end()    ? Row{}
                                                 : row_of(*found->second);
    row.insert(row.end(), more.begin(), more.end());
    row.resize(cells + 1);
    rows.push_back(std::move(row));
  };
  if (tree.is_object()) walk(tree, "", "", add);
  else
    for (const auto& a : actors) add("", a);
  return rows.empty() ? "" : "\n" + table(head, rows);
}

/// "▁▂▅█": the course of a figure, scaled to its highest.
std::string sparkline(const std::deque<double>& values) {
  static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const double most = values.empty() ? 0 : *std::ranges::max_element(values);
  std::string out;
  for (const double value : values) out += kBars[most > 0 ? std::min(static_cast<int>(value / most * 8), 7) : 0];
  return out;
}

}  // namespace

Json tree_json(const SupervisorPlan& tree) {
  Json children = Json::array();
  for (const auto& child : tree.children) {
    if (const auto* below = child.supervisor()) children.push_back(tree_json(*below));
    else children.push_back({{"name", child.name()}, {"actor", child.actor()->actor}});
  }
  return {{"name", tree.name}, {"supervisor", to_string(tree.strategy)}, {"children", children}};
}

std::string status_text(const Json& s) {
  std::string out = title_of(s) + "epoch " + s["epoch"].dump() + ", head " + count_at(s, "head_seq") +
                    ", durable up to " + count_at(s, "release_seq") + "\n";
  out += count_at(s, "ticks") + " ticks, " + count_at(s, "orders") + " orders, " + count_at(s, "fills") + " fills, " +
         count_at(s, "denied") + " denied; realised P&L " + pnl_text(s["realized_pnl"]) + "\n" +
         latches_text(s["latches"]);
  if (s.contains("metrics")) out += "metrics and health at http://" + text_at(s, "metrics") + "\n";
  out +=
      tree_table(s.value("tree", Json()), s["actors"],
                 {"actor", "library", "state", "incarnation", "restarts", "lag", "last failure"}, 6, [](const Json& a) {
                   return Row{text_at(a, "library"), text_at(a, "state"), a["incarnation"].dump(),
                              a["restarts"].dump(),  count_at(a, "lag"),  text_at(a, "last_failure")};
                 });
  return out + positions_text(s["positions"]);
}

Json rates_json(const Json& before, const Json& now, double seconds) {
  const auto rate = [&](std::uint64_t from, std::uint64_t to) {
    return to > from && seconds > 0 ? std::round(static_cast<double>(to - from) / seconds * 10) / 10 : 0.0;
  };
  const auto of = [&](const char* key) {
    return rate(before[key].get<std::uint64_t>(), now[key].get<std::uint64_t>());
  };
  const std::uint64_t head_before = before["head_seq"], head = now["head_seq"];
  Json actors = Json::array();
  for (const auto& a : now["actors"]) {
    const auto same = std::ranges::find_if(before["actors"], [&](const Json& b) { return b["name"] == a["name"]; });
    const std::uint64_t heard = head - std::min<std::uint64_t>(head, a["lag"]);
    const std::uint64_t heard_before =
        same == before["actors"].end() ? heard : head_before - std::min<std::uint64_t>(head_before, (*same)["lag"]);
    actors.push_back({{"name", a["name"]},
                      {"state", a["state"]},
                      {"handled_per_s", rate(heard_before, heard)},
                      {"lag", a["lag"]},
                      {"restarts", a["restarts"]},
                      {"last_failure", a["last_failure"]}});
  }
  const std::uint64_t durable = now["release_seq"];
  return {{"schema", "holdfast.top/1"},
          {"name", now["name"]},
          {"state", now["state"]},
          {"failure", now["failure"]},
          {"running", now["running"]},
          {"pid", now["pid"]},
          {"interval_s", std::round(seconds * 1e3) / 1e3},
          {"ticks_per_s", of("ticks")},
          {"events_per_s", rate(head_before, head)},
          {"orders_per_s", of("orders")},
          {"fills_per_s", of("fills")},
          {"head_seq", head},
          {"not_durable", head - std::min(head, durable)},
          {"latches", now["latches"]},
          {"tree", now.value("tree", Json())},
          {"actors", actors}};
}

std::string rates_text(const Json& r, const std::deque<double>& ticks_per_s) {
  const auto rate = [&](const char* key) { return short_number(r[key].get<double>()); };
  std::string out = title_of(r) + rate("ticks_per_s") + " ticks/s  " + sparkline(ticks_per_s) + "\n" +
                    rate("events_per_s") + " events/s, " + rate("orders_per_s") + " orders/s, " + rate("fills_per_s") +
                    " fills/s; head " + count_at(r, "head_seq") + ", " + count_at(r, "not_durable") +
                    " not yet durable\n" + latches_text(r["latches"]);
  return out + tree_table(r["tree"], r["actors"], {"actor", "state", "handled/s", "lag", "restarts", "last failure"}, 5,
                          [](const Json& a) {
                            return Row{text_at(a, "state"), short_number(a["handled_per_s"].get<double>()),
                                       count_at(a, "lag"), a["restarts"].dump(), text_at(a, "last_failure")};
                          });
}

}  // namespace holdfast::cli
