// The configuration file of a conformance suite.
#include <algorithm>
#include <filesystem>
#include <holdfast/config/secrets.hpp>
#include <holdfast/config/settings_file.hpp>

#include "conformance.hpp"
#include "conformance_onlooker.hpp"
#include "conformance_venue.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

struct SuiteFile::Section {
  std::uint64_t conformance = 1;
  Setting plugin, instruments, venue;
  std::vector<std::string> plugin_path;
  std::string instrument;
  Price price = Price::of(100);
  Quantity size = Quantity::of(1);
  Rate maker_fee, taker_fee;
  int records = 100, ticks = 400;
  Duration patience{std::chrono::seconds{10}};

  static Schema<Section> schema(const std::string& suite);
};

/// What is written in a file of this suite.
Schema<SuiteFile::Section> SuiteFile::Section::schema(const std::string& suite) {
  using S = Section;
  Schema<S> made;
  made.required("conformance", &S::conformance, "Version of this format.", between<std::uint64_t>(1, 1))
      .required(suite.c_str(), &S::plugin, "The plugin and its settings: {plugin: name, …}.")
      .field("plugin_path", &S::plugin_path, "Folders that are searched for the plugin, from this file's on.")
      .required("instruments", &S::instruments, "As in a system.")
      .field("price", &S::price, "Around which there are orders.", more_than(Price{}));
  if (suite == "strategy") made.field("ticks", &S::ticks, "Ticks of the generated market.", between(1, 100'000));
  if (suite == "feed") made.field("records", &S::records, "A recording tells at least so many.", at_least(1));
  if (suite == "broker")
    made.field("maker_fee", &S::maker_fee, "What the venue charges a resting fill; not checked unless both fees are here.")
        .field("taker_fee", &S::taker_fee, "What the venue charges a fill on arrival.");
  if (suite == "strategy") return made;
  made.field("instrument", &S::instrument, "The symbol that is traded; the first one unless said.")
      .field("size", &S::size, "Of the smallest order.", more_than(Quantity{}))
      .field("patience", &S::patience, "How long the venue may take for anything.", more_than(Duration{}))
      .field("venue", &S::venue, "Where it trades; `market`, or nothing, for what needs no venue.");
  return made;
}

namespace {

/// Any `{secret: name}` in there?
bool names_secret(const Setting& setting) {
  if (setting.kind == Setting::Kind::map && setting.fields.size() == 1 && setting.fields[0].first == "secret")
    return true;
  for (const auto& item : setting.items)
    if (names_secret(item)) return true;
  for (const auto& [name, field] : setting.fields)
    if (names_secret(field)) return true;
  return false;
}

/// The settings of the plugin without its name.
Setting own_settings(const Setting& plugin) {
  Setting settings = testkit::without(plugin, "plugin");
  settings.kind = Setting::Kind::map;
  return settings;
}

}  // namespace

SuiteFile::SuiteFile(const std::string& suite, const ConformanceOptions& options)
    : suite_{suite},
      file_{options.config},
      folder_{std::filesystem::absolute(file_).parent_path().lexically_normal().string()},
      seed_{options.seed},
      loaded_{load_settings(file_)},
      problems_{loaded_.problems} {
  if (problems_.empty()) read(options);
}

SuiteFile::~SuiteFile() = default;

void SuiteFile::read(const ConformanceOptions& options) {
  const Section section = Section::schema(suite_).read(loaded_.root, {}, problems_);
  if (!problems_.empty()) return;
  read_plugin(section);
  if (plugin_ == nullptr) return;
  testkit::Subject plugin{*plugin_->manifest, own_settings(section.plugin)};
  plugin.base_dir = folder_;
  plugin.keep_dir = options.case_dir.empty() ? "" : options.case_dir + "/keep";
  tested_.emplace(testkit::VenueSubject{plugin});
  read_market(section);
  read_venue(section, options.case_dir);
  records_ = static_cast<std::size_t>(section.records);
  ticks_ = section.ticks;
  if (has("maker_fee")) maker_fee_ = section.maker_fee;
  if (has("taker_fee")) taker_fee_ = section.taker_fee;
  if (problems_.empty()) problems_ = tested_->plugin.problems(tested_->plugin.settings);
}

void SuiteFile::read_plugin(const Section& section) {
  auto folders = plugin_folders(nullptr);
  for (const auto& folder : section.plugin_path) folders.insert(folders.begin(), (std::filesystem::path{folder_} / folder).string());
  host_ = std::make_unique<PluginHost>(std::move(folders));
  const Setting* name = section.plugin.find("plugin");
  if (name == nullptr || name->text.empty()) {
    problems_.push_back({section.plugin.where, "names no plugin", "write " + suite_ + ": {plugin: name, …}"});
    return;
  }
  plugin_ = host_->load(suite_, name->text, name->where, problems_);
}

void SuiteFile::read_market(const Section& section) {
  auto instruments = std::make_shared<Instruments>();
  std::uint32_t id = 0;
  for (Instrument instrument : read_instruments(section.instruments, problems_)) {
    instrument.id = {++id};
    if (problems_.empty()) instruments->add(std::move(instrument));
  }
  if (id == 0 && problems_.empty())
    problems_.push_back({section.instruments.where, "has no instrument", "write one at least"});
  if (!problems_.empty()) return;
  const Instrument* traded =
      section.instrument.empty() ? instruments->find(InstrumentId{1}) : instruments->find(section.instrument);
  if (traded == nullptr) {
    problems_.push_back(
        {loaded_.root.find("instrument")->where, "there is no instrument '" + section.instrument + "'", ""});
    return;
  }
  if (section.price.raw() % traded->tick.raw() != 0)
    problems_.push_back({loaded_.root.where,
                         "the price " + section.price.str() + " is no multiple of the tick " + traded->tick.str(), ""});
  if (section.size.raw() % traded->lot.raw() != 0)
    problems_.push_back(
        {loaded_.root.where, "the size " + section.size.str() + " is no multiple of the lot " + traded->lot.str(), ""});
  tested_->instrument = traded->id;
  tested_->plugin.instruments = instruments;
  tested_->price = section.price;
  tested_->size = section.size;
  tested_->patience = section.patience;
}

void SuiteFile::read_venue(const Section& section, const std::string& case_dir) {
  if (names_secret(tested_->plugin.settings)) {
    // Looks like a key, is one nowhere, and is another one for each seed.
    Random chance{seed_ ^ 0x63616e617279ULL};
    tested_->canary = "canary-" + std::to_string(chance.next()) + std::to_string(chance.next());
    tested_->plugin.secrets =
        secret_reader([canary = tested_->canary](const std::string&, std::string&) { return std::optional{canary}; });
  }
  if (section.venue.kind == Setting::Kind::missing || section.venue.text == "market") return;
  if (section.venue.kind != Setting::Kind::map) {
    problems_.push_back({section.venue.where, "there is no venue '" + section.venue.text + "'",
                         "write venue: market, or venue: {process: file.yaml, …}"});
    return;
  }
  static const auto schema =
      Schema<VenueProcess>{}
          .required("process", &VenueProcess::file, "What `holdfast venue` reads.")
          .required("account", &VenueProcess::account, "The broker's account there.")
          .required("counterparty", &VenueProcess::counterparty, "CompID of an account to trade with it.");
  VenueProcess venue = schema.read(section.venue, {}, problems_);
  venue.file = (std::filesystem::path{folder_} / venue.file).string();
  venue.key = tested_->canary;
  tested_->venue = [venue, case_dir, known = tested_->plugin.instruments] {
    return process_venue(venue, case_dir, known);
  };
}

bool SuiteFile::alone() const {
  return suite_ == "feed" ? !tested_->venue : std::string_view{plugin_->manifest->purity} == "pure" && suite_ == "broker";
}

std::vector<std::pair<std::string, std::string>> SuiteFile::capabilities() const {
  if (suite_ != "broker") return {};
  return testkit::capability_matrix(*tested_->plugin.make<Broker>());
}

namespace {

template <class C, class S>
testkit::CaseResult run_one(const std::vector<C>& cases, const std::string& id, const S& subject, std::uint64_t seed) {
  const auto found = std::ranges::find(cases, id, &C::id);
  if (found == cases.end()) throw std::invalid_argument{"there is no case " + id};
  return testkit::run_case(*found, subject, seed);
}

template <class C>
void describe(const char* suite, const std::vector<C>& cases, std::vector<RanCase>& out) {
  for (const testkit::CaseText& one : cases) {
    RanCase& described = out.emplace_back();
    described.suite = suite;
    described.id = one.id;
    described.title = one.title;
    described.does = one.does;
    described.group = one.group();
    described.group_name = one.group_name();
    described.level = to_string(one.level);
    for (const auto need : one.needs) described.needs.emplace_back(to_string(need));
  }
}

}  // namespace

testkit::CaseResult SuiteFile::run(const std::string& id) const {
  if (suite_ == "broker")
    return run_one(testkit::broker_cases(), id, testkit::BrokerSubject{*tested_, maker_fee_, taker_fee_}, seed_);
  if (suite_ == "feed")
    return run_one(testkit::feed_cases(), id, testkit::FeedSubject{*tested_, records_, preloaded_onlooker()}, seed_);
  return run_one(testkit::strategy_cases(), id,
                 testkit::StrategySubject{tested_->plugin, tested_->price, ticks_, preloaded_onlooker()}, seed_);
}

std::vector<RanCase> cases_of(const std::string& suite) {
  std::vector<RanCase> all;
  if (suite != "feed" && suite != "strategy") describe("broker", testkit::broker_cases(), all);
  if (suite != "broker" && suite != "strategy") describe("feed", testkit::feed_cases(), all);
  if (suite != "broker" && suite != "feed") describe("strategy", testkit::strategy_cases(), all);
  return all;
}

}  // namespace holdfast::cli
