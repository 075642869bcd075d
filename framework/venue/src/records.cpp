#include <holdfast/venue/records.hpp>

#include <algorithm>
#include <stdexcept>

/// How facts make records.
namespace holdfast::venue {

namespace {

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error{what}; }

template <class Map, class Key>
auto* find_in(Map& map, const Key& key) {
  const auto at = map.find(key);
  return at == map.end() ? nullptr : &at->second;
}

Quantity showing(const Order& order) {
  return order.terms.display_qty.is_zero() ? order.leaves_qty : std::min(order.terms.display_qty, order.leaves_qty);
}

}  // namespace

Price Order::avg_px() const {
  if (cum_qty.is_zero()) return {};
  return Price::from_raw(detail::mul_div(value.raw(), Price::kOne, cum_qty.raw()));
}

const Order* Records::order(std::uint64_t order_id) const { return find_in(orders_, order_id); }
const Fill* Records::fill(std::uint64_t exec_id) const { return find_in(fills_, exec_id); }
const Records::AccountRecord* Records::account(const std::string& name) const { return find_in(accounts_, name); }
const Records::ListingRecord* Records::listing(const std::string& symbol) const { return find_in(listings_, symbol); }

const Order* Records::find(const std::string& account_name, const std::string& cl_ord_id) const {
  const auto* owner = account(account_name);
  const auto* order_id = owner == nullptr ? nullptr : find_in(owner->used, cl_ord_id);
  return order_id == nullptr ? nullptr : order(*order_id);
}

void Records::apply(Time time, const Fact& fact) {
  std::visit([&](const auto& f) { on(time, f); }, fact);
}

Order& Records::open_order(std::uint64_t order_id) {
  Order* const found = find_in(orders_, order_id);
  if (found == nullptr || !found->open()) refuse("order " + std::to_string(order_id) + " is not open");
  return *found;
}

Fill& Records::live_fill(std::uint64_t exec_id) {
  Fill* const found = find_in(fills_, exec_id);
  if (found == nullptr || found->taken_back != 0) refuse("there is no fill " + std::to_string(exec_id));
  return *found;
}

void Records::used_exec(std::uint64_t exec_id) {
  if (exec_id <= last_exec_id_) refuse("the ExecID " + std::to_string(exec_id) + " has been given before");
  last_exec_id_ = exec_id;
}

void Records::on(Time, const Listed& f) {
  if (f.listing.symbol.empty()) refuse("an instrument needs a symbol");
  listings_[f.listing.symbol].listing = f.listing;
}

void Records::on(Time, const Opened& f) {
  if (accounts_.contains(f.account)) refuse("the account " + f.account + " is open already");
  AccountRecord& record = accounts_[f.account];
  record.number = static_cast<Account>(accounts_.size());
  record.balances = f.balances;
}

void Records::on(Time, const Accepted& f) {
  AccountRecord* const owner = find_in(accounts_, f.account);
  if (owner == nullptr) refuse("there is no account " + f.account);
  if (!listings_.contains(f.symbol)) refuse("there is no instrument " + f.symbol);
  if (f.order <= last_order_id_) refuse("the OrderID " + std::to_string(f.order) + " has been given before");
  if (f.terms.quantity <= Quantity{}) refuse("an order without quantity");
  used_exec(f.exec);
  last_order_id_ = f.order;
  Order& order = orders_[f.order];
  order.order_id = f.order;
  order.account = f.account;
  order.session = f.session;
  order.cl_ord_id = f.cl_ord_id;
  order.symbol = f.symbol;
  order.terms = f.terms;
  order.terms.account = owner->number;
  order.reduce_only = f.reduce_only;
  order.waits = f.terms.type == OrdType::stop || f.terms.type == OrdType::stop_limit;
  order.leaves_qty = f.terms.quantity;
  order.shown = showing(order);
  order.place = ++places_;
  order.until = f.until;
  owner->used[f.cl_ord_id] = f.order;
  owner->open.insert(f.order);
}

