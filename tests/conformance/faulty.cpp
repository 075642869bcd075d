// The broker `paper` with one fault of choice, built into this library: what the conformance suite must find.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <holdfast/sdk.hpp>
#include <thread>
#include <utility>

extern "C" const holdfast::PluginManifest* holdfast_paper();

using namespace holdfast;

namespace {

/// Passes on what paper reports, or something else.
class Twist final : public Blotter {
 public:
  Twist(const std::string& fault, Blotter& to) : fault_{fault}, to_{to} {}
  Time now() const override { return to_.now(); }
  void acknowledged(const OrderAcknowledged& told) override {
    OrderAcknowledged e = told;
    if (is("one_order_id")) e.venue_order_id = 5;
    if (is("no_order_id")) e.venue_order_id = 0;
    if (!is("no_ack")) to_.acknowledged(e);
    if (is("two_acks")) to_.acknowledged(e);
  }
  void filled(const OrderFilled& told) override {
    OrderFilled e = told;
    if (is("wrong_side")) e.side = opposite(e.side);
    if (is("one_exec_id")) e.exec_id = 77;
    if (is("no_cum_qty")) e.cum_qty = e.last_qty;
    if (is("wrong_leaves")) e.leaves_qty = e.leaves_qty.is_zero() ? e.leaves_qty : e.leaves_qty + e.last_qty;
    if (is("fee_rounded") && e.liquidity == Liquidity::taker) e.fee = Money::of(e.fee.raw() / Money::kOne);
    static std::int64_t mood = 0;
    if (is("moody")) e.fee = Money::from_raw(++mood);
    if (is("all_takers")) e.liquidity = Liquidity::taker;
    if (is("all_makers")) e.liquidity = Liquidity::maker;
    if (is("worse_price")) e.last_px = Price::from_raw(e.last_px.raw() + (e.side == Side::buy ? 1 : -1) * 1'000'000);
    if (!is("no_taker_fills") || e.liquidity == Liquidity::maker) to_.filled(e);
  }
  void cancelled(const OrderCancelled& told, std::string_view why) override {
    OrderCancelled e = told;
    if (is("cancelled_without_leaves")) e.leaves_qty = {};
    to_.cancelled(e, is("no_reason") ? "" : why);
    if (is("two_cancels")) to_.cancelled(e, why);
  }
  void expired(const OrderExpired& told, std::string_view why) override {
    OrderExpired e = told;
    if (is("expired_without_leaves")) e.leaves_qty = {};
    if (is("rejects_what_expires")) to_.rejected({e.cl_ord_id}, why);
    else if (!is("rests_for_ever")) to_.expired(e, is("no_reason") ? "" : why);
  }
  void rejected(const OrderRejected& e, std::string_view why) override {
    if (is("rejected_is_cancelled")) return to_.cancelled({e.cl_ord_id, {}}, why);
    to_.rejected(e, is("rejected_silently") ? "" : why);
    if (is("two_rejects")) to_.rejected(e, why);
  }
  void cancel_rejected(const CancelRejected& e, std::string_view why) override {
    if (is("cancels_anything")) to_.cancelled({e.cl_ord_id, {}}, why);
    else to_.cancel_rejected(e, why);
  }
  void replaced(const OrderReplaced& told) override {
    OrderReplaced e = told;
    if (is("forgets_cum_qty")) e.leaves_qty = e.quantity;
    if (is("one_revision")) e.revision = 1;
    if (is("replaced_price_kept")) e.price = Price::of(1);
    if (!is("replaces_silently")) to_.replaced(e);
  }
  void replace_rejected(const ReplaceRejected& e, std::string_view why) override {
    if (is("replaces_anything")) to_.replaced({e.cl_ord_id, Quantity::of(1), Price::of(1), Quantity::of(1), 0, 1});
    else to_.replace_rejected(e, why);
  }
  void unknown(ClOrdId order, std::string_view why) override { to_.unknown(order, why); }
  void busted(const FillBusted& e, std::string_view why) override { to_.busted(e, why); }
  void instrument(const InstrumentChanged& e, std::string_view symbol) override { to_.instrument(e, symbol); }
  void connected() override { to_.connected(); }
  void disconnected(std::string_view why) override { to_.disconnected(why); }
  void statement(const VenueStatement& e) override { to_.statement(e); }
  std::uint64_t written() const override { return to_.written(); }

 private:
  bool is(const char* fault) const { return fault_ == fault; }
  const std::string& fault_;
  Blotter& to_;
};

}  // namespace

class Faulty final : public Broker {
 public:
  static constexpr const char* kPurity = "pure";
  struct Config {
    std::string fault;
    Rate maker_fee, taker_fee;
    Secret key;
  };
  static Schema<Config> schema() {
    return Schema<Config>{}
        .field("fault", &Config::fault, "What it does wrong; nothing when empty.")
        .field("maker_fee", &Config::maker_fee, "As paper's.")
        .field("taker_fee", &Config::taker_fee, "As paper's.")
        .field("key", &Config::key, "A secret that it has no use for.");
  }

