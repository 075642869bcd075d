#include <algorithm>
#include <set>

#include <holdfast/trading/calendar.hpp>
#include <holdfast/fix/message.hpp>

#include "venue/gateway.hpp"

/// How a person describes a venue.
namespace holdfast::venue {

namespace {

struct ListingSettings {
  std::string symbol, currency, base, session = "24x7", expiry;
  Price tick, reference;
  Quantity lot, min_qty, max_qty;
  Money min_notional;
  Rate price_band, maker_fee, taker_fee;
};

struct AccountSettings {
  std::string name, password, self_trade = "allowed";
  std::vector<std::string> sessions;
  bool cancel_on_disconnect = false;
  int throttle = 0;
};

struct RootSettings {
  int venue = 1;
  std::string comp_id = "VENUE", host = "127.0.0.1";
  int port = 0;
  std::uint64_t seed = 1;
};

const std::vector<std::string> kSelfTrade{"allowed", "cancel_resting", "cancel_taking", "cancel_both"};

bool is_session(const std::string& text) { return Calendar::parse(text).has_value(); }
bool is_instant(const std::string& text) { return text.empty() || fix::parse_timestamp(text).has_value(); }
bool is_name(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '='; });
}
Limit<std::string> a_name() { return {"made of printable characters, without spaces and '='", is_name}; }

const Schema<ListingSettings>& listing_schema() {
  using L = ListingSettings;
  static const Schema<L> schema =
      Schema<L>{}
          .required("symbol", &L::symbol, "its name", a_name())
          .required("currency", &L::currency, "of prices and fees", a_name())
          .field("base", &L::base, "what a trade delivers, as a balance; empty: nothing")
          .required("tick", &L::tick, "prices are multiples of it", more_than(Price{}))
          .required("lot", &L::lot, "quantities are multiples of it", more_than(Quantity{}))
          .field("min_qty", &L::min_qty, "the least OrderQty", at_least(Quantity{}))
          .field("max_qty", &L::max_qty, "the most; 0: any", at_least(Quantity{}))
          .field("min_notional", &L::min_notional, "the least that an order is worth", at_least(Money{}))
          .field("price_band", &L::price_band, "how far a limit may be from the last trade, as a part of it; 0: any", at_least(Rate{}))
          .field("maker_fee", &L::maker_fee, "part of what a fill is worth; negative: a rebate", between(Rate::of(-1), Rate::of(1)))
          .field("taker_fee", &L::taker_fee, "the same for who takes", between(Rate::of(-1), Rate::of(1)))
          .field("session", &L::session, "when it trades; without a zone: UTC",
                 Limit<std::string>{"\"24x7\" or such as \"Mon-Fri 09:30-16:00 America/New_York\"", is_session})
          .field("expiry", &L::expiry, "when it ends; empty: never", Limit<std::string>{"such as 20301231-08:00:00", is_instant})
          .field("reference", &L::reference, "stands for the last trade before there is one", at_least(Price{}));
  return schema;
}

const Schema<AccountSettings>& account_schema() {
  using A = AccountSettings;
  static const Schema<A> schema =
      Schema<A>{}
          .required("name", &A::name, "FIX Account (1)", a_name())
          .required("sessions", &A::sessions, "CompIDs of its clients; what happens to the account is told to the first",
                    Limit<std::vector<std::string>>{"one or more names", [](const auto& all) {
                                                      return !all.empty() && std::all_of(all.begin(), all.end(), is_name);
                                                    }})
          .field("password", &A::password, "FIX Password (554); empty: any")
          .field("self_trade", &A::self_trade, "what happens before it would trade with itself", one_of(kSelfTrade))
          .field("cancel_on_disconnect", &A::cancel_on_disconnect, "whether its orders go with the session that sent them")
          .field("throttle", &A::throttle, "requests a second; 0: any number", at_least(0));
  return schema;
}

