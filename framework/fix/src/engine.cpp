#include "engine.hpp"

#include <quickfix/Application.h>
#include <quickfix/DataDictionary.h>
#include <quickfix/DataDictionaryProvider.h>
#include <quickfix/Log.h>
#include <quickfix/MessageStore.h>
#include <quickfix/Responder.h>
#include <quickfix/Session.h>
#include <quickfix/TimeRange.h>

#include <set>
#include <sstream>
#include <stdexcept>

#include "convert.hpp"

namespace holdfast {
namespace fix {

extern const char* const kDictionary;

namespace {

const char kVersion[] = "FIX.4.4";

/// What the standard has and the dialect has not: answered with BusinessMessageReject instead of Reject.
std::set<std::string> unsupported() {
  std::istringstream all{
      "6 7 B C E J K L M N P Q R S T Z a b c d g h i k l m n o p s t u v w z AA AB AC AG AH AI AJ AK AL AM AR AS AT AU "
      "AV AW AX AY AZ BC BD BE BF BG BH"};
  std::set<std::string> types;
  for (std::string type; all >> type;) types.insert(type);
  return types;
}

/// The numbers and messages of a session, as QuickFIX wants them.
class StoreAdapter : public FIX::MessageStore, public FIX::MessageStoreFactory {
 public:
  explicit StoreAdapter(Store& store) : store_(store) {}

  FIX::MessageStore* create(const FIX::SessionID&) override { return this; }
  void destroy(FIX::MessageStore*) override {}

  /// What leaves next is lost: neither kept nor counted.
  bool losing = false;
  /// Nothing but a Logon starts anew: QuickFIX would, too, when the clock passes midnight between two looks.
  bool may_reset = false;

  bool set(int seq, const std::string& message) throw(FIX::IOException) override {
    if (!losing) guarded([&] { store_.sent(static_cast<std::uint64_t>(seq), message); });
    return true;
  }
  void get(int begin, int end, std::vector<std::string>& out) const throw(FIX::IOException) override {
    if (begin <= end)
      guarded([&] { out = store_.messages(static_cast<std::uint64_t>(begin), static_cast<std::uint64_t>(end)); });
  }
  int getNextSenderMsgSeqNum() const throw(FIX::IOException) override { return static_cast<int>(store_.next_sender()); }
  int getNextTargetMsgSeqNum() const throw(FIX::IOException) override { return static_cast<int>(store_.next_target()); }
  void setNextSenderMsgSeqNum(int seq) throw(FIX::IOException) override {
    guarded([&] { store_.next_sender(static_cast<std::uint64_t>(seq)); });
  }
  void setNextTargetMsgSeqNum(int seq) throw(FIX::IOException) override {
    guarded([&] { store_.next_target(static_cast<std::uint64_t>(seq)); });
  }
  void incrNextSenderMsgSeqNum() throw(FIX::IOException) override {
    if (!losing) guarded([&] { store_.next_sender(store_.next_sender() + 1); });
  }
  void incrNextTargetMsgSeqNum() throw(FIX::IOException) override {
    guarded([&] { store_.next_target(store_.next_target() + 1); });
  }
  /// A session begins when a Logon says so, not when a day does.
  FIX::UtcTimeStamp getCreationTime() const throw(FIX::IOException) override { return FIX::UtcTimeStamp(); }
  void reset() throw(FIX::IOException) override {
    if (may_reset) guarded([&] { store_.reset(); });
  }
  void refresh() throw(FIX::IOException) override {}

 private:
  template <class Work>
  static void guarded(const Work& work) {
    try {
      work();
    } catch (const std::exception& error) {
      throw FIX::IOException(error.what());
    }
  }

  Store& store_;
};

/// Remembers why.
class LastEvent : public FIX::Log, public FIX::LogFactory {
 public:
  FIX::Log* create() override { return this; }
  FIX::Log* create(const FIX::SessionID&) override { return this; }
  void destroy(FIX::Log*) override {}
  void clear() override {}
  void backup() override {}
  void onIncoming(const std::string&) override {}
  void onOutgoing(const std::string&) override {}
  void onEvent(const std::string& event) override {
    if (event != "Disconnecting") last = event;
  }

