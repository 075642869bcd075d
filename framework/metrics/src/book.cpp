#include "book.hpp"

#include <algorithm>

#include "families.hpp"

namespace holdfast::metrics {

namespace {

using prometheus::ClientMetric;

constexpr std::size_t kLabelBytes = 64;

/// Bytes of the character that begins `text`; 0 when it is not UTF-8.
std::size_t character(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  const std::size_t size = byte < 0x80 ? 1 : byte >= 0xC2 && byte < 0xE0 ? 2 : byte >= 0xE0 && byte < 0xF0 ? 3 : byte >= 0xF0 && byte < 0xF5 ? 4 : 0;
  if (size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  // Surrogates, what is longer than it need be, and what lies beyond the last character.
  const auto second = size > 1 ? static_cast<unsigned char>(text[1]) : 0;
  const bool wrong = (byte == 0xE0 && second < 0xA0) || (byte == 0xED && second >= 0xA0) ||
                     (byte == 0xF0 && second < 0x90) || (byte == 0xF4 && second >= 0x90);
  return wrong ? 0 : size;
}

}  // namespace

std::string label_value(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = character(text);
    if (out.size() + std::max<std::size_t>(size, 1) > kLabelBytes) break;
    const auto byte = static_cast<unsigned char>(text.front());
    if (size == 0 || byte < 0x20 || byte == 0x7F) out += '?';
    else out += text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

ClientMetric& Book::series(std::string_view name, const std::vector<std::string>& labels) {
  const Family& known = family(name);
  auto& all = book_[known.name];
  std::vector<std::string> values;
  for (const auto& label : labels) values.push_back(label_value(label));
  const auto found = all.find(values);
  if (found != all.end()) return found->second;
  if (all.size() >= known.budget) {
    ++overflowed_;
    values.assign(labels.size(), "other");
  }
  const auto [at, fresh] = all.try_emplace(values);
  if (!fresh) return at->second;
  for (const auto& [key, value] : constant_) at->second.label.push_back({key, value});
  for (std::size_t i = 0; i < values.size(); ++i) at->second.label.push_back({known.labels[i], values[i]});
  return at->second;
}

void Book::add(std::string_view name, const std::vector<std::string>& labels, double value) {
  ClientMetric& metric = series(name, labels);
  if (family(name).type == prometheus::MetricType::Counter) metric.counter.value += value;
  else metric.gauge.value += value;
}

void Book::add(std::string_view name, const std::vector<std::string>& labels, const Durations::Counts& counts) {
  auto& histogram = series(name, labels).histogram;
  histogram.bucket.resize(Durations::kBounds.size());
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < counts.buckets.size(); ++i) {
    below += counts.buckets[i];
    if (i == Durations::kBounds.size()) break;
    histogram.bucket[i].upper_bound = std::chrono::duration<double>{Durations::kBounds[i]}.count();
    histogram.bucket[i].cumulative_count += below;
  }
  histogram.sample_count += below;
  histogram.sample_sum += std::chrono::duration<double>{counts.sum}.count();
}

std::vector<prometheus::MetricFamily> Book::take() {
  std::vector<prometheus::MetricFamily> out;
  for (const auto& known : families()) {
    const auto found = book_.find(known.name);
    if (found == book_.end()) continue;
    prometheus::MetricFamily family{known.name, known.help, known.type, {}};
    for (auto& [labels, metric] : found->second) family.metric.push_back(std::move(metric));
    out.push_back(std::move(family));
  }
  book_.clear();
  return out;
}

}  // namespace holdfast::metrics
