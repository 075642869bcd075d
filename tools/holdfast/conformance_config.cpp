// The configuration file of `holdfast conformance broker`.
#include <filesystem>
#include <holdfast/config/secrets.hpp>
#include <holdfast/config/settings_file.hpp>

#include "conformance.hpp"
#include "conformance_venue.hpp"
#include "verbs.hpp"

namespace holdfast::cli {

struct BrokerFile::Section {
  std::uint64_t conformance = 1;
  Setting broker, instruments, venue;
  std::vector<std::string> plugin_path;
  std::string instrument;
  Price price = Price::of(100);
  Quantity size = Quantity::of(1);
  Rate maker_fee, taker_fee;
  Duration patience{std::chrono::seconds{10}};
};

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

/// The settings below `broker` without the plugin's name.
Setting own_settings(const Setting& broker) {
  Setting settings = testkit::without(broker, "plugin");
  settings.kind = Setting::Kind::map;
  return settings;
}

}  // namespace

BrokerFile::BrokerFile(const std::string& file, std::uint64_t seed, const std::string& case_dir)
    : file_{file},
      folder_{std::filesystem::absolute(file).parent_path().lexically_normal().string()},
      loaded_{load_settings(file)},
      problems_{loaded_.problems} {
  if (problems_.empty()) read(seed, case_dir);
}

BrokerFile::~BrokerFile() = default;

void BrokerFile::read(std::uint64_t seed, const std::string& case_dir) {
  using S = Section;
  static const auto schema =
      Schema<S>{}
          .required("conformance", &S::conformance, "Version of this format.", between<std::uint64_t>(1, 1))
          .required("broker", &S::broker, "The plugin and its settings: {plugin: name, …}.")
          .field("plugin_path", &S::plugin_path, "Folders that are searched for the plugin, from this file's on.")
          .required("instruments", &S::instruments, "As in a system.")
          .field("instrument", &S::instrument, "The symbol that is traded; the first one unless said.")
          .field("price", &S::price, "Around which orders are placed.", more_than(Price{}))
          .field("size", &S::size, "Of the smallest order.", more_than(Quantity{}))
          .field("maker_fee", &S::maker_fee,
                 "What the venue charges a resting fill; not checked unless both fees are here.")
          .field("taker_fee", &S::taker_fee, "What the venue charges a fill on arrival.")
          .field("patience", &S::patience, "How long the venue may take for anything.", more_than(Duration{}))
          .field("venue", &S::venue, "Where it trades: `market` for brokers that are their own venue.");
  const Section section = schema.read(loaded_.root, {}, problems_);
  if (!problems_.empty()) return;
  read_plugin(section);
  if (plugin_ == nullptr) return;
  testkit::Subject subject{*plugin_->manifest, own_settings(section.broker)};
  subject.base_dir = folder_;
  subject.keep_dir = case_dir.empty() ? "" : case_dir + "/keep";
  subject_.emplace(testkit::BrokerSubject{subject});
  read_market(section);
  read_venue(section, seed, case_dir);
  if (problems_.empty()) problems_ = subject_->plugin.problems(subject_->plugin.settings);
}

void BrokerFile::read_plugin(const Section& section) {
  auto folders = plugin_folders(nullptr);
  for (const auto& folder : section.plugin_path) folders.insert(folders.begin(), (std::filesystem::path{folder_} / folder).string());
  host_ = std::make_unique<PluginHost>(std::move(folders));
  const Setting* name = section.broker.find("plugin");
  if (name == nullptr || name->text.empty()) {
    problems_.push_back({section.broker.where, "names no plugin", "write broker: {plugin: name, …}"});
    return;
  }
  plugin_ = host_->load(Broker::kKind, name->text, name->where, problems_);
}

void BrokerFile::read_market(const Section& section) {
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
  subject_->instrument = traded->id;
  subject_->plugin.instruments = instruments;
  subject_->price = section.price;
  subject_->size = section.size;
  subject_->patience = section.patience;
  if (loaded_.root.find("maker_fee") != nullptr) subject_->maker_fee = section.maker_fee;
  if (loaded_.root.find("taker_fee") != nullptr) subject_->taker_fee = section.taker_fee;
}

void BrokerFile::read_venue(const Section& section, std::uint64_t seed, const std::string& case_dir) {
  if (names_secret(subject_->plugin.settings)) {
    // Looks like a key, is one nowhere, and is another one for each seed.
    Random chance{seed ^ 0x63616e617279ULL};
    subject_->canary = "canary-" + std::to_string(chance.next()) + std::to_string(chance.next());
    subject_->plugin.secrets =
        secret_reader([canary = subject_->canary](const std::string&, std::string&) { return std::optional{canary}; });
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
  venue.key = subject_->canary;
  subject_->venue = [venue, case_dir, known = subject_->plugin.instruments] {
    return process_venue(venue, case_dir, known);
  };
}

std::vector<std::pair<std::string, std::string>> BrokerFile::capabilities() const {
  return testkit::capability_matrix(*subject_->plugin.make<Broker>());
}

}  // namespace holdfast::cli
