// holdfast orders D, positions D, reconcile D: what a system has at its venues, as its journal tells it.
#include <holdfast/runtime/stopped.hpp>

#include "control.hpp"
#include "data_dir_verb.hpp"
#include "embed/command.hpp"
#include "output.hpp"
#include "status_view.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

using namespace std::chrono_literals;

struct OperatorOptions : DataDirOptions {
  std::string target;  ///< The order to cancel, or the instrument to accept; empty: only look.
  std::string by, reason;
};

/// Of the running system, or of the store when nobody answers.
Json current_book(const std::string& data_dir) {
  require_store(data_dir);
  const auto reply = ask(data_dir, {{"verb", "book"}}, 2000ms);
  if (reply.kind == ControlReply::Kind::answered) {
    if (reply.body.contains("error")) throw std::runtime_error{reply.body["error"].get<std::string>()};
    return reply.body;
  }
  if (reply.kind == ControlReply::Kind::silent)
    console().message("the running system did not answer within 2 s; this is what its journal says");
  Json body = book_json(*read_record(*open_for_reading(data_dir)));
  body["running"] = false;
  return body;
}

std::string cell(const Json& row, const char* key) { return printable(row.at(key).get<std::string>()); }

std::string rows_text(const Json& rows, const std::vector<std::string>& head, const std::vector<const char*>& keys,
                      const std::string& none) {
  if (rows.empty()) return none + "\n";
  std::vector<std::vector<std::string>> cells;
  for (const Json& row : rows) {
    auto& line = cells.emplace_back();
    for (const char* key : keys) line.push_back(cell(row, key));
  }
  return table(head, cells);
}

std::string orders_text(const Json& book) {
  return rows_text(book["orders"],
                   {"order", "instrument", "side", "type", "tif", "quantity", "price", "filled", "open", "status", "broker"},
                   {"order", "instrument", "side", "type", "tif", "quantity", "price", "cum_qty", "leaves_qty", "status", "broker"},
                   "no order is open");
}

std::string positions_text_of(const Json& book) {
  return "shares, by owner:\n" +
         rows_text(book["positions"], {"owner", "instrument", "position", "realised", "fees", "currency"},
                   {"owner", "instrument", "position", "realized", "fees", "currency"}, "none") +
         "\naccounts, by broker:\n" +
         rows_text(book["accounts"], {"broker", "instrument", "position"}, {"broker", "instrument", "position"}, "flat");
}

std::string reconcile_text(const Json& book) {
  std::string out = rows_text(book["links"], {"broker", "standing", "since", "last compared", "why"},
                              {"broker", "state", "since", "reconciled", "why"}, "no broker has a venue outside");
  if (!book["balances"].empty())
    out += "\nbalances that changed by more than our fills, as last told; nobody needs to act:\n" +
           rows_text(book["balances"], {"broker", "currency", "our fills", "venue", "since", "evidence"},
                     {"broker", "currency", "ours", "theirs", "since", "evidence"}, "");
  if (book["differences"].empty()) return out + "\nnothing is unexplained\n";
  return out + "\n" +
         rows_text(book["differences"], {"broker", "what", "instrument", "order", "ours", "theirs", "evidence"},
                   {"broker", "kind", "instrument", "order", "ours", "theirs", "evidence"}, "") +
         "\nhalted until a named operator accepts the venue's word (reconcile D --accept INSTRUMENT) and resumes\n";
}

int show(const DataDirOptions& options, std::string (*text)(const Json&), std::initializer_list<const char*> parts) {
  const Json book = current_book(options.data_dir);
  Json shown{{"schema", book["schema"]}, {"running", book["running"]}};
  for (const char* part : parts) shown[part] = book[part];
  print(options.json ? dump(shown) : text(book));
  return kOk;
}

/// Tells the running system to act.
void instruct(const OperatorOptions& options, const char* verb, const char* what) {
  require_store(options.data_dir);
  check_latch_text(options.by, LatchFile::kNameBytes, "--by");
  check_latch_text(options.reason, LatchFile::kWhyBytes, "--reason");
  const auto reply = ask(options.data_dir,
                         {{"verb", verb}, {what, options.target}, {"by", options.by}, {"reason", options.reason}}, 10'000ms);
  if (reply.kind == ControlReply::Kind::nobody)
    throw std::runtime_error{"the system does not run: nobody can speak to the venue"};
  if (reply.kind == ControlReply::Kind::silent) throw std::runtime_error{"the running system did not answer within 10 s"};
  for (const char* refusal : {"error", "unknown"})
    if (reply.body.contains(refusal)) throw std::invalid_argument{reply.body[refusal].get<std::string>()};
  if (!reply.body.value("durable", false)) throw std::runtime_error{"the running system has not made it durable in time"};
}

int orders(const OperatorOptions& options) {
  if (options.target.empty()) return show(options, orders_text, {"orders"});
  instruct(options, "cancel", "order");
  print(options.json ? dump({{"schema", "holdfast.cancel/1"}, {"order", options.target}, {"asked", true}})
                     : "asked to cancel " + options.target + "; what becomes of it, `holdfast orders` shows");
  return kOk;
}

int positions(const DataDirOptions& options) { return show(options, positions_text_of, {"positions", "accounts"}); }

int reconcile(const OperatorOptions& options) {
  if (!options.target.empty()) {
    instruct(options, "accept", "instrument");
    print(options.json ? dump({{"schema", "holdfast.accept/1"}, {"instrument", options.target}, {"accepted", true}})
                       : "the venue's word about " + options.target +
                             " is accepted; it stays halted until `holdfast resume --scope instrument`");
    return kOk;
  }
  show(options, reconcile_text, {"links", "differences", "balances"});
  const Json book = current_book(options.data_dir);
  bool agrees = book["differences"].empty();
  for (const Json& link : book["links"]) agrees &= link["state"] == "armed" || !book["running"].get<bool>();
  return agrees ? kOk : kRefused;
}

void add_operator(CLI::App& verb, CLI::Option& what, OperatorOptions& options) {
  auto* by = verb.add_option("--by", options.by, "Who does it")->type_name("NAME")->needs(&what);
  auto* reason = verb.add_option("--reason", options.reason, "Why")->type_name("TEXT")->needs(&what);
  what.needs(by)->needs(reason);
}

}  // namespace

void add_orders(CLI::App& app, Action& action) {
  auto options = std::make_shared<OperatorOptions>();
  auto* verb = add_data_dir_verb(app, action, "orders", "Open orders of a system, and what is known of them", orders, options);
  auto* cancel = verb->add_option("--cancel", options->target, "Cancel this one, whoever sent it")->type_name("ORDER");
  add_operator(*verb, *cancel, *options);
}

void add_positions(CLI::App& app, Action& action) {
  add_data_dir_verb(app, action, "positions", "What each owner and each account holds", positions, std::make_shared<DataDirOptions>());
}

void add_reconcile(CLI::App& app, Action& action) {
  auto options = std::make_shared<OperatorOptions>();
  auto* verb = add_data_dir_verb(app, action, "reconcile", "How our books and the venues' differ", reconcile, options);
  auto* accept =
      verb->add_option("--accept", options->target, "Take the venue's word about this instrument")->type_name("INSTRUMENT");
  add_operator(*verb, *accept, *options);
}

}  // namespace holdfast::cli
