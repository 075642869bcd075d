#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <holdfast/sdk/schema.hpp>
#include <limits>
#include <optional>

namespace holdfast {

namespace {

std::string kind_name(const Setting& s) {
  switch (s.kind) {
    case Setting::Kind::missing: return "nothing";
    case Setting::Kind::scalar: return "'" + s.text + "'";
    case Setting::Kind::list: return "a list";
    case Setting::Kind::map: return "a map";
  }
  return "nothing";
}

bool refuse(const Setting& s, Problems& problems, std::string what, std::string mend) {
  problems.push_back({s.where, std::move(what), std::move(mend)});
  return false;
}

/// True when `s` is a single value; otherwise says what was wanted instead.
bool is_scalar(const Setting& s, Problems& problems, const std::string& wanted, const std::string& mend) {
  if (s.kind == Setting::Kind::scalar) return true;
  return refuse(s, problems, "expected " + wanted + ", got " + kind_name(s), mend);
}

bool is_plain_scalar(const Setting& s, Problems& problems, const std::string& wanted,
                     const std::string& mend) {
  if (!is_scalar(s, problems, wanted, mend)) return false;
  if (!s.quoted) return true;
  return refuse(s, problems, "expected " + wanted + ", got the text \"" + s.text + "\"",
                "leave out the quotes");
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
  return text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
}

/// Some readers take 010 for eight: it must not be written. True when it was, and reported.
bool refuse_leading_zeros(const Setting& s, Problems& problems) {
  const std::string_view digits = without_sign(s.text);
  if (digits.size() < 2 || digits[0] != '0' || digits[1] < '0' || digits[1] > '9') return false;
  std::string_view rest = digits;
  while (rest.size() > 1 && rest[0] == '0' && rest[1] >= '0' && rest[1] <= '9') rest.remove_prefix(1);
  refuse(s, problems, "'" + s.text + "' has leading zeros",
         "write " + std::string{s.text.starts_with('-') ? "-" : ""} + std::string{rest});
  return true;
}

/// How a number that a person grouped, such as 1_000 or 1,000, is written; empty for other text.
std::string ungrouped(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c != '_' && c != ',') plain += c;
  return plain.size() != text.size() && all_digits(without_sign(plain)) ? "write " + plain : "";
}

template <class Number>
bool read_whole(const Setting& s, Problems& problems, Number& out) {
  if (!is_plain_scalar(s, problems, "a whole number", "write digits only, such as 20")) return false;
  const std::string_view digits = without_sign(s.text);
  if (!all_digits(digits)) {
    const std::string mend = ungrouped(s.text);
    return refuse(s, problems, "expected a whole number, got '" + s.text + "'",
                  mend.empty() ? "write digits only, such as 20" : mend);
  }
  if (refuse_leading_zeros(s, problems)) return false;
  if (std::is_unsigned_v<Number> && s.text[0] == '-')
    return refuse(s, problems, "'" + s.text + "' is negative", "write zero or more");
  const std::string_view text = s.text[0] == '+' ? digits : std::string_view{s.text};
  Number value{};
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{})
    return refuse(s, problems, "'" + s.text + "' is too large",
                  "between " + std::to_string(std::numeric_limits<Number>::min()) + " and " +
                      std::to_string(std::numeric_limits<Number>::max()));
  out = value;
  return true;
}

/// Why `text`, which Fixed::parse refused, is not an amount.
Problem amount_problem(const Setting& s, const std::string& wanted) {
  const std::string_view number = without_sign(s.text);
  const std::size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? "0" : number.substr(point + 1);
  if (!all_digits(whole) || !all_digits(decimals)) {
    const std::string mend = ungrouped(s.text);
    return {s.where, "expected " + wanted + ", got '" + s.text + "'",
            mend.empty() ? "write a plain decimal, such as 0.25" : mend};
  }
  if (decimals.size() > 8 && decimals.find_first_not_of('0', 8) != std::string_view::npos)
    return {s.where, "'" + s.text + "' has more than eight decimals", "round it to eight"};
  return {s.where, "'" + s.text + "' is too large", "between -92233720368.54775808 and 92233720368.54775807"};
}