void Records::on(Time, const Rejected& f) {
  AccountRecord* const owner = find_in(accounts_, f.account);
  if (owner == nullptr) refuse("there is no account " + f.account);
  used_exec(f.exec);
  // A second order with a used ClOrdID is rejected; the first keeps it.
  if (owner->used.try_emplace(f.cl_ord_id, 0).second) owner->refused[f.cl_ord_id] = f.text;
}

void Records::on(Time, const Triggered& f) {
  Order& order = open_order(f.order);
  order.waits = false;
  order.place = ++places_;
}

void Records::on(Time time, const Filled& f) {
  Order& order = open_order(f.order);
  if (f.quantity <= Quantity{} || f.quantity > order.leaves_qty)
    refuse("order " + std::to_string(f.order) + " has " + order.leaves_qty.str() + " left, not " + f.quantity.str());
  used_exec(f.exec);
  order.cum_qty += f.quantity;
  order.leaves_qty -= f.quantity;
  order.value += notional(f.price, f.quantity);
  order.status = OrdStatus::partially_filled;
  if (f.liquidity == Liquidity::taker) {
    order.shown = showing(order);
  } else if (order.shown > f.quantity) {
    order.shown -= f.quantity;
  } else if (!order.leaves_qty.is_zero()) {
    order.shown = showing(order);
    order.place = ++places_;
  }
  AccountRecord& owner = accounts_.at(order.account);
  owner.fills.push_back(f.exec);
  fills_[f.exec] = {f.exec, f.contra, f.order, time, f.price, f.quantity, f.fee, f.liquidity, 0};
  const Side side = order.terms.side;
  owner.positions[order.symbol].fill(side, f.price, f.quantity, f.fee);
  moves_[{owner.number, order.symbol}].push_back({f.exec, signed_quantity(side, f.quantity), f.price});
  move_balances(order, f.price, f.quantity, f.fee, false);
  listings_.at(order.symbol).last = f.price;
  if (order.leaves_qty.is_zero()) close(order, OrdStatus::filled);
}

void Records::on(Time, const Replaced& f) {
  Order& order = open_order(f.order);
  const Quantity traded = order.cum_qty + order.busted_qty;
  if (f.quantity <= traded) refuse("order " + std::to_string(f.order) + " has traded more than " + f.quantity.str());
  used_exec(f.exec);
  NewOrder& terms = order.terms;
  const bool behind = order.waits ? f.stop_px != terms.stop_px : f.price != terms.price || f.quantity > terms.quantity;
  terms.quantity = f.quantity;
  terms.price = f.price;
  terms.stop_px = f.stop_px;
  order.leaves_qty = f.quantity - traded;
  terms.display_qty = std::min(terms.display_qty, order.leaves_qty);
  order.shown = behind ? showing(order) : std::min(order.shown, order.leaves_qty);
  if (terms.display_qty.is_zero()) order.shown = order.leaves_qty;
  if (behind) order.place = ++places_;
  order.cl_ord_id = f.cl_ord_id;
  accounts_.at(order.account).used[f.cl_ord_id] = f.order;
}

void Records::on(Time, const Ended& f) {
  Order& order = open_order(f.order);
  used_exec(f.exec);
  if (!f.cl_ord_id.empty()) accounts_.at(order.account).used[f.cl_ord_id] = f.order;
  close(order, f.status);
}

void Records::close(Order& order, OrdStatus status) {
  order.leaves_qty = order.shown = {};
  order.status = status;
  accounts_.at(order.account).open.erase(order.order_id);
}

void Records::move_balances(const Order& order, Price price, Quantity quantity, Money fee, bool back) {
  const Listing& listing = listings_.at(order.symbol).listing;
  auto& balances = accounts_.at(order.account).balances;
  const bool pays = (order.terms.side == Side::buy) != back;
  const Money value = notional(price, quantity), amount = Money::from_raw(quantity.raw());
  balances[listing.currency] += (pays ? -value : value) - (back ? -fee : fee);
  if (!listing.base.empty()) balances[listing.base] += pays ? amount : -amount;
}

