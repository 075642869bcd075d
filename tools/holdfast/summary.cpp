#include "summary.hpp"

#include <cmath>

#include <holdfast/journal/sha256.hpp>

#include "output.hpp"

namespace holdfast::cli {

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

Json run_json(const RunSummary& summary, const Worked& worked) {
  Json run;
  run["schema"] = "holdfast.run/1";
  run.update(summary_json(summary));
  run["elapsed_s"] = std::round(worked.elapsed_s * 1e6) / 1e6;
  run["ticks_per_s"] = std::round(worked.ticks_per_s());
  return run;
}

std::string run_text(const RunSummary& summary, const Worked& worked) {
  const auto& c = summary.counts;
  const Json json = summary_json(summary);
  std::string out = grouped(c.ticks) + " ticks, " + grouped(c.events) + " events, " + grouped(c.orders) + " orders, " +
                    grouped(c.fills) + " fills, " + grouped(c.denied) + " denied\n";
  out += "realised P&L  " + pnl_text(json["realized_pnl"]) + "\n";
  out += "head          " + std::to_string(summary.head_seq) + "  " +
         (summary.head_hash == Digest{} ? "no journal" : hex(summary.head_hash)) + "\n";
  out += "state digest  " + hex(summary.state_digest) + "\n";
  out += "took          " + duration_text(worked.elapsed_s) + ", " + short_number(worked.ticks_per_s()) + " ticks/s\n";
  return out + positions_text(json["positions"]);
}

}  // namespace holdfast::cli