/// Quotes are allowed here: people write them to keep other tools from rounding the number.
template <class Amount>
bool read_amount(const Setting& s, Problems& problems, Amount& out, const std::string& wanted) {
  if (!is_scalar(s, problems, wanted, "write a plain decimal, such as 0.25")) return false;
  if (refuse_leading_zeros(s, problems)) return false;
  const auto amount = Amount::parse(s.text);
  if (!amount) {
    problems.push_back(amount_problem(s, wanted));
    return false;
  }
  out = *amount;
  return true;
}

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr std::array<Unit, 7> kUnits{{{"d", 86'400'000'000'000},
                                      {"h", 3'600'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"s", 1'000'000'000},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}}};
constexpr const char* kUnitNames = "ns, us, ms, s, m, h or d";

}  // namespace

namespace detail {

std::string print_double(double value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string print_duration(Duration value) {
  if (value.count() == 0) return "0s";
  for (const auto& unit : kUnits)
    if (value.count() % unit.ns == 0) return std::to_string(value.count() / unit.ns) + std::string{unit.name};
  return "";
}

std::string duration_pattern() {
  std::string units;
  for (const auto& unit : kUnits) units += (units.empty() ? "" : "|") + std::string{unit.name};
  return "^[0-9]+(" + units + ")$";
}

void narrow(FieldDoc& doc, const std::string& words, std::vector<std::string> choices, const std::string& low,
            const std::string& high, bool above_low) {
  doc.limits += (doc.limits.empty() ? "" : ", ") + words;
  if (!choices.empty()) doc.choices = std::move(choices);
  if (!low.empty()) {
    doc.low = low;
    doc.above_low = above_low;
  }
  if (!high.empty()) doc.high = high;
}

}  // namespace detail

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, bool& out) {
  if (!is_plain_scalar(s, problems, "true or false", "write true or false")) return false;
  if (s.text != "true" && s.text != "false") {
    static constexpr std::array<std::string_view, 6> kYes{"true", "yes", "on", "y", "t", "1"};
    static constexpr std::array<std::string_view, 6> kNo{"false", "no", "off", "n", "f", "0"};
    const std::string word = lower(s.text);
    std::string mend = "write true or false";
    if (std::find(kYes.begin(), kYes.end(), word) != kYes.end()) mend += "; here true";
    if (std::find(kNo.begin(), kNo.end(), word) != kNo.end()) mend += "; here false";
    return refuse(s, problems, "expected true or false, got '" + s.text + "'", mend);
  }
  out = s.text == "true";
  return true;
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, std::int64_t& out) {
  return read_whole(s, problems, out);
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, int& out) {
  return read_whole(s, problems, out);
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, std::uint64_t& out) {
  return read_whole(s, problems, out);
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, double& out) {
  static const std::string kMend = "write a number, such as 1.5";
  if (!is_plain_scalar(s, problems, "a number", kMend)) return false;
  if (refuse_leading_zeros(s, problems)) return false;
  const std::string_view text = s.text.starts_with('+') ? without_sign(s.text) : std::string_view{s.text};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range)
    return refuse(s, problems, "'" + s.text + "' is out of range", "write a number a double can hold");
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    const std::string mend = ungrouped(s.text);
    return refuse(s, problems, "expected a number, got '" + s.text + "'", mend.empty() ? kMend : mend);
  }
  out = value;
  return true;
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, std::string& out) {
  if (!is_scalar(s, problems, "text", "write one value")) return false;
  out = s.text;
  return true;
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, Price& out) {
  return read_amount(s, problems, out, "a price");
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, Quantity& out) {
  return read_amount(s, problems, out, "a quantity");
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, Money& out) {
  return read_amount(s, problems, out, "an amount of money");
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, Rate& out) {
  return read_amount(s, problems, out, "a rate");
}

bool read_setting(const Setting& s, const PluginContext&, Problems& problems, Duration& out) {
  const std::string wanted = "a duration";
  if (!is_scalar(s, problems, wanted, "write a whole number and a unit, such as 250ms")) return false;
  const std::string_view text = s.text;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0)
    return refuse(s, problems, "expected " + wanted + ", got '" + s.text + "'",
                  "write a whole number and a unit, such as 250ms");
  if (refuse_leading_zeros(s, problems)) return false;
  const std::string_view name = text.substr(digits);
  if (name.empty())
    return refuse(s, problems, "'" + s.text + "' has no unit",
                  "write " + s.text + "s, or another unit: " + kUnitNames);
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == name; });
  if (unit == kUnits.end())
    return refuse(s, problems,
                  name.starts_with('.') ? "'" + s.text + "' is not a whole number of units"
                                        : "'" + std::string{name} + "' is no unit of time",
                  name.starts_with('.') ? "take a smaller unit, such as 1500ms for 1.5s"
                                        : std::string{"units are "} + kUnitNames);
  std::int64_t count = 0;
  const auto error = std::from_chars(text.data(), text.data() + digits, count).ec;
  if (error != std::errc{} || count > std::numeric_limits<std::int64_t>::max() / unit->ns)
    return refuse(s, problems, "'" + s.text + "' is too long", "at most 106751d");
  out = Duration{count * unit->ns};
  return true;
}