const Schema<CrowdTerms>& crowd_schema() {
  using C = CrowdTerms;
  static const Schema<C> schema =
      Schema<C>{}
          .required("symbol", &C::symbol, "what it trades")
          .required("spread", &C::spread, "between its best bid and offer", more_than(Price{}))
          .required("step", &C::step, "how far the middle moves at most in an update", at_least(Price{}))
          .required("depth", &C::depth, "about how much it quotes at each price", more_than(Quantity{}))
          .field("levels", &C::levels, "prices on each side, a tick apart", between(1, 100))
          .field("every", &C::every, "between two updates", at_least(Duration{std::chrono::milliseconds{1}}))
          .field("trade_every", &C::trade_every, "between two trades with the quotes, on average; 0s: none", at_least(Duration{}));
  return schema;
}

struct RecordingSettings {
  std::string symbol;
  PluginSlot<Feed> recorded;
  Rate speed = Rate::of(1);
  int levels = 10;
};

const Schema<RecordingSettings>& recording_schema() {
  using R = RecordingSettings;
  static const Schema<R> schema =
      Schema<R>{}
          .required("symbol", &R::symbol, "what it trades")
          .required("recorded", &R::recorded, "another day's market: a feed and its settings, as in a system")
          .field("speed", &R::speed, "so many times as fast as it was", more_than(Rate{}))
          .field("levels", &R::levels, "prices on each side, at most", between(1, 100));
  return schema;
}

const Schema<RootSettings>& root_schema() {
  using R = RootSettings;
  static const Schema<R> schema =
      Schema<R>{}
          .required("venue", &R::venue, "version of this format", between(1, 1))
          .field("comp_id", &R::comp_id, "what the venue calls itself", a_name())
          .field("host", &R::host, "address to listen at")
          .field("port", &R::port, "0: one that is free", between(0, 65535))
          .field("seed", &R::seed, "everything random is drawn from it");
  return schema;
}

/// The items of a list, or nothing; a problem when it is something else.
std::vector<Setting> items_of(const Setting& root, const char* name, bool required, Problems& problems) {
  const Setting* list = root.find(name);
  if (list == nullptr) {
    if (required) problems.push_back({root.where, std::string{"'"} + name + "' is missing", ""});
    return {};
  }
  if (list->kind == Setting::Kind::list) return list->items;
  problems.push_back({list->where, "expected a list", "begin each with `- `"});
  return {};
}

Listing listing_of(const ListingSettings& s) {
  return {s.symbol, s.currency, s.base, s.tick, s.lot, s.min_qty, s.max_qty, s.min_notional, s.price_band, s.maker_fee,
          s.taker_fee, s.session, s.expiry.empty() ? Time{} : fix::parse_timestamp(s.expiry).value_or(Time{}), s.reference};
}