  std::string last;
};

FIX::TimeRange always() { return {FIX::UtcTimeOnly(0, 0, 0), FIX::UtcTimeOnly(0, 0, 0)}; }

/// Sessions are registered in a table of the whole process.
std::string unique(const void* object) {
  std::ostringstream text;
  text << object;
  return text.str();
}

}  // namespace

struct Dictionary::Impl {
  FIX::DataDictionaryProvider provider;
  std::set<std::string> unsupported_types = unsupported();
};

Dictionary::Dictionary() : impl(new Impl) {
  std::istringstream text{kDictionary};
  auto* dictionary = new FIX::DataDictionary(text);
  ptr::shared_ptr<FIX::DataDictionary> owner(dictionary);
  // What the standard has and we do not know is no fault of whoever sends it.
  dictionary->allowUnknownMsgFields(true);
  dictionary->checkUserDefinedFields(false);
  for (const auto& type : impl->unsupported_types) dictionary->addMsgType(type);
  impl->provider.addTransportDataDictionary(FIX::BeginString(kVersion), owner);
}

Dictionary::~Dictionary() = default;

class Engine::Impl : private FIX::Application, private FIX::Responder {
 public:
  Impl(const Dictionary& dictionary, const EngineOptions& options, Store& store, Host& host)
      : unsupported_(dictionary.impl->unsupported_types), options_(options), durable_(store), store_(store),
        host_(host),
        session_(*this, store_, FIX::SessionID(kVersion, options.sender, options.target, unique(this)),
                 dictionary.impl->provider, always(), options.initiator ? options.heartbeat : 0, &events_) {
    session_.setTimestampPrecision(6);
    session_.setCheckLatency(options.max_clock_difference > 0);
    session_.setMaxLatency(options.max_clock_difference);
    session_.setResetOnLogon(options.reset_on_logon);
    // The framer has done it.
    session_.setValidateLengthAndChecksum(false);
  }

  /// Whatever is thrown at this border is about the connection, not about us.
  template <class Work>
  void guarded(const Work& work) {
    try {
      store_.may_reset = !session_.isLoggedOn();
      work();
    } catch (const std::exception& error) {
      events_.last = error.what();
      session_.disconnect();
    }
  }

  FIX::Session& session() { return session_; }
  LastEvent& events() { return events_; }

  void attach() {
    events_.last.clear();
    session_.setResponder(this);
    if (!options_.initiator) return;
    // Who does not know the numbers cannot ask for what it missed by them either.
    session_.setResetOnLogon(options_.reset_on_logon || durable_.lost());
    session_.next();
  }

  void receive(const std::string& message) {
    try {
      store_.may_reset = !session_.isLoggedOn() || message.find("\00135=A\001") != std::string::npos;
      session_.next(message, FIX::UtcTimeStamp());
    } catch (const FIX::InvalidMessage& garbled) {
      events_.last = garbled.what();
    } catch (const std::exception& error) {
      events_.last = error.what();
      session_.disconnect();
    }
  }

  bool send(const Content& content, bool poss_resend) {
    if (!session_.isLoggedOn() || session_.sentLogout()) return false;
    FIX::Message message;
    message.getHeader().setField(FIX::MsgType(content.type));
    if (poss_resend) message.getHeader().setField(FIX::PossResend(true));
    to_quickfix(content, message);
    return session_.send(message);
  }

  std::string encode(const Content& content) {
    FIX::Message message;
    FIX::Header& header = message.getHeader();
    header.setField(FIX::MsgType(content.type));
    to_quickfix(content, message);
    header.setField(FIX::BeginString(kVersion));
    header.setField(FIX::SenderCompID(options_.sender));
    header.setField(FIX::TargetCompID(options_.target));
    header.setField(FIX::MsgSeqNum(store_.getNextSenderMsgSeqNum()));
    header.setField(FIX::SendingTime(FIX::UtcTimeStamp(), 6));
    return message.toString();
  }

  bool send_encoded(const std::string& bytes) {
    if (!session_.isLoggedOn() || session_.sentLogout()) return false;
    const int seq = store_.getNextSenderMsgSeqNum();
    store_.losing = false;
    store_.set(seq, bytes);
    store_.setNextSenderMsgSeqNum(seq + 1);
    return send(bytes);
  }

  std::string sending_time() const {
    FIX::UtcTimeStamp now;
    if (skew_ != 0) shift(now, skew_);
    return FIX::UtcTimeStampConvertor::convert(now, 6);
  }

  void skew(long long nanoseconds) { skew_ = nanoseconds; }

 private:
  void onCreate(const FIX::SessionID&) override {}
  void onLogon(const FIX::SessionID&) override {
    durable_.agreed();
    host_.established();
  }
  /// The end of the connection says it better.
  void onLogout(const FIX::SessionID&) override {}

  void toAdmin(FIX::Message& message, const FIX::SessionID&) override {
    const bool logon = message.getHeader().getField(FIX::FIELD::MsgType) == "A";
    if (logon && options_.initiator) {
      if (!options_.username.empty()) message.setField(FIX::Username(options_.username));
      if (!options_.password.empty()) message.setField(FIX::Password(options_.password));
    }
    Content content = from_quickfix(message);
    store_.losing = !host_.sending(content, head_of(message), true);
    to_quickfix(content, message);
    stamp(message);
  }

