#include <holdfast/sdk/ensure.hpp>
#include <holdfast/sdk/instrument.hpp>

namespace holdfast {

void Instruments::add(Instrument instrument) {
  HOLDFAST_ENSURE(find(instrument.symbol) == nullptr, "two instruments have the same symbol");
  const std::uint32_t id = instrument.id.value;
  const bool fresh = by_id_.emplace(id, std::move(instrument)).second;
  HOLDFAST_ENSURE(fresh, "two instruments have the same id");
}

const Instrument* Instruments::find(InstrumentId id) const {
  const auto found = by_id_.find(id.value);
  return found == by_id_.end() ? nullptr : &found->second;
}

const Instrument* Instruments::find(std::string_view symbol) const {
  for (const auto& [id, instrument] : by_id_)
    if (instrument.symbol == symbol) return &instrument;
  return nullptr;
}

}  // namespace holdfast
