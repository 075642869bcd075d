// holdfast journal verify | replay | show
#include <deque>
#include <memory>
#include <set>

#include <holdfast/journal/verify.hpp>
#include <holdfast/runtime/replay.hpp>
#include <holdfast/runtime/stopped.hpp>

#include "event_text.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

namespace {

struct JournalOptions {
  std::string data_dir, anchors, order;
  std::uint64_t until = UINT64_MAX, seq = 0, tail = 0;
  bool json = false;
};

const char* verdict_word(VerifyReport::Verdict verdict) {
  switch (verdict) {
    case VerifyReport::Verdict::intact: return "intact";
    case VerifyReport::Verdict::tampered: return "tampered";
    case VerifyReport::Verdict::unreadable: return "unreadable";
    case VerifyReport::Verdict::unanchored: return "unanchored";
  }
  return "unreadable";
}

Json verify_json(const VerifyReport& r) {
  Json breaks = Json::array();
  for (const auto& b : r.breaks) breaks.push_back({{"kind", b.kind}, {"seq", b.seq}, {"what", b.what}});
  return {{"schema", "holdfast.verify/1"}, {"verdict", verdict_word(r.verdict)}, {"breaks", breaks},
          {"frames", r.frames}, {"events", r.events}, {"snapshots", r.snapshots}, {"fills", r.fills},
          {"anchors", r.anchors}, {"head_seq", r.head_seq}, {"head_hash", hex(r.head_hash)},
          {"pruned_below", r.pruned_below}, {"unreadable", r.unreadable}};
}

std::string verify_text(const VerifyReport& r) {
  using Verdict = VerifyReport::Verdict;
  if (r.verdict == Verdict::unreadable) return "UNREADABLE: " + printable(r.unreadable);
  std::string out;
  for (const auto& b : r.breaks) out += "event " + std::to_string(b.seq) + ": " + b.kind + ": " + printable(b.what) + "\n";
  out += r.verdict == Verdict::tampered ? "TAMPERED: " + std::to_string(r.breaks.size()) + " breaks in "
         : r.verdict == Verdict::intact ? "INTACT: "
                                        : "INTACT BUT UNANCHORED (nothing outside the store vouches for it): ";
  out += grouped(r.events) + " events in " + grouped(r.frames) + " frames, " + grouped(r.snapshots) + " snapshots, " +
         grouped(r.fills) + " fills booked, " + grouped(r.anchors) + " anchors\n";
  return out + "head " + std::to_string(r.head_seq) + "  " + hex(r.head_hash);
}

/// Crashes cannot look like a verdict: whatever is thrown becomes "unreadable".
int verify(const JournalOptions& options) {
  VerifyReport report;
  try {
    report = verify_journal(options.data_dir, options.anchors,
                            [](double fraction) { console().progress(fraction, "verified"); });
  } catch (const std::exception& error) {
    report.verdict = VerifyReport::Verdict::unreadable;
    report.unreadable = error.what();
  }
  console().clear();
  print(options.json ? dump(verify_json(report)) : verify_text(report));
  return static_cast<int>(report.verdict);
}

int replay(const JournalOptions& options) {
  const auto plan = newest_plan(*open_for_reading(options.data_dir));
  PluginHost plugins{plugin_folders(plan ? &*plan : nullptr)};
  const auto report = replay_journal(options.data_dir, plugins, options.until,
                                     [](double fraction) { console().progress(fraction, "replayed"); });
  console().clear();
  Json actors = Json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& a : report.actors) {
    actors.push_back({{"name", a.name}, {"from_seq", a.from_seq}, {"until_seq", a.until_seq}, {"digest", hex(a.digest)},
                      {"compared", a.compared}, {"differences", a.differences}});
    rows.push_back({printable(a.name), std::to_string(a.from_seq), std::to_string(a.until_seq),
                    std::to_string(a.compared), hex(a.digest), a.differences.empty() ? "equal" : "DIFFERS"});
    for (const auto& difference : a.differences) console().error(printable(a.name + ": " + difference));
  }
  if (options.json)
    print(dump({{"schema", "holdfast.replay/1"}, {"equal", report.equal()}, {"head_seq", report.head_seq},
                {"actors", actors}}));
  else print(table({"actor", "from", "until", "snapshots", "digest", "stored"}, rows));
  return report.equal() ? kOk : kRefused;
}

/// Events kept by value, because the frames they came in are gone when they are printed.
using Kept = std::vector<std::vector<std::byte>>;

std::vector<std::byte> copy_of(const Event& event) { return {event.bytes().begin(), event.bytes().end()}; }

