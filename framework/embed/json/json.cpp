#include "embed/json.hpp"

#include <holdfast/journal/sha256.hpp>

namespace holdfast {

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

}  // namespace

Json summary_json(const RunSummary& summary) {
  const auto& c = summary.counts;
  return {{"ticks", c.ticks},
          {"events", c.events},
          {"orders", c.orders},
          {"fills", c.fills},
          {"denied", c.denied},
          {"positions", positions_json(summary)},
          {"realized_pnl", pnl_json(summary)},
          {"head_seq", summary.head_seq},
          {"head_hash", summary.head_hash == Digest{} ? "" : hex(summary.head_hash)},
          {"state_digest", hex(summary.state_digest)}};
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

std::string_view to_string(LogLine::Level level) {
  switch (level) {
    case LogLine::Level::info: return "info";
    case LogLine::Level::warning: return "warning";
    case LogLine::Level::error: return "error";
  }
  return "error";
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace holdfast
