// holdfast venue book D, holdfast venue log D: what a venue's file holds.
#include <filesystem>

#include <holdfast/journal/store.hpp>
#include <holdfast/venue/log.hpp>
#include <holdfast/venue/records.hpp>

#include "output.hpp"
#include "venue.hpp"
#include "venue/gateway.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

using Row = std::vector<std::string>;

/// Reads a file that may be written to meanwhile.
void read(const std::string& path, const std::function<void(const venue::Batch&)>& each) {
  std::error_code error;
  const std::string file = std::filesystem::is_directory(path, error) ? venue::Gateway::log_path(path) : path;
  try {
    venue::read_log(file, each);
  } catch (const venue::LogError& broken) {
    throw StoreError{StoreError::Kind::damaged, broken.what()};
  }
}

std::string orders_text(const venue::Records& records) {
  std::vector<Row> rows;
  for (const auto& [id, o] : records.orders())
    if (o.open())
      rows.push_back({std::to_string(id), o.account, printable(o.cl_ord_id), o.symbol, std::string{to_string(o.terms.side)},
                      o.terms.quantity.str(), o.terms.price.str(), o.cum_qty.str(), o.leaves_qty.str()});
  return table({"OrderID", "Account", "ClOrdID", "Symbol", "Side", "OrderQty", "Price", "CumQty", "LeavesQty"}, rows);
}

std::string fills_text(const venue::Records& records) {
  std::vector<Row> rows;
  for (const auto& [name, account] : records.accounts())
    for (const auto exec_id : account.fills) {
      const venue::Fill& f = *records.fill(exec_id);
      rows.push_back({std::to_string(exec_id), std::to_string(f.order_id), name, records.order(f.order_id)->symbol, f.quantity.str(),
                      f.price.str(), f.fee.str(), f.taken_back != 0 ? "taken back by " + std::to_string(f.taken_back) : ""});
    }
  return table({"ExecID", "OrderID", "Account", "Symbol", "LastQty", "LastPx", "Commission", ""}, rows);
}

std::string accounts_text(const venue::Records& records) {
  std::vector<Row> rows;
  for (const auto& [name, account] : records.accounts()) {
    for (const auto& [symbol, p] : account.positions)
      if (!p.quantity().is_zero()) rows.push_back({name, symbol, p.quantity().str(), p.average_price().str()});
    for (const auto& [currency, amount] : account.balances) rows.push_back({name, currency, amount.str(), ""});
  }
  return table({"Account", "What", "Amount", "AvgPx"}, rows);
}

}  // namespace

int venue_book(const std::string& path, bool json) {
  venue::Records records;
  read(path, [&](const venue::Batch& batch) {
    for (const auto& fact : batch.facts) records.apply(batch.time, fact);
  });
  if (json) print(records.json());
  else print("open orders\n" + orders_text(records) + "\nfills\n" + fills_text(records) + "\naccounts\n" + accounts_text(records));
  return kOk;
}

int venue_log(const std::string& path, bool json) {
  read(path, [&](const venue::Batch& batch) {
    const std::string line = venue::line_of(batch);
    print(json ? line : batch.time.str() + "  " + printable(line.substr(line.find("\"facts\":") + 8, std::string::npos)));
  });
  return kOk;
}

}  // namespace holdfast::cli