bool read_setting(const Setting& s, const PluginContext& context, Problems& problems, InstrumentId& out) {
  if (!is_scalar(s, problems, "the symbol of an instrument", "write one symbol")) return false;
  std::vector<std::string> symbols;
  if (context.instruments != nullptr) {
    if (const Instrument* known = context.instruments->find(s.text); known != nullptr) {
      context.used->insert(known->id);
      out = known->id;
      return true;
    }
    for (const auto& [id, instrument] : context.instruments->all()) symbols.push_back(instrument.symbol);
  }
  const std::string near = nearest(s.text, symbols);
  std::string mend = "add it to the instruments of the system";
  if (!near.empty()) mend = "did you mean '" + near + "'?";
  return refuse(s, problems, "unknown instrument '" + s.text + "'", mend);
}

bool read_setting(const Setting& s, const PluginContext& context, Problems& problems, Secret& out) {
  const Setting* named = s.find("secret");
  if (s.kind != Setting::Kind::map || s.fields.size() != 1 || named == nullptr ||
      named->kind != Setting::Kind::scalar) {
    // Who shows a problem also shows the line it is in, and who wrote it on a command line reads it
    // in the place: without a column, and up to the `=`, neither can repeat what was meant to be hidden.
    const bool in_file = s.where.line > 0;
    const Where where{in_file ? s.where.file : s.where.file.substr(0, s.where.file.find('=')), s.where.line, 0};
    problems.push_back({where, "a secret is named here, never written", "write {secret: name}"});
    return false;
  }
  Problem why_not{named->where, "no secret can be named here", "this host hands none in"};
  auto found = context.secrets ? context.secrets(named->text, why_not) : std::nullopt;
  if (!found) {
    problems.push_back({named->where, why_not.what, why_not.mend});
    return false;
  }
  out = std::move(*found);
  return true;
}

bool read_slot(const Setting& s, const PluginContext& context, Problems& problems, std::string_view kind,
               std::shared_ptr<void>& out) {
  const std::string wanted = "a " + std::string{kind} + " plugin";
  const std::string mend = "write {plugin: name, and its settings}";
  if (s.kind != Setting::Kind::map)
    return refuse(s, problems, "expected " + wanted + ", got " + kind_name(s), mend);
  const Setting* named = s.find("plugin");
  if (named == nullptr) return refuse(s, problems, wanted + " is not named", mend);
  if (named->kind != Setting::Kind::scalar || named->text.empty())
    return refuse(*named, problems, "expected the name of " + wanted + ", got " + kind_name(*named), mend);
  if (context.plugins == nullptr) return refuse(*named, problems, "no plugin can be named here", "");
  Setting rest = s;
  rest.where = named->where;  // What is wrong with the whole is wrong with the plugin named there.
  rest.fields.clear();
  rest.keys.clear();
  for (std::size_t i = 0; i < s.fields.size(); ++i) {
    if (s.fields[i].first == "plugin") continue;
    rest.fields.push_back(s.fields[i]);
    rest.keys.push_back(i < s.keys.size() ? s.keys[i] : s.fields[i].second.where);
  }
  const auto before = problems.size();
  out = context.plugins->make(kind, named->text, rest, context, problems);
  if (out == nullptr && problems.size() == before)
    return refuse(*named, problems,
                  "the " + std::string{kind} + " plugin '" + named->text + "' cannot be made", "");
  return out != nullptr && problems.size() == before;
}

Limit<std::string> one_of(std::vector<std::string> choices) {
  std::string words = "one of ";
  for (std::size_t i = 0; i < choices.size(); ++i) words += (i == 0 ? "" : ", ") + choices[i];
  const auto holds = [choices](const std::string& x) {
    return std::find(choices.begin(), choices.end(), x) != choices.end();
  };
  const auto mend = [choices](const std::string& x) {
    const std::string near = nearest(x, choices);
    return near.empty() ? "" : "did you mean '" + near + "'?";
  };
  return {std::move(words), holds, mend, choices};
}

void refuse_unknown(const Setting& settings, const std::vector<std::string>& known, Problems& problems) {
  if (settings.kind == Setting::Kind::missing) return;
  if (settings.kind != Setting::Kind::map) {
    refuse(settings, problems, "expected settings, got " + kind_name(settings),
           "write one `name: value` per line");
    return;
  }
  for (std::size_t i = 0; i < settings.fields.size(); ++i) {
    const auto& [name, value] = settings.fields[i];
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = nearest(name, known);
    std::string mend = known.empty() ? "there are no settings here" : "settings are ";
    if (!near.empty()) mend = "did you mean '" + near + "'?";
    else
      for (std::size_t k = 0; k < known.size(); ++k) mend += (k == 0 ? "" : ", ") + known[k];
    problems.push_back(
        {i < settings.keys.size() ? settings.keys[i] : value.where, "unknown setting '" + name + "'", mend});
  }
}

}  // namespace holdfast
