#include <algorithm>
#include <stdexcept>

#include "desk.hpp"

/// What goes wrong on purpose. The exchange's records stay right all the while.
namespace holdfast::venue {

/// The trouble that waits for this, if one does; used up by one.
std::optional<Trouble> Desk::spoils(Wrong what, const std::string& account) {
  const auto found = std::find_if(armed_.begin(), armed_.end(), [&](const Armed& a) {
    return a.trouble.wrong() == what && (a.trouble.account.empty() || a.trouble.account == account);
  });
  if (found == armed_.end()) return std::nullopt;
  Trouble trouble = found->trouble;
  if (--found->left == 0) armed_.erase(found);
  return trouble;
}

std::pair<bool, std::string> Desk::perform(const Trouble& trouble, Time now) {
  if (!trouble.account.empty() && !accounts_.contains(trouble.account)) return {false, "there is no account " + trouble.account};
  if (!trouble.symbol.empty() && exchange_.records().listing(trouble.symbol) == nullptr)
    return {false, "there is no instrument " + trouble.symbol};
  if (!trouble.session.empty() && !sessions_.contains(trouble.session)) return {false, "there is no session " + trouble.session};
  if (trouble.doc().waits) {
    armed_.push_back({trouble, trouble.count});
    return {true, trouble.what + ": the next " + std::to_string(trouble.count)};
  }
  asking_.clear();
  answered_ = now;
  return now_wrong(trouble, now);
}

std::pair<bool, std::string> Desk::now_wrong(const Trouble& trouble, Time now) {
  switch (trouble.wrong()) {
    case Wrong::bust:
    case Wrong::correct: return mend_fill(trouble, now);
    case Wrong::unknown_position:
      if (trouble.account.empty() || trouble.symbol.empty() || trouble.quantity.is_zero())
        return {false, "unknown_position needs account, symbol and quantity"};
      exchange_.adjust(trouble.account, trouble.symbol, trouble.quantity,
                       trouble.price.is_zero() ? exchange_.reference(trouble.symbol) : trouble.price, now);
      keep();
      return {true, "the position has moved by " + trouble.quantity.str()};
    case Wrong::phantom_order: {
      if (trouble.account.empty() || trouble.symbol.empty()) return {false, "phantom_order needs account, symbol, quantity and price"};
      NewOrder terms;
      terms.side = trouble.side;
      terms.quantity = trouble.quantity;
      terms.price = trouble.price;
      const auto before = exchange_.records().last_order_id();
      phantom(trouble.account, trouble.symbol, terms, now);
      const auto order_id = exchange_.records().last_order_id();
      if (order_id == before) return {false, "the venue itself refuses such an order: check symbol, quantity and price"};
      return {true, "there is an order " + std::to_string(order_id)};
    }
    case Wrong::forget_everything:
      exchange_.forget(now);
      keep();
      return {true, "orders, fills and positions are gone"};
    case Wrong::halt:
    case Wrong::resume:
      if (trouble.symbol.empty()) return {false, trouble.what + " needs symbol"};
      exchange_.halt(trouble.symbol, trouble.wrong() == Wrong::halt, now);
      keep();
      return {true, trouble.symbol + (trouble.wrong() == Wrong::halt ? " is halted" : " trades")};
    default: return act(trouble, now);
  }
}

std::pair<bool, std::string> Desk::mend_fill(const Trouble& trouble, Time now) {
  std::uint64_t exec = trouble.exec;
  if (exec == 0)
    for (const auto& [name, account] : exchange_.records().accounts())
      if (trouble.account.empty() || trouble.account == name)
        for (const auto one : account.fills)
          if (exchange_.records().fill(one)->taken_back == 0) exec = std::max(exec, one);
  const Fill* const fill = exchange_.records().fill(exec);
  if (fill == nullptr || fill->taken_back != 0) return {false, "there is no such fill"};
  Reports reports;
  const Price price = trouble.price.is_zero() ? fill->price : trouble.price;
  const Quantity quantity = trouble.quantity.is_zero() ? fill->quantity : trouble.quantity;
  const bool done = trouble.wrong() == Wrong::bust ? exchange_.bust(exec, "the trade is cancelled", now, reports)
                                                   : exchange_.correct(exec, price, quantity, now, reports);
  if (!done) return {false, "a fill is not corrected to nothing"};
  tell(reports, now);
  return {true, trouble.what + " of fill " + std::to_string(exec)};
}

std::pair<bool, std::string> Desk::act(const Trouble& trouble, Time now) {
  std::size_t count = 0;
  for (const auto& [session, state] : sessions_) {
    if (!trouble.account.empty() && state.account != trouble.account) continue;
    if (!trouble.session.empty() && session != trouble.session) continue;
    acts_.emplace(now, SessionAct{trouble.wrong(), session, trouble.count, trouble.by, false});
    if (trouble.wrong() == Wrong::half_open)
      acts_.emplace(now + trouble.by, SessionAct{trouble.wrong(), session, trouble.count, trouble.by, true});
    ++count;
  }
  if (count == 0) return {false, "the session " + trouble.session + " is not of the account " + trouble.account};
  return {true, trouble.what + " of " + std::to_string(count) + (count == 1 ? " session" : " sessions")};
}

/// Nobody is told of it.
void Desk::phantom(const std::string& account, const std::string& symbol, const NewOrder& terms, Time now) {
  Request request;
  request.account = account;
  request.cl_ord_id = "PHANTOM-" + std::to_string(exchange_.records().last_order_id() + 1);
  request.symbol = symbol;
  request.terms = terms;
  Reports reports;
  exchange_.submit(request, now, reports);
  std::erase_if(reports, [](const Report& r) { return r.exec_type == ExecType::created || r.exec_type == ExecType::rejected; });
  tell(reports, now);
}

void Desk::count_order(Time now) {
  ++orders_;
  const std::string asking = asking_;
  const Time answered = answered_;
  for (std::size_t i = 0; i < options_.scenario.size(); ++i) {
    const Trouble& trouble = options_.scenario[i];
    const bool chosen = static_cast<std::int64_t>(random_.below(Rate::kOne)) < trouble.chance.raw();
    if (trouble.after_orders == orders_ || chosen) perform(trouble, now);
  }
  asking_ = asking;
  answered_ = answered;
}

void Desk::scenario_tick(Time now) {
  for (std::size_t i = 0; i < options_.scenario.size(); ++i) {
    const Trouble& trouble = options_.scenario[i];
    if (done_[i] || trouble.at == Duration{} || now < *began_ + trouble.at) continue;
    done_[i] = true;
    perform(trouble, now);
  }
}

}  // namespace holdfast::venue
