#include "summary.hpp"

#include <cmath>

#include <holdfast/journal/sha256.hpp>

#include "output.hpp"

namespace holdfast::cli {

namespace {

Json positions_json(const RunSummary& summary) {
  Json positions = Json::array();
  for (const auto& line : summary.positions)
    positions.push_back({{"owner", line.owner},
                         {"instrument", line.instrument},
                         {"currency", line.currency},
                         {"position", line.position.str()},
                         {"realized", line.realized.str()},
                         {"fees", line.fees.str()},
                         {"fills", line.fills}});
  return positions;
}

Json pnl_json(const RunSummary& summary) {
  Json pnl = Json::object();
  for (const auto& [currency, money] : summary.realized_pnl) pnl[currency] = money.str();
  return pnl;
}

Json latches_json(const std::vector<LatchFile::Latch>& latches) {
  Json out = Json::array();
  for (const auto& latch : latches)
    out.push_back({{"scope", to_string(latch.scope)},
                   {"target", latch.target},
                   {"level", to_string(latch.level)},
                   {"who", latch.who},
                   {"why", latch.why},
                   {"since", latch.since.str()}});
  return out;
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

std::string positions_text(const Json& positions) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& p : positions)
    rows.push_back({printable(text_of(p["owner"])), printable(text_of(p["instrument"])), text_of(p["position"]),
                    text_of(p["realized"]), text_of(p["fees"]), printable(text_of(p["currency"])), text_of(p["fills"])});
  if (rows.empty()) return "";
  return "\n" + table({"owner", "instrument", "position", "realised", "fees", "currency", "fills"}, rows);
}

std::string pnl_text(const Json& pnl) {
  std::string out;
  for (const auto& [currency, money] : pnl.items())
    out += (out.empty() ? "" : ", ") + text_of(money) + " " + printable(currency);
  return out.empty() ? "0" : out;
}

}  // namespace

Json run_json(const RunSummary& summary, const Worked& worked) {
  const auto& c = summary.counts;
  return {{"schema", "holdfast.run/1"},
          {"ticks", c.ticks},
          {"events", c.events},
          {"orders", c.orders},
          {"fills", c.fills},
          {"denied", c.denied},
          {"positions", positions_json(summary)},
          {"realized_pnl", pnl_json(summary)},
          {"head_seq", summary.head_seq},
          {"head_hash", hex(summary.head_hash)},
          {"state_digest", hex(summary.state_digest)},
          {"elapsed_s", std::round(worked.elapsed_s * 1e6) / 1e6},
          {"ticks_per_s", std::round(worked.ticks_per_s())}};
}

std::string run_text(const RunSummary& summary, const Worked& worked) {
  const auto& c = summary.counts;
  std::string out = grouped(c.ticks) + " ticks, " + grouped(c.events) + " events, " + grouped(c.orders) + " orders, " +
                    grouped(c.fills) + " fills, " + grouped(c.denied) + " denied\n";
  out += "realised P&L  " + pnl_text(pnl_json(summary)) + "\n";
  out += "head          " + std::to_string(summary.head_seq) + "  " + hex(summary.head_hash) + "\n";
  out += "state digest  " + hex(summary.state_digest) + "\n";
  out += "took          " + duration_text(worked.elapsed_s) + ", " + short_number(worked.ticks_per_s()) + " ticks/s\n";
  return out + positions_text(positions_json(summary));
}

Json status_json(const SystemStatus& status) {
  Json actors = Json::array();
  for (const auto& a : status.actors)
    actors.push_back({{"name", a.name},
                      {"library", a.library},
                      {"state", to_string(a.state)},
                      {"incarnation", a.incarnation},
                      {"restarts", a.restarts},
                      {"lag", a.lag},
                      {"last_failure", a.last_failure}});
  const auto& c = status.summary.counts;
  return {{"schema", "holdfast.status/1"},
          {"name", status.name},
          {"state", status.state},
          {"failure", status.failure},
          {"running", true},
          {"pid", 0},
          {"epoch", status.epoch},
          {"head_seq", status.head_seq},
          {"release_seq", status.release_seq},
          {"ticks", c.ticks},
          {"events", c.events},
          {"orders", c.orders},
          {"fills", c.fills},
          {"denied", c.denied},
          {"bad_ticks", c.bad_ticks},
          {"positions", positions_json(status.summary)},
          {"realized_pnl", pnl_json(status.summary)},
          {"latches", latches_json(status.latches)},
          {"actors", actors}};
}

std::string status_text(const Json& s) {
  std::string out = printable(text_of(s["name"])) + "  " + text_of(s["state"]);
  if (s["running"].get<bool>()) out += "  pid " + s["pid"].dump();
  if (!text_of(s["failure"]).empty()) out += "\nfailed: " + printable(text_of(s["failure"]));
  out += "\nepoch " + s["epoch"].dump() + ", head " + s["head_seq"].dump() + ", durable up to " +
         s["release_seq"].dump() + "\n";
  out += grouped(s["ticks"]) + " ticks, " + grouped(s["orders"]) + " orders, " + grouped(s["fills"]) + " fills, " +
         grouped(s["denied"]) + " denied; realised P&L " + pnl_text(s["realized_pnl"]) + "\n";
  for (const auto& l : s["latches"]) {
    const std::string target = text_of(l["target"]);
    out += "LATCH " + text_of(l["level"]) + " " + text_of(l["scope"]) + (target.empty() ? "" : " " + printable(target)) +
           " by " + printable(text_of(l["who"])) + ": " + printable(text_of(l["why"])) + " (" + text_of(l["since"]) + ")\n";
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& a : s["actors"])
    rows.push_back({printable(text_of(a["name"])), printable(text_of(a["library"])), text_of(a["state"]),
                    a["incarnation"].dump(), a["restarts"].dump(), a["lag"].dump(), printable(text_of(a["last_failure"]))});
  if (!rows.empty())
    out += "\n" + table({"actor", "library", "state", "incarnation", "restarts", "lag", "last failure"}, rows);
  return out + positions_text(s["positions"]);
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace holdfast::cli
