#include <algorithm>
#include <cstdio>
#include <holdfast/testkit/golden_tape.hpp>
#include <holdfast/testkit/strategy_bench.hpp>
#include <sstream>
#include <stdexcept>

namespace holdfast::testkit {

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream in{line};
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

bool is_remark(const std::vector<std::string>& words) { return words.empty() || words[0][0] == '#'; }
bool is_answer(const std::vector<std::string>& words) { return words.size() > 1 && words[1] == "->"; }

/// Tells one tick; false when the words are none.
bool tell(StrategyBench& bench, const std::vector<std::string>& symbols, const std::vector<std::string>& w, Time start) {
  const auto seconds = w.empty() ? std::nullopt : Price::parse(w[0]);
  const auto known = w.size() > 2 ? std::find(symbols.begin(), symbols.end(), w[2]) : symbols.end();
  if (!seconds || known == symbols.end()) return false;
  const InstrumentId id{static_cast<std::uint32_t>(known - symbols.begin()) + 1};
  const Time at = start + Duration{seconds->raw() * 10};
  if (at < bench.bench().now()) return false;
  bench.bench().advance_to(at);
  if (w[1] == "quote" && w.size() == 8 && w[5] == "/" && Price::parse(w[3]) && Quantity::parse(w[4]) && Price::parse(w[6]) && Quantity::parse(w[7]))
    bench.quote(w[3].c_str(), w[4].c_str(), w[6].c_str(), w[7].c_str(), id);
  else if (w[1] == "trade" && w.size() == 5 && Price::parse(w[3]) && Quantity::parse(w[4]))
    bench.trade(w[3].c_str(), w[4].c_str(), id);
  else return false;
  bench.grant();
  return true;
}

}  // namespace

std::string play_tape(const Subject& subject, const std::string& tape) {
  StrategyBench bench{subject};
  const Time start = bench.bench().now();
  std::string out;
  std::size_t told = 0, number = 0;
  for (const auto& line : lines_of(tape)) {
    ++number;
    const auto words = words_of(line);
    if (is_answer(words)) continue;
    out += line + "\n";
    if (is_remark(words)) continue;
    if (!tell(bench, subject.symbols, words, start))
      throw std::runtime_error{"line " + std::to_string(number) + " of the tape is no tick: " + line +
                               " (write `1.5 quote SYMBOL bid size / ask size` or `1.5 trade SYMBOL price quantity`, in order of time)"};
    const auto asked = bench.asked();
    for (; told < asked.size(); ++told) out += words[0] + " -> " + asked[told] + "\n";
  }
  return out;
}

std::string tape_difference(const Subject& subject, const std::string& tape) {
  const auto recorded = lines_of(tape), played = lines_of(play_tape(subject, tape));
  for (std::size_t i = 0; i < std::max(recorded.size(), played.size()); ++i) {
    const std::string was = i < recorded.size() ? recorded[i] : "the end", is = i < played.size() ? played[i] : "the end";
    if (was != is) return "line " + std::to_string(i + 1) + " of the tape is '" + was + "', and now '" + is + "'";
  }
  return "";
}

}  // namespace holdfast::testkit
