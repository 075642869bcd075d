#include "names.hpp"

#include <charconv>

namespace holdfast::fix_broker {

namespace {

/// As std::to_string writes it: no sign, no zeros in front.
std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return text.size() > 1 && text.front() == '0' ? std::nullopt : std::optional{value};
}

}  // namespace

std::string Names::order(ClOrdId id, std::uint64_t revision) const {
  const std::string name = start_ + std::to_string(id.owner().value) + "-" + std::to_string(id.counter());
  return revision == 0 ? name : name + "r" + std::to_string(revision);
}

std::string Names::cancel(ClOrdId id, std::uint64_t request) const { return order(id, 0) + "c" + std::to_string(request); }

std::optional<OwnName> Names::parse(std::string_view text) const {
  if (!text.starts_with(start_)) return std::nullopt;
  text.remove_prefix(start_.size());
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto mark = text.find_first_of("rc", dash);
  const auto owner = decimal(text.substr(0, dash));
  const auto counter = decimal(text.substr(dash + 1, mark == std::string_view::npos ? mark : mark - dash - 1));
  if (!owner || !counter || *owner > UINT16_MAX || *counter >> 48 != 0) return std::nullopt;
  OwnName own{ClOrdId::make({static_cast<std::uint16_t>(*owner)}, *counter), 0, {}};
  if (mark == std::string_view::npos) return own;
  const auto number = decimal(text.substr(mark + 1));
  if (!number || (text[mark] == 'r' && *number == 0)) return std::nullopt;
  if (text[mark] == 'r') own.revision = *number;
  else own.request = *number;
  return own;
}

std::uint64_t number_of(std::string_view text) {
  if (text.empty() || text == "NONE") return 0;
  if (const auto number = decimal(text)) return *number;
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash | std::uint64_t{1} << 63;
}

}  // namespace holdfast::fix_broker
