#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <holdfast/sdk/ids.hpp>
#include <holdfast/sdk/money.hpp>
#include <holdfast/sdk/time.hpp>

namespace holdfast {

/// Thrown while loading bytes that do not hold the state asked for.
struct StateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Writes state to bytes or reads it back, in the order the fields are named. One `state()`
/// serves snapshot, restore and digest, so what it forgets is forgotten everywhere at once.
///
/// Takes numbers, enums, money, times, ids, strings, std::vector/deque/map/set/array/optional/pair
/// and anything with `void state(Archive&)`. Hash containers and pointers are left out on purpose:
/// their order depends on addresses, so the same state would have two digests.
class Archive {
 public:
  /// Saves into a buffer of its own.
  Archive() = default;
  /// Loads from `bytes`, which must outlive the archive; `version` is what wrote them.
  Archive(std::span<const std::byte> bytes, int version) : in_{bytes}, loading_{true}, version_{version} {}

  template <class... T>
  void operator()(T&... fields) { (field(fields), ...); }

  bool loading() const { return loading_; }
  /// While loading, the state version of the writer; a state() that changed can branch on it.
  int version() const { return version_; }
  const std::vector<std::byte>& bytes() const { return out_; }
  std::vector<std::byte> take() { return std::move(out_); }
  bool at_end() const { return in_.empty(); }

 private:
  template <class T>
  static constexpr bool is_value = std::is_arithmetic_v<T> || std::is_enum_v<T> ||
      std::is_same_v<T, Time> || std::is_same_v<T, Duration> || std::is_same_v<T, InstrumentId> ||
      std::is_same_v<T, ActorId> || std::is_same_v<T, ClOrdId>;
  template <class T>
  static constexpr bool is_fixed = requires(T t) { T::from_raw(t.raw()); };

  template <class T>
  void field(T& x) {
    if constexpr (requires { x.state(*this); }) x.state(*this);
    else if constexpr (std::is_same_v<T, bool>) flag(x);
    else if constexpr (is_value<T> || is_fixed<T>) raw(&x, sizeof x);
    else container(x);
  }
  template <class T, std::size_t N>
  void container(std::array<T, N>& xs) { for (auto& x : xs) field(x); }
  template <class A, class B>
  void container(std::pair<A, B>& p) { field(p.first); field(p.second); }
  template <class T>
  void container(std::optional<T>& x) {
    bool has = x.has_value();
    field(has);
    if (!has) { x.reset(); return; }
    if (loading_) x.emplace();
    field(*x);
  }
  void container(std::string& s) {
    std::uint64_t n = count(s.size());
    if (loading_) s.resize(n);
    raw(s.data(), n);
  }
  template <class T> void container(std::vector<T>& xs) { sequence(xs); }
  template <class T> void container(std::deque<T>& xs) { sequence(xs); }
  template <class T>
  void sequence(T& xs) {
    const std::uint64_t n = count(xs.size());
    if (loading_) { xs.clear(); for (std::uint64_t i = 0; i < n; ++i) field(xs.emplace_back()); }
    else for (auto& x : xs) field(x);
  }
  template <class K, class V, class C>
  void container(std::map<K, V, C>& m) {
    const std::uint64_t n = count(m.size());
    if (!loading_) { for (auto& [k, v] : m) { K key = k; field(key); field(v); } return; }
    m.clear();
    for (std::uint64_t i = 0; i < n; ++i) { K key{}; field(key); field(m[key]); }
  }
  template <class K, class C>
  void container(std::set<K, C>& s) {
    const std::uint64_t n = count(s.size());
    if (!loading_) { for (K key : s) field(key); return; }
    s.clear();
    for (std::uint64_t i = 0; i < n; ++i) { K key{}; field(key); s.insert(key); }
  }
  /// A length, never more than the bytes that are left could hold.
  std::uint64_t count(std::uint64_t n) {
    raw(&n, sizeof n);
    if (loading_ && n > in_.size()) throw StateError{"a length in the state exceeds its bytes"};
    return n;
  }
  void raw(void* data, std::size_t n);
  void flag(bool& x);

  std::vector<std::byte> out_;
  std::span<const std::byte> in_;
  bool loading_ = false;
  int version_ = 1;
};

}  // namespace holdfast
