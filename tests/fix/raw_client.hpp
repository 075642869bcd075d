#pragma once

#include <poll.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include <holdfast/fix/message.hpp>

#include "framer.hpp"
#include "sockets.hpp"

namespace holdfast::test {

/// A FIX engine that may do everything wrong. Fields are written "35=D|11=x|".
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, std::string sender = "ACME")
      : sender_{std::move(sender)}, socket_{fix::connect_to(fix::resolve("127.0.0.1", port))} {
    pollfd waiting{socket_.fd(), POLLOUT, 0};
    BOOST_REQUIRE_EQUAL(::poll(&waiting, 1, 10'000), 1);
    BOOST_REQUIRE_EQUAL(fix::failure_of(socket_), 0);
  }

  static std::string wire(std::string text) {
    for (char& c : text)
      if (c == '|') c = '\x01';
    return text;
  }
  static std::string shown(std::string text) {
    for (char& c : text)
      if (c == '\x01') c = '|';
    return text;
  }
  static std::string checksum(std::string_view bytes) {
    unsigned sum = 0;
    for (const char c : bytes) sum += static_cast<unsigned char>(c);
    const std::string digits = std::to_string(sum % 256);
    return "10=" + std::string(3 - digits.size(), '0') + digits + "|";
  }
  /// With BodyLength and CheckSum as they should be.
  static std::string framed(const std::string& body, const std::string& begin = "8=FIX.4.4|") {
    const std::string message = wire(begin + "9=" + std::to_string(wire(body).size()) + "|" + body);
    return message + wire(checksum(message));
  }
  static std::string now() {
    const auto time = std::chrono::system_clock::now().time_since_epoch();
    return fix::timestamp(Time{std::chrono::duration_cast<std::chrono::nanoseconds>(time).count()});
  }
  /// Type, header, and then `rest`.
  std::string body(const std::string& type, int seq, const std::string& rest = "") const {
    return "35=" + type + "|34=" + std::to_string(seq) + "|49=" + sender_ + "|52=" + now() + "|56=VENUE|" + rest;
  }
  std::string message(const std::string& type, int seq, const std::string& rest = "") const {
    return framed(body(type, seq, rest));
  }
  static constexpr const char* kLogon = "98=0|108=30|";

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      pollfd waiting{socket_.fd(), POLLOUT, 0};
      ::poll(&waiting, 1, 10'000);
      const long n = fix::write_some(socket_, bytes);
      if (n < 0) return;  // The other side may have had enough already.
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  void say(const std::string& type, int seq, const std::string& rest = "") { write(message(type, seq, rest)); }

  /// The next message as "35=..|…"; "closed" at the end, "nothing" after ten seconds.
  std::string hear() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (true) {
      if (const auto message = framer_.next(); !message.empty()) {
        const std::string text = shown(std::string{message});
        return text.substr(text.find("35="));
      }
      const auto time = deadline - std::chrono::steady_clock::now();
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(time).count();
      pollfd waiting{socket_.fd(), POLLIN, 0};
      if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) == 0) return "nothing";
      char buffer[4096];
      const long n = fix::read_some(socket_, buffer, sizeof buffer);
      if (n < 0) return "closed";
      framer_.add({buffer, static_cast<std::size_t>(n)});
    }
  }
  /// Whether something has come that was not heard yet.
  bool can_hear() const {
    pollfd waiting{socket_.fd(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) != 0;
  }
  /// Passes over other types; what is heard instead when it does not come.
  std::string hear(const std::string& type) {
    while (true) {
      const std::string message = hear();
      if (message == "closed" || message == "nothing" || message.starts_with("35=" + type + "|")) return message;
    }
  }
  void log_on(int seq = 1) {
    say("A", seq, kLogon);
    BOOST_REQUIRE(hear().starts_with("35=A|"));
  }

 private:
  std::string sender_;
  fix::Socket socket_;
  fix::Framer framer_{1 << 20};
};

}  // namespace holdfast::test