  Faulty(const Config& config, const PluginContext& context) : config_{config} {
    Setting settings;
    settings.kind = Setting::Kind::map;
    const auto add = [&](const char* name, const std::string& value) {
      Setting one;
      one.kind = Setting::Kind::scalar;
      one.text = value;
      settings.fields.emplace_back(name, one);
      settings.keys.emplace_back();
    };
    add("maker_fee", config.maker_fee.str());
    add("taker_fee", config.taker_fee.str());
    Problems problems;
    paper_ = std::static_pointer_cast<Broker>(holdfast_paper()->make(settings, context, problems));
    if (is("once") && alive() > 0) throw std::runtime_error{"there is one already"};
    ++alive();
    if (is("opens_early")) file_ = std::fopen("/dev/null", "r");
    if (is("leaks_files")) leaked_ = std::fopen("/dev/null", "r");
    if (is("leaks_memory")) memory_ = new char[100'000]();
    if (is("starts_early")) thread_ = std::thread{[] { std::this_thread::sleep_for(std::chrono::milliseconds{20}); }};
  }
  ~Faulty() override {
    --alive();
    if (file_ != nullptr) std::fclose(file_);
    if (thread_.joinable()) thread_.join();
    if (is("slow_to_stop") && opened_) std::this_thread::sleep_for(std::chrono::milliseconds{2'300});
  }

  void open(std::function<void()>) override { opened_ = true; }
  void poll(Blotter&) override { opened_ = false; }  // It is slow only for who has just opened it.
  bool pure() const override { return true; }
  BrokerCapabilities capabilities() const override {
    BrokerCapabilities can = paper_->capabilities();
    if (is("claims_stops")) can.types.push_back(OrdType::stop);
    if (is("claims_day")) can.tifs.push_back(TimeInForce::day);
    if (is("claims_no_replace")) can.replace = false;
    if (is("claims_later") && asked_++ == 0) std::erase(can.tifs, TimeInForce::fok);
    if (is("claims_replace_later")) can.replace = asked_++ != 0;
    if (is("claims_no_fok")) std::erase(can.tifs, TimeInForce::fok);
    if (is("claims_everything")) {
      can.types = {OrdType::market, OrdType::limit, OrdType::stop, OrdType::stop_limit};
      can.tifs = {TimeInForce::day, TimeInForce::gtc, TimeInForce::ioc, TimeInForce::fok, TimeInForce::gtd};
      can.exec_insts = ExecInst::post_only | ExecInst::reduce_only;
      can.icebergs = true;
    }
    return can;
  }

  void send(const ApprovedOrder& order, Blotter& blotter) override {
    Twist twist{config_.fault, blotter};
    const OrderTerms& terms = order.terms();
    if (is("throws")) throw std::runtime_error{"no idea what to do"};
    if (is("crashes")) std::raise(SIGSEGV);
    if (is("exits")) std::exit(0);
    if (is("hangs")) std::this_thread::sleep_for(std::chrono::seconds{60});
    if (is("tells_secret")) return twist.rejected({terms.cl_ord_id}, "wrong key " + config_.key.reveal());
    if (is("claims_day") && terms.tif == TimeInForce::day) return twist.rejected({terms.cl_ord_id}, "no day orders");
    if (is("claims_stops") && terms.type == OrdType::stop) return twist.rejected({terms.cl_ord_id}, "no stops");
    if (std::exchange(newest_, blotter.now()) != blotter.now()) at_once_ = 0;
    if (is("overflows") && ++at_once_ > 60) return;
    if (is("forgets_sometimes") && terms.quantity.raw() % 7 == 0) return;
    paper_->send(order, twist);
  }
  void cancel(const WorkingOrder& order, std::uint64_t request, Blotter& blotter) override {
    Twist twist{config_.fault, blotter};
    if (is("cancel_without_effect")) return twist.cancelled({order.terms.cl_ord_id, order.terms.quantity}, "asked for");
    if (is("cancels_neighbours")) {
      WorkingOrder neighbour = order;
      --neighbour.terms.cl_ord_id.value;
      paper_->cancel(neighbour, request, twist);
    }
    if (is("cancel_ignored")) return;
    paper_->cancel(order, request, twist);
  }
  void replace(const WorkingOrder& order, const ApprovedReplace& change, std::uint64_t revision,
               Blotter& blotter) override {
    Twist twist{config_.fault, blotter};
    if (is("replace_without_effect"))
      return twist.replaced({order.terms.cl_ord_id, change.quantity(), change.price(), change.quantity(), 0, revision});
    if (is("replace_refused")) return twist.replace_rejected({order.terms.cl_ord_id}, "not today");
    paper_->replace(order, change, revision, twist);
  }
  void hear(const Event& event, Blotter& blotter) override {
    Twist twist{config_.fault, blotter};
    if (is("deaf_to_quotes_twice") && event.type() == EventType::quote && ++count_ % 2 == 0) return;
    paper_->hear(event, twist);
  }
  bool quiet() const override { return is("always_quiet") || paper_->quiet(); }
  void hear_market(std::span<const std::byte> stretch) override {
    if (!is("deaf_when_quiet")) paper_->hear_market(stretch);
  }
  Time wake_at() const override { return paper_->wake_at(); }
  void state(Archive& a) override {
    if (!is("no_state")) paper_->state(a);
    if (is("tells_secret_state")) {
      std::string key = config_.key.reveal();
      a(key);
    }
  }

 private:
  bool is(const char* fault) const { return config_.fault == fault; }

  Config config_;
  std::shared_ptr<Broker> paper_;
  static int& alive() {
    static int alive = 0;
    return alive;
  }
  int count_ = 0, at_once_ = 0;
  Time newest_;
  mutable int asked_ = 0;
  bool opened_ = false;
  std::FILE* file_ = nullptr;
  std::FILE* leaked_ = nullptr;
  char* memory_ = nullptr;
  std::thread thread_;
};

HOLDFAST_PLUGIN(Faulty, "faulty", "1.0.0", "The broker paper with one fault of choice.")
