#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast::metrics {

/// As much of HTTP/1.1 as pages need that are read and closed: one request, no body, one answer.
struct Request {
  std::string method, path, query;
};
struct Response {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body = {};
};

/// Bytes that a request may have, its empty line included.
constexpr std::size_t kMaxRequest = 8192;

struct Parsed {
  std::optional<Request> request;
  int error = 0;  ///< Status that refuses it; neither this nor a request: there is more to come.
};
/// Reads what has come so far. Only the first line counts; header fields are passed over.
Parsed parse_request(std::string_view received);

/// The bytes of an answer; a HEAD request gets no body.
std::string to_text(const Response& response, bool with_body);

}  // namespace holdfast::metrics