/// The event `seq`, or nothing when it was pruned or never was.
std::optional<std::vector<std::byte>> find_event(const Store& store, std::uint64_t seq) {
  std::optional<std::vector<std::byte>> found;
  if (const auto frame = store.read(seq))
    frame->for_each([&](const Event& e) {
      if (e.seq() == seq) found = copy_of(e);
    });
  return found;
}

/// Everything about one order, from the tick that caused it on.
Kept story_of(const Store& store, ClOrdId id) {
  Kept events;
  store.scan_business(1, [&](const FrameHeader&, std::span<const std::byte> bytes) {
    for_each_event(bytes, [&](const Event& e) {
      if (order_in(e) == id) events.push_back(copy_of(e));
    });
    return true;
  });
  if (events.empty()) return events;
  const Event first{events.front().data()};
  if (!first.spontaneous() && first.header().origin != 0)
    if (auto cause = find_event(store, first.header().origin)) events.insert(events.begin(), std::move(*cause));
  return events;
}

/// The event `seq` behind the chain of its causes.
Kept causes_of(const Store& store, std::uint64_t seq) {
  std::deque<std::vector<std::byte>> chain;
  for (auto event = find_event(store, seq); event; event = find_event(store, seq)) {
    const Event e{event->data()};
    const bool root = e.spontaneous() || e.header().origin == 0 || e.header().origin >= seq;
    seq = e.header().origin;
    chain.push_front(std::move(*event));
    if (root) break;
  }
  return {chain.begin(), chain.end()};
}

Kept last_events(const Store& store, std::uint64_t count) {
  const auto head = store.head();
  if (!head) return {};
  const std::uint64_t from = head->last_seq() > count ? head->last_seq() - count + 1 : 1;
  Kept events;
  store.scan(from, [&](const FramePtr& frame) {
    frame->for_each([&](const Event& e) {
      if (e.seq() >= from) events.push_back(copy_of(e));
    });
    return true;
  });
  return events;
}

int show(const JournalOptions& options) {
  const auto store = open_for_reading(options.data_dir);
  const auto record = read_record(*store);
  Kept events;
  if (!options.order.empty()) {
    const auto id = parse_order(options.order, *record);
    if (!id) throw std::invalid_argument{"'" + printable(options.order) + "' is no order: write its owner and number, such as trend-12"};
    events = story_of(*store, *id);
    if (events.empty()) throw std::invalid_argument{"the journal knows no order " + printable(options.order)};
  } else if (options.seq != 0) {
    events = causes_of(*store, options.seq);
    if (events.empty())
      throw std::invalid_argument{"the journal has no event " + std::to_string(options.seq) + ", or no longer"};
  } else {
    events = last_events(*store, options.tail);
  }
  Json list = Json::array();
  std::string text;
  for (const auto& bytes : events) {
    const Event event{bytes.data()};
    if (options.json) list.push_back(event_json(event, *record));
    else text += event_line(event, *record) + "\n";
  }
  print(options.json ? dump({{"schema", "holdfast.events/1"}, {"events", list}}) : text);
  return kOk;
}

}  // namespace

void add_journal(CLI::App& app, Action& action) {
  auto options = std::make_shared<JournalOptions>();
  auto* verb = app.add_subcommand("journal", "Verify, replay and read a journal");
  verb->require_subcommand(1);
  const auto add = [&](const char* name, const char* text, int (*run)(const JournalOptions&)) {
    auto* sub = verb->add_subcommand(name, text);
    sub->add_option("D", options->data_dir, "Data directory of the system")->required();
    sub->add_flag("--json", options->json, "Result as JSON");
    sub->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
    return sub;
  };
  add("verify", "Exit 0 intact, 1 tampered, 2 unreadable, 3 intact but unanchored", verify)
      ->add_option("--anchors", options->anchors, "Folder of signed checkpoints")->type_name("DIR");
  add("replay", "Fold it anew; exit 1 when a stored snapshot differs", replay)
      ->add_option("--until", options->until, "Only up to this event")->type_name("SEQ");
  auto* shown = add("show", "Events as text", show);
  auto* what = shown->add_option_group("what");
  what->add_option("--order", options->order, "The story of one order, such as trend-12")->type_name("ID");
  what->add_option("--seq", options->seq, "One event and what caused it")->check(CLI::PositiveNumber)->type_name("N");
  what->add_option_function<std::vector<std::uint64_t>>(
          "--tail",
          // Without a number the library gives a zero.
          [options](const std::vector<std::uint64_t>& n) { options->tail = n.empty() || n[0] == 0 ? 20 : n[0]; },
          "The last N events, 20 unless said")
      ->expected(0, 1)
      ->type_name("N");
  what->require_option(1);
}

}  // namespace holdfast::cli
