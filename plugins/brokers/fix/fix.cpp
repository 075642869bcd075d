#include <algorithm>
#include <deque>
#include <holdfast/fix/client.hpp>
#include <holdfast/fix/tags.hpp>
#include <map>

#include "listings.hpp"
#include "question.hpp"
#include "reports.hpp"

namespace holdfast::fix_broker {

namespace tag = fix::tag;

/// A venue that speaks our dialect of FIX 4.4. One session, on the endpoint's thread; everything it says is
/// translated on the actor's.
class FixBroker final : public Broker {
 public:
  static constexpr const char* kPurity = "edge";
  struct Config : fix::ClientSettings {
    std::string account;
    std::string id_prefix = "HF";
    bool positions = true;
  };

  static Schema<Config> schema() {
    const auto name = Limit<std::string>{"1 to 16 letters, digits, dots or underscores", [](const std::string& text) {
                                           const auto plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '_'; };
                                           return !text.empty() && text.size() <= 16 && std::ranges::all_of(text, plain);
                                         }};
    return fix::client_schema<Config>()
        .field("account", &Config::account, "Account (1) in every request; the venue's own choice when empty.")
        .field("id_prefix", &Config::id_prefix,
               "What all our ClOrdIDs (11) begin with; no two systems of an account may have the same.", name)
        .field("positions", &Config::positions,
               "The venue answers RequestForPositions (AN); if not, orders and fills must do.");
  }

  FixBroker(const Config& config, const PluginContext& context)
      : config_{config},
        keep_dir_{context.keep_dir},
        wording_{config.id_prefix, config.account, context.instruments},
        listings_{context.instruments},
        reports_{wording_, context.id} {}

  BrokerCapabilities capabilities() const override {
    return {.types = {OrdType::market, OrdType::limit, OrdType::stop, OrdType::stop_limit},
            .tifs = {TimeInForce::day, TimeInForce::gtc, TimeInForce::ioc, TimeInForce::fok, TimeInForce::gtd},
            .exec_insts = ExecInst::post_only | ExecInst::reduce_only,
            .icebergs = true,
            .replace = true,
            .asks = true,
            .positions = config_.positions};
  }

  void open(std::function<void()> wake) override {
    wake_ = std::move(wake);
    client_.emplace(config_, fix::ClientSession{.store_dir = keep_dir_, .hold_acknowledgement = true}, wake_);
  }

  void send(const ApprovedOrder& order, Blotter& blotter) override {
    const OrderTerms& terms = order.terms();
    const auto prepared = prepared_.extract(terms.cl_ord_id);
    if (!prepared) return request_about(terms.cl_ord_id, wording_.order(terms, blotter.now()), blotter);
    const auto& message = prepared.mapped().message();
    note(terms.cl_ord_id, message, client_->send(prepared.mapped(), blotter.now()), blotter);
  }

  void send_again(const ApprovedOrder& order, Blotter& blotter) override {
    auto message = wording_.order(order.terms(), blotter.now());
    message.poss_resend = true;
    request_about(order.terms().cl_ord_id, message, blotter);
  }

  void prepare(const OrderTerms& terms) override {
    if (prepared_.size() >= kPrepared) prepared_.clear();
    prepared_.insert_or_assign(terms.cl_ord_id, client_->prepare(wording_.order(terms, {})));
  }

  void cancel(const WorkingOrder& order, std::uint64_t request, Blotter& blotter) override {
    request_about(order.terms.cl_ord_id, wording_.cancel(order, request, blotter.now()), blotter);
  }

  void replace(const WorkingOrder& order, const ApprovedReplace& change, std::uint64_t revision, Blotter& blotter) override {
    request_about(order.terms.cl_ord_id, wording_.replace(order, change, revision, blotter.now()), blotter);
  }

  void poll(Blotter& blotter) override {
    for (int n = 0; n < kAtOnce; ++n) {
      const auto heard = client_->take();
      if (!heard) return acknowledge();
      hear(*heard, blotter);
      if (heard->kind == fix::Heard::Kind::message) unacknowledged_.emplace_back(blotter.written(), heard->message.seq);
    }
    acknowledge();
    wake_();
  }

  void ask(const VenueQuestion& question, Blotter& blotter) override {
    question_.emplace(question, token(blotter), wording_, blotter.now());
    for (const auto& one : question_->requests())
      if (!request(one)) return question_.reset();  // disconnected() is on its way.
    conclude(blotter);
  }

  void durable(std::uint64_t written) override {
    durable_ = written;
    acknowledge();
  }

 private:
  /// Messages of one poll(): orders want to leave in between.
  static constexpr int kAtOnce = 1024;
  /// Orders worded before they may leave; some never do.
  static constexpr std::size_t kPrepared = 1024;
  /// Requests remembered in case the venue refuses to understand one.
  static constexpr std::size_t kRequests = 4096;

  /// The sequence numbers among which something went; nothing: it did not.
  using Among = std::optional<std::pair<std::uint64_t, std::uint64_t>>;

  /// Something we sent, by the sequence numbers among which it went.
  struct Sent {
    std::uint64_t first = 0, end = 0;
    std::string type, id;
    ClOrdId about;  ///< Zero for questions.
  };

  void request_about(ClOrdId id, const fix::Message& message, Blotter& blotter) {
    note(id, message, client_->send(message), blotter);
  }

  void note(ClOrdId id, const fix::Message& message, const Among& among, Blotter& blotter) {
    if (!remember(message, among, id)) blotter.unknown(id, "not sent: not logged on");
  }

  /// Unlike any other, of earlier connections and incarnations, too: their answers may still come.
  std::string token(const Blotter& blotter) { return "q" + std::to_string(blotter.now().ns) + "-" + std::to_string(++tokens_); }

