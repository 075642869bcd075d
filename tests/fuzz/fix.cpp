// What a counterparty sends: lines that are bytes as they come, or after '+' the fields of a message, "35=D|11=x|",
// which is given its header, length and checksum.
#include <string>

#include <holdfast/fix/message.hpp>

#include "engine.hpp"
#include "framer.hpp"
#include "input.hpp"

using namespace holdfast;

namespace {

/// Takes everything, and looks at all of it.
class Host : public fix::Host {
 public:
  void transmit(const std::string& bytes) override {
    fix::Framer framer{1 << 20};
    framer.add(bytes);
    fuzz::require(framer.next() == bytes, "what is sent is one whole message");
  }
  void hang_up() override { up = false; }
  void established() override {}
  void received(fix::Content content, const fix::Head& head) override {
    const fix::Message message{std::move(content), head};
    fuzz::require(!message.type().empty() && message.seq > 0, "what arrives has a type and a number");
    for (const auto& field : message.content().fields) {
      (void)fix::price(message, field.tag);
      (void)fix::integer(message, field.tag);
      (void)fix::time(message, field.tag);
    }
  }
  void told(fix::Content, const fix::Head&) override {}
  bool may_log_on(const fix::Content&, std::string&) override { return true; }
  bool sending(fix::Content&, const fix::Head&, bool) override { return true; }

  bool up = true;
};

std::string framed(std::string_view fields, std::uint64_t seq) {
  const auto type = fields.substr(0, fields.find('|') + 1);
  std::string body{type};
  body += "34=" + std::to_string(seq) + "|49=ACME|52=20260101-00:00:00|56=VENUE|";
  body += fields.substr(type.size());
  std::string message = "8=FIX.4.4|9=" + std::to_string(body.size()) + "|" + body;
  unsigned sum = 0;
  for (char& c : message) {
    if (c == '|') c = '\x01';
    sum += static_cast<unsigned char>(c);
  }
  const std::string digits = std::to_string(sum % 256);
  return message + "10=" + std::string(3 - digits.size(), '0') + digits + '\x01';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fix::Dictionary dictionary;
  fuzz::Input input{data, size};
  Host host;
  fix::Store store{"", true, true};
  fix::EngineOptions options;
  options.sender = "VENUE";
  options.target = "ACME";
  options.max_clock_difference = 0;
  fix::Engine engine{dictionary, options, store, host};
  fix::Framer framer{4096};
  engine.attach();
  engine.receive(framed("35=A|98=0|108=30|", 1));
  fuzz::require(engine.logged_on(), "a Logon logs on");
  while (!input.empty() && host.up) {
    const auto line = input.up_to('\n');
    framer.add(line.starts_with('+') ? framed(line.substr(1), store.next_target()) : std::string{line});
    for (auto message = framer.next(); !message.empty() && host.up; message = framer.next())
      engine.receive(std::string{message});
    engine.tick();
  }
  engine.detach();
  return 0;
}