/// A position follows its fills in order, so that one less gives what would be had it never been.
void Records::book_again(AccountRecord& account, const std::string& symbol) {
  Position position;
  for (const Move& move : moves_[{account.number, symbol}]) {
    if (move.quantity.is_zero()) continue;
    position.fill(move.quantity > Quantity{} ? Side::buy : Side::sell, move.price, move.quantity.abs(),
                  move.exec_id == 0 ? Money{} : fills_.at(move.exec_id).fee);
  }
  account.positions[symbol] = position;
}

void Records::settle_status(Order& order) {
  if (order.open()) order.status = order.cum_qty.is_zero() ? OrdStatus::created : OrdStatus::partially_filled;
  else if (order.status == OrdStatus::filled && order.cum_qty < order.terms.quantity) order.status = OrdStatus::cancelled;
}

void Records::on(Time, const Busted& f) {
  Fill& fill = live_fill(f.ref);
  used_exec(f.exec);
  Order& order = orders_.at(fill.order_id);
  fill.taken_back = f.exec;
  order.cum_qty -= fill.quantity;
  order.busted_qty += fill.quantity;
  order.value -= notional(fill.price, fill.quantity);
  move_balances(order, fill.price, fill.quantity, fill.fee, true);
  AccountRecord& owner = accounts_.at(order.account);
  owner.taken_back.push_back(f.ref);
  for (Move& move : moves_[{owner.number, order.symbol}])
    if (move.exec_id == f.ref) move.quantity = {};
  book_again(owner, order.symbol);
  settle_status(order);
}

void Records::on(Time time, const Corrected& f) {
  Fill& was = live_fill(f.ref);
  if (f.quantity <= Quantity{} || f.price <= Price{}) refuse("a fill is corrected to nothing");
  used_exec(f.exec);
  Order& order = orders_.at(was.order_id);
  order.cum_qty += f.quantity - was.quantity;
  order.busted_qty += was.quantity - f.quantity;
  order.value += notional(f.price, f.quantity) - notional(was.price, was.quantity);
  move_balances(order, was.price, was.quantity, was.fee, true);
  move_balances(order, f.price, f.quantity, f.fee, false);
  was.taken_back = f.exec;
  // The other side's correction is a fact of its own, before this one or after it.
  const Fill* const contra = find_in(fills_, was.contra);
  const std::uint64_t contra_now = contra != nullptr && contra->taken_back != 0 ? contra->taken_back : was.contra;
  fills_[f.exec] = {f.exec, contra_now, was.order_id, time, f.price, f.quantity, f.fee, was.liquidity, 0};
  if (contra_now != was.contra) fills_.at(contra_now).contra = f.exec;
  AccountRecord& owner = accounts_.at(order.account);
  owner.taken_back.push_back(f.ref);
  owner.fills.push_back(f.exec);
  for (Move& move : moves_[{owner.number, order.symbol}])
    if (move.exec_id == f.ref) move = {f.exec, signed_quantity(order.terms.side, f.quantity), f.price};
  book_again(owner, order.symbol);
  settle_status(order);
}

void Records::on(Time, const Adjusted& f) {
  AccountRecord* const owner = find_in(accounts_, f.account);
  if (owner == nullptr || f.quantity.is_zero()) refuse("nothing is adjusted for " + f.account);
  moves_[{owner->number, f.symbol}].push_back({0, f.quantity, f.price});
  book_again(*owner, f.symbol);
}

void Records::on(Time, const Halted& f) {
  ListingRecord* const record = find_in(listings_, f.symbol);
  if (record == nullptr) refuse("there is no instrument " + f.symbol);
  record->halted = f.halted;
}

void Records::on(Time, const Forgot&) {
  for (auto& [name, account] : accounts_) {
    account.positions.clear();
    account.open.clear();
    account.fills.clear();
  }
  orders_.clear();
  fills_.clear();
  moves_.clear();
}

}  // namespace holdfast::venue
