#pragma once

#include <unordered_map>
#include <vector>

#include "naive_book.hpp"

namespace holdfast::test {

/// Both books, fed the same; what they say is compared after each operation.
class BookPair {
 public:
  void submit(const venue::NewOrder& order) {
    book_.submit(order, said_);
    naive_.submit(order, expected_);
  }
  void cancel(std::size_t nth) {
    book_.cancel(ids_[nth], said_);
    naive_.cancel(nth + 1, expected_);
  }
  void replace(std::size_t nth, Price price, Quantity quantity) {
    book_.replace(ids_[nth], price, quantity, said_);
    naive_.replace(nth + 1, price, quantity, expected_);
  }
  void cancel_all(venue::Account account) {
    book_.cancel_all(account, said_);
    naive_.cancel_all(account, expected_);
  }
  void expire(Time now, bool session_ends) {
    book_.expire(now, session_ends, said_);
    naive_.expire(now, session_ends, expected_);
  }
  /// Orders accepted so far.
  std::size_t accepted() const { return ids_.size(); }
  std::size_t size() const { return naive_.size(); }

  /// Whether both said the same since the last call.
  bool agree() {
    bool same = said_.size() == expected_.size();
    for (std::size_t i = 0; same && i < said_.size(); ++i) {
      venue::BookEvent event = said_[i];
      if (event.kind == venue::BookEvent::Kind::accepted) {
        ids_.push_back(event.order);
        numbers_[event.order] = ids_.size();
      }
      if (event.order != 0) event.order = number(event.order);
      if (event.maker != 0) event.maker = number(event.maker);
      same = event == expected_[i];
      ++counts[static_cast<std::size_t>(event.kind)];
    }
    said_.clear();
    last_.swap(expected_);
    expected_.clear();
    return same && book_.size() == naive_.size();
  }
  bool same_levels() const {
    for (const Side side : {Side::buy, Side::sell}) {
      const auto expected = naive_.levels(side);
      for (std::size_t i = 0; i <= expected.size(); ++i) {
        const auto level = book_.level(side, i);
        if (level.has_value() != (i < expected.size()) || (level && *level != expected[i])) return false;
      }
    }
    return true;
  }

  /// What was said before the last agree(); orders are numbered from 1, as they were accepted.
  const NaiveBook::Events& last() const { return last_; }
  const venue::Book& book() const { return book_; }

  /// Of the book's events, by kind.
  std::uint64_t counts[6] = {};

 private:
  venue::OrderId number(venue::OrderId id) const {
    const auto at = numbers_.find(id);
    return at == numbers_.end() ? 0 : at->second;
  }
  venue::Book book_;
  NaiveBook naive_;
  NaiveBook::Events said_, expected_, last_;
  std::vector<venue::OrderId> ids_;
  std::unordered_map<venue::OrderId, venue::OrderId> numbers_;
};

}  // namespace holdfast::test
