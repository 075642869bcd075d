#include "balances.hpp"

#include <cstring>

namespace holdfast {

namespace {

/// Position::fill aborts on amounts that no ledger can hold; what comes from a journal that may be
/// forged is checked first. Half the range each, so that every sum fits.
bool small(detail::Wide amount) { return amount < INT64_MAX / 4 && amount > -(INT64_MAX / 4); }
bool small(const Position& p) {
  return small(p.quantity().raw()) && small(p.cost().raw()) && small(p.realized().raw()) && small(p.fees().raw()) &&
         small(p.cash().raw());
}

template <class Trade>
bool bookable(const Position& position, const Trade& fill) {
  using detail::Wide;
  const bool side = fill.side == Side::buy || fill.side == Side::sell;
  if (!side || fill.last_qty <= Quantity{}) return false;
  const Wide value = static_cast<Wide>(fill.last_px.raw()) * fill.last_qty.raw() / Price::kOne;
  return small(value) && small(fill.last_qty.raw()) && small(fill.fee.raw()) && small(position);
}

}  // namespace

void Balances::hear(const Event& event) {
  if (event.type() == EventType::order_filled) ++fills_;
  if (lost_) return;
  if (event.type() == EventType::order_filled) {
    const auto& fill = event.as<OrderFilled>();
    traded(event.seq(), fill, fill.side, fill.fee, false);
  } else if (event.type() == EventType::fill_busted) {
    const auto& bust = event.as<FillBusted>();
    // Without an order it is of a fill that was never booked.
    if (bust.cl_ord_id.value != 0) traded(event.seq(), bust, opposite(bust.side), -bust.fee, true);
  }
  if (event.type() == EventType::fill_booked) booked(event);
  if (owners_.hear(event)) handed_over(event.seq(), event.as<StrategyRemoved>());
  if (event.type() == EventType::share_booked) share_booked(event);
}

void Balances::mismatch(const Book& book, std::uint64_t seq, const std::string& what) {
  if (reported_.insert(book).second) findings_.add("balance_mismatch", seq, what);
}

template <class Trade>
void Balances::traded(std::uint64_t seq, const Trade& fill, Side side, Money fee, bool busted) {
  const Book book{owners_.of(fill.cl_ord_id), fill.instrument};
  auto& position = positions_[book];
  if (!bookable(position, fill)) {
    mismatch(book, seq, "a fill has amounts no ledger can hold");
    return;
  }
  const auto effect = position.fill(side, fill.last_px, fill.last_qty, fee);
  Open open{seq, book, {}};
  open.expected.position = position.quantity();
  open.expected.cash = effect.cash;
  open.expected.realized = effect.realized;
  open.expected.fee = fee;
  if (!open_.emplace(FillKey{fill.cl_ord_id, fill.exec_id, busted}, open).second)
    mismatch(book, seq, "execution " + std::to_string(fill.exec_id) + " is reported twice");
}

/// The ledger answers at its own pace: what it must write is what the fills up to here give.
void Balances::handed_over(std::uint64_t seq, const StrategyRemoved& removed) {
  for (auto& [book, position] : positions_) {
    if (book.first != removed.strategy || position.quantity().is_zero()) continue;
    ShareBooked expected{removed.strategy, removed.heir, book.second, position.quantity(), position.cost(), {}, {}};
    Position& heir = positions_[{removed.heir, book.second}];
    if (!small(heir) || !small(position)) return mismatch(book, seq, "a share has amounts no ledger can hold");
    expected.realized = heir.take_over(position);
    expected.position = heir.quantity();
    shares_[book] = expected;
  }
}

void Balances::share_booked(const Event& event) {
  const auto& posting = event.as<ShareBooked>();
  const Book book{posting.from, posting.instrument};
  const auto expected = shares_.find(book);
  if (expected == shares_.end() || std::memcmp(&expected->second, &posting, sizeof posting) != 0)
    mismatch(book, event.seq(), "the share that is booked as handed over is not what the fills give");
  if (expected != shares_.end()) shares_.erase(expected);
}

void Balances::booked(const Event& event) {
  const auto& posting = event.as<FillBooked>();
  const Book book{owners_.of(posting.cl_ord_id), posting.instrument};
  const auto at = open_.find({posting.cl_ord_id, posting.exec_id, posting.busted != 0});
  if (at == open_.end() || at->second.book.second != book.second) {
    mismatch(book, event.seq(),
             "execution " + std::to_string(posting.exec_id) +
                 " is booked, but was never filled or is booked already");
    return;
  }
  const Open open = at->second;
  open_.erase(at);
  last_answered_ = std::max(last_answered_, open.seq);
  const auto compare = [&](const char* name, auto is, auto should) {
    if (is != should)
      mismatch(book, event.seq(),
               std::string{name} + " is booked as " + is.str() + ", the fills give " + should.str());
  };
  compare("the position", posting.position, open.expected.position);
  compare("cash", posting.cash, open.expected.cash);
  compare("the realised profit", posting.realized, open.expected.realized);
  compare("the fee", posting.fee, open.expected.fee);
}

void Balances::finish() {
  if (lost_) return;
  // The ledger answers in order: only what came after the last fill it answered may be open.
  for (const auto& [key, open] : open_)
    if (open.seq < last_answered_)
      mismatch(open.book, open.seq, "execution " + std::to_string(std::get<1>(key)) + " was never booked");
}

}  // namespace holdfast