  bool request(const fix::Message& message) { return remember(message, client_->send(message), {}); }

  bool remember(const fix::Message& message, const Among& among, ClOrdId about) {
    if (!among) return false;
    sent_.push_back({among->first, among->second, message.type(), id_of(message), about});
    if (sent_.size() > kRequests) sent_.pop_front();
    return true;
  }

  /// What the request is called in a BusinessMessageReject.
  static std::string id_of(const fix::Message& message) {
    for (const int field : {tag::MassStatusReqID, tag::TradeRequestID, tag::PosReqID, tag::CollInquiryID, tag::SecurityReqID,
                            tag::SecurityStatusReqID, tag::OrdStatusReqID, tag::ClOrdID})
      if (const auto id = message.get(field)) return std::string{*id};
    return "";
  }

  void hear(const fix::Heard& heard, Blotter& blotter) {
    switch (heard.kind) {
      case fix::Heard::Kind::logon: return logged_on(blotter);
      case fix::Heard::Kind::logout:
        question_.reset();
        sent_.clear();
        return blotter.disconnected(heard.why);
      case fix::Heard::Kind::message: return hear(heard.message, blotter);
      case fix::Heard::Kind::admin:
        if (heard.message.type() == "3") refused(heard.message, blotter);
        if (heard.message.type() == "2") lost(heard.message, blotter);
        return;
      case fix::Heard::Kind::silence: return;
    }
  }

  void logged_on(Blotter& blotter) {
    for (const auto& one : listings_.requests(token(blotter))) request(one);
    blotter.connected();
  }

  void hear(const fix::Message& message, Blotter& blotter) {
    if (question_ && question_->hear(message)) return conclude(blotter);
    if (listings_.hear(message, blotter)) return;
    if (message.type() == "8" && !late_answer(message)) reports_.hear_execution(message, blotter);
    if (message.type() == "9") reports_.hear_cancel_reject(message, blotter);
    if (message.type() == "j") refused(message, blotter);
  }

  /// To a question that nobody waits for any more.
  static bool late_answer(const fix::Message& report) {
    return report.get(tag::MassStatusReqID).has_value() || report.get(tag::OrdStatusReqID).has_value();
  }

  void conclude(Blotter& blotter) {
    if (!question_ || !question_->done()) return;
    const VenueStatement statement = question_->statement();
    question_.reset();
    blotter.statement(statement);
  }

  /// A Reject (3) or BusinessMessageReject (j): the venue did not understand what we sent.
  void refused(const fix::Message& reject, Blotter& blotter) {
    const auto seq = static_cast<std::uint64_t>(fix::integer(reject, tag::RefSeqNum).value_or(0));
    const std::string type = fix::text(reject, tag::RefMsgType), id = fix::text(reject, tag::BusinessRejectRefID);
    const auto meant = std::ranges::find_if(sent_, [&](const Sent& sent) {
      if (!type.empty() && sent.type != type) return false;
      return (seq >= sent.first && seq < sent.end) || (seq == 0 && !id.empty() && sent.id == id);
    });
    if (meant == sent_.end()) return;
    const Sent sent = *meant;
    const bool unsupported = fix::integer(reject, tag::BusinessRejectReason) == 3 || fix::integer(reject, tag::SessionRejectReason) == 11;
    const std::string why = "the venue refused the message: " + words_of(reject, "it does not say why");
    if (sent.about.value == 0) {
      listings_.refused(sent.type, sent.id, blotter);
      if (question_) question_->refused(sent.type, sent.id);
      return conclude(blotter);
    }
    if (!unsupported) return blotter.unknown(sent.about, why);
    if (sent.type == "D") blotter.rejected({sent.about}, why);
    if (sent.type == "F") blotter.cancel_rejected({sent.about}, why);
    if (sent.type == "G") blotter.replace_rejected({sent.about}, why);
  }

  /// A ResendRequest (2): what it names never arrived, and the session does not send orders twice.
  void lost(const fix::Message& request, Blotter& blotter) {
    const auto begin = fix::integer(request, tag::BeginSeqNo), end = fix::integer(request, tag::EndSeqNo);
    if (!begin || !end) return;
    for (const Sent& sent : sent_) {
      const bool named = static_cast<std::int64_t>(sent.end) > *begin && (*end == 0 || static_cast<std::int64_t>(sent.first) <= *end);
      if (!named) continue;
      if (sent.about.value != 0) blotter.unknown(sent.about, "the venue missed the message");
      else listings_.refused(sent.type, sent.id, blotter);
      if (question_) question_->refused(sent.type, sent.id);
    }
    conclude(blotter);
  }

  /// What the venue said is acknowledged once the reports it led to are durable.
  void acknowledge() {
    while (!unacknowledged_.empty() && unacknowledged_.front().first <= durable_) {
      client_->acknowledge(unacknowledged_.front().second);
      unacknowledged_.pop_front();
    }
  }

  Config config_;
  std::string keep_dir_;
  Wording wording_;
  Listings listings_;
  Reports reports_;
  std::function<void()> wake_;
  std::optional<fix::Client> client_;
  std::optional<Question> question_;
  std::map<ClOrdId, fix::Prepared> prepared_;
  std::deque<Sent> sent_;
  std::deque<std::pair<std::uint64_t, std::uint64_t>> unacknowledged_;  ///< Count of reports after it, and MsgSeqNum.
  std::uint64_t durable_ = 0, tokens_ = 0;
};

}  // namespace holdfast::fix_broker

using holdfast::fix_broker::FixBroker;
HOLDFAST_PLUGIN(FixBroker, "fix", "1.0.0", "A venue that is reached by FIX 4.4")