/// `setting` without the field called `name`, which another schema reads.
Setting without(Setting setting, const std::vector<std::string_view>& names) {
  for (std::size_t i = setting.fields.size(); i-- > 0;) {
    if (std::find(names.begin(), names.end(), setting.fields[i].first) == names.end()) continue;
    setting.fields.erase(setting.fields.begin() + static_cast<std::ptrdiff_t>(i));
    if (i < setting.keys.size()) setting.keys.erase(setting.keys.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return setting;
}

std::map<std::string, Money> read_balances(const Setting& account, Problems& problems) {
  std::map<std::string, Money> balances;
  const Setting* found = account.find("balances");
  if (found == nullptr) return balances;
  if (found->kind != Setting::Kind::map) problems.push_back({found->where, "expected a map", "write {USDT: 100000}"});
  for (const auto& [currency, amount] : found->fields) read_setting(amount, PluginContext{}, problems, balances[currency]);
  return balances;
}

AccountOptions read_account(const Setting& setting, Problems& problems) {
  const AccountSettings s = account_schema().read(without(setting, {"balances"}), PluginContext{}, problems);
  AccountOptions account;
  const auto policy = std::find(kSelfTrade.begin(), kSelfTrade.end(), s.self_trade);
  account.member = {s.name, s.sessions, read_balances(setting, problems), static_cast<SelfTrade>(policy - kSelfTrade.begin()),
                    s.cancel_on_disconnect, s.throttle};
  account.password = s.password;
  return account;
}

std::shared_ptr<const Instruments> instruments_of(const std::vector<Listing>& listings) {
  auto all = std::make_shared<Instruments>();
  for (const Listing& one : listings)
    if (!one.symbol.empty() && all->find(std::string_view{one.symbol}) == nullptr)
      all->add({.id = {static_cast<std::uint32_t>(all->all().size() + 1)}, .symbol = one.symbol, .tick = one.tick, .lot = one.lot,
                .currency = one.currency, .session = "24x7"});
  return all;
}

/// Nobody's market in an instrument: one that is made up, or one that was.
void read_crowd(const Setting& setting, const PluginContext& context, VenueOptions& options, Problems& problems) {
  if (setting.find("recorded") == nullptr)
    return void(options.crowd.push_back(crowd_schema().read(setting, PluginContext{}, problems)));
  const RecordingSettings s = recording_schema().read(setting, context, problems);
  const Instrument* const instrument = context.instruments->find(std::string_view{s.symbol});
  options.recordings.push_back({s.symbol, instrument == nullptr ? InstrumentId{} : instrument->id, s.recorded.plugin, s.speed, s.levels});
}

/// A name that must be new, or must be known.
class Names {
 public:
  explicit Names(std::string what) : what_{std::move(what)} {}
  void add(const std::string& name, const Where& where, Problems& problems) {
    if (!name.empty() && !names_.insert(name).second) problems.push_back({where, "a second " + what_ + " '" + name + "'", "give each a name of its own"});
  }
  void check(const std::string& name, const Where& where, Problems& problems) const {
    if (name.empty() || names_.contains(name)) return;
    const std::string near = nearest(name, {names_.begin(), names_.end()});
    problems.push_back({where, "there is no " + what_ + " '" + name + "'", near.empty() ? "" : "did you mean '" + near + "'?"});
  }

 private:
  std::string what_;
  std::set<std::string> names_;
};

}  // namespace

VenueOptions read_venue(const Setting& root, PluginContext context, Problems& problems) {
  VenueOptions options;
  if (root.kind != Setting::Kind::map) {
    problems.push_back({root.where, "expected a map", "begin with `venue: 1`"});
    return options;
  }
  const RootSettings base =
      root_schema().read(without(root, {"instruments", "accounts", "crowd", "scenario"}), PluginContext{}, problems);
  options.comp_id = base.comp_id;
  options.host = base.host;
  options.port = static_cast<std::uint16_t>(base.port);
  options.seed = base.seed;
  Names symbols{"instrument"}, accounts{"account"}, sessions{"session"};
  for (const Setting& one : items_of(root, "instruments", true, problems)) {
    options.instruments.push_back(listing_of(listing_schema().read(one, PluginContext{}, problems)));
    symbols.add(options.instruments.back().symbol, one.where, problems);
  }
  for (const Setting& one : items_of(root, "accounts", true, problems)) {
    options.accounts.push_back(read_account(one, problems));
    accounts.add(options.accounts.back().member.account, one.where, problems);
    for (const auto& session : options.accounts.back().member.sessions) sessions.add(session, one.where, problems);
  }
  context.seed = base.seed;
  context.instruments = instruments_of(options.instruments);
  Names crowded{"crowd for"};
  for (const Setting& one : items_of(root, "crowd", false, problems)) {
    read_crowd(one, context, options, problems);
    const Setting* const symbol = one.find("symbol");
    if (symbol == nullptr) continue;
    symbols.check(symbol->text, one.where, problems);
    crowded.add(symbol->text, one.where, problems);
  }
  const auto scenario = items_of(root, "scenario", false, problems);
  Setting list;
  list.kind = Setting::Kind::list;
  list.items = scenario;
  options.scenario = read_scenario(list, problems);
  for (std::size_t i = 0; i < scenario.size(); ++i) {
    accounts.check(options.scenario[i].account, scenario[i].where, problems);
    sessions.check(options.scenario[i].session, scenario[i].where, problems);
    symbols.check(options.scenario[i].symbol, scenario[i].where, problems);
  }
  return options;
}

}  // namespace holdfast::venue
