#include "event_text.hpp"

#include "output.hpp"

namespace holdfast::cli {

std::string event_line(const Event& event, const SystemRecord& record) {
  std::string line = std::to_string(event.seq()) + "  " + event.time().str() + "  " +
                     printable(record.actor_name(event.author())) + "  " + std::string{to_string(event.type())};
  if (event.header().origin != 0)
    line += (event.spontaneous() ? "  at " : "  <- ") + std::to_string(event.header().origin);
  line += " ";
  for (const auto& [name, value] : fields_of(event, record)) line += " " + name + "=" + printable(value);
  const auto tail = tail_of(event);
  return tail.empty() ? line : line + "  '" + printable(tail) + "'";
}

}  // namespace holdfast::cli