  void toApp(FIX::Message& message, const FIX::SessionID&) throw(FIX::DoNotSend) override {
    store_.losing = false;
    // What is sent for the first time was shown to the host before it came here, except QuickFIX's own.
    const bool again = message.getHeader().isSetField(FIX::FIELD::PossDupFlag);
    if (again || message.getHeader().getField(FIX::FIELD::MsgType) == "j") {
      Content content = from_quickfix(message);
      if (!host_.sending(content, head_of(message), false)) throw FIX::DoNotSend();
      to_quickfix(content, message);
    }
    stamp(message);
  }

  void fromAdmin(const FIX::Message& message, const FIX::SessionID&)
      throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::RejectLogon) override {
    const std::string& type = message.getHeader().getField(FIX::FIELD::MsgType);
    if (type == "2") check_range(message);
    if (type == "2" || type == "3" || type == "5") host_.told(from_quickfix(message), head_of(message));
    if (type != "A" || options_.initiator) return;
    std::string why;
    if (!host_.may_log_on(from_quickfix(message), why)) throw FIX::RejectLogon(why);
  }

  void fromApp(const FIX::Message& message, const FIX::SessionID&)
      throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue,
            FIX::UnsupportedMessageType) override {
    Content content = from_quickfix(message);
    if (unsupported_.count(content.type) != 0) throw FIX::UnsupportedMessageType();
    check_counts(message);
    const Head head = head_of(message);
    durable_.received(head.seq);
    host_.received(std::move(content), head);
  }

  /// QuickFIX would answer a range that was never sent with a gap that goes backwards.
  void check_range(const FIX::Message& request) const {
    FIX::BeginSeqNo begin;
    FIX::EndSeqNo end;
    request.getField(begin);
    request.getField(end);
    if (begin < 1 || begin >= store_.getNextSenderMsgSeqNum()) throw FIX::IncorrectTagValue(begin.getTag());
    if (end != 0 && end < begin) throw FIX::IncorrectTagValue(end.getTag());
  }

  /// Not looked at by QuickFIX where unknown fields are allowed.
  static void check_counts(const FIX::Message& message) {
    for (auto group = message.g_begin(); group != message.g_end(); ++group)
      if (message.getField(group->first) != std::to_string(group->second.size()))
        throw FIX::IncorrectTagValue(group->first);
  }

  bool send(const std::string& bytes) override {
    if (!store_.losing) host_.transmit(bytes);
    return true;
  }
  void disconnect() override { host_.hang_up(); }

  void stamp(FIX::Message& message) const {
    if (skew_ == 0) return;
    FIX::SendingTime time;
    message.getHeader().getField(time);
    FIX::UtcTimeStamp value = time.getValue();
    shift(value, skew_);
    message.getHeader().setField(FIX::SendingTime(value, 6));
  }

  const std::set<std::string>& unsupported_;
  const EngineOptions options_;
  Store& durable_;
  StoreAdapter store_;
  LastEvent events_;
  Host& host_;
  long long skew_ = 0;
  FIX::Session session_;
};

Engine::Engine(const Dictionary& dictionary, const EngineOptions& options, Store& store, Host& host)
    : impl_(new Impl(dictionary, options, store, host)) {}
Engine::~Engine() = default;

void Engine::attach() {
  impl_->guarded([&] { impl_->attach(); });
}
void Engine::detach() {
  impl_->guarded([&] { impl_->session().disconnect(); });
}
void Engine::tick() {
  impl_->guarded([&] { impl_->session().next(); });
}
void Engine::receive(const std::string& message) { impl_->receive(message); }
bool Engine::send(const Content& message, bool poss_resend) {
  bool sent = false;
  impl_->guarded([&] { sent = impl_->send(message, poss_resend); });
  return sent;
}
std::string Engine::encode(const Content& message) {
  std::string bytes;
  impl_->guarded([&] { bytes = impl_->encode(message); });
  return bytes;
}
bool Engine::send_encoded(const std::string& bytes) {
  bool sent = false;
  impl_->guarded([&] { sent = impl_->send_encoded(bytes); });
  return sent;
}
std::string Engine::sending_time() const { return impl_->sending_time(); }
void Engine::log_out(const std::string& text) {
  impl_->guarded([&] {
    impl_->session().logout(text);
    impl_->session().next();
  });
}
void Engine::enable() { impl_->session().logon(); }
void Engine::skew(long long nanoseconds) { impl_->skew(nanoseconds); }
bool Engine::logged_on() const { return impl_->session().isLoggedOn(); }
const std::string& Engine::last_event() const { return impl_->events().last; }

}  // namespace fix
}  // namespace holdfast
