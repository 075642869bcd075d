#include "http.hpp"

#include <algorithm>

namespace holdfast::metrics {

namespace {

const char* reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Internal Server Error";
  }
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

Parsed parse_line(std::string_view line) {
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return {{}, 400};
  const auto method = line.substr(0, first), target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(method) || !target.starts_with('/') || !is_printable(target)) return {{}, 400};
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return {{}, version.starts_with("HTTP/") ? 505 : 400};
  const auto question = target.find('?');
  const auto query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
  return {Request{std::string{method}, std::string{target.substr(0, question)}, std::string{query}}, 0};
}

}  // namespace

Parsed parse_request(std::string_view received) {
  const auto end_of_line = received.find("\r\n");
  const auto end = received.find("\r\n\r\n");
  if (std::min(end, received.size()) > kMaxRequest - 4) return {{}, 431};
  // Refused as soon as it is seen to be no request: whoever sends rubbish may never send an end.
  if (end_of_line == std::string_view::npos) {
    const auto word = received.substr(0, received.find(' '));
    return {{}, received.empty() || is_token(word) ? 0 : 400};
  }
  Parsed parsed = parse_line(received.substr(0, end_of_line));
  if (parsed.error == 0 && end == std::string_view::npos) return {};
  return parsed;
}

std::string to_text(const Response& response, bool with_body) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " " + reason(response.status) + "\r\n";
  out += "Content-Type: " + response.type + "\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n";
  if (response.status == 405) out += "Allow: GET, HEAD\r\n";
  out += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";
  return with_body ? out + response.body : out;
}

}  // namespace holdfast::metrics
