#include "http/parser.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "http/read_buffer.hpp"

namespace poly::http {
namespace {

constexpr std::size_t head_bytes_max = 4096;

// What a reader sees: every message, and how it ended.
template <class Parser, class Make>
std::vector<std::string> read_all(const std::vector<std::string_view>& pieces, const Make& make) {
  std::vector<std::string> seen;
  std::string held;
  std::optional<Parser> parser;
  make(parser);
  for (const auto piece : pieces) {
    held.append(piece);
    for (;;) {
      std::size_t used = 0;
      const auto parsed = parser->feed(held, used);
      held.erase(0, used);
      if (parsed == Parsed::need_more) break;
      if (parsed == Parsed::head) {
        parser->body_bytes_max(1000);
        continue;
      }
      if (parsed != Parsed::message) {
        seen.push_back("refused");
        return seen;
      }
      if constexpr (std::is_same_v<Parser, RequestParser>) {
        const auto& request = parser->request;
        seen.push_back(std::string(to_string(request.method)) + " " + request.target + " " + request.body +
                       " " + std::to_string(request.headers.size()));
      } else {
        const auto& response = parser->response;
        seen.push_back(std::to_string(response.status) + " " + response.body + " " +
                       std::to_string(response.headers.size()));
      }
      make(parser);
    }
  }
  if (!held.empty() || parser->head_begun()) seen.push_back("unfinished");
  return seen;
}

void make_request(std::optional<RequestParser>& parser) {
  parser.emplace(head_bytes_max);
}
void make_response(std::optional<ResponseParser>& parser) {
  parser.emplace(head_bytes_max, 1000, Method::get);
}

constexpr std::string_view requests[] = {
    "GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST /b?c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /d "
    "HTTP/1.0\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nA: "
    "b\r\nC: d\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nA:  folded\r\n value\r\nB:\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXY\r\n",
    "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n",
    "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
};

constexpr std::string_view responses[] = {
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 "
    "\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    "HTTP/1.1 2000 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
};

TEST(Parser, ReadsTheSameHoweverTheBytesAreCut) {
  for (const auto text : requests) {
    const auto whole = read_all<RequestParser>({text}, make_request);
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      EXPECT_EQ(read_all<RequestParser>({text.substr(0, cut), text.substr(cut)}, make_request), whole)
          << text << " at " << cut;
    }
  }
  for (const auto text : responses) {
    const auto whole = read_all<ResponseParser>({text}, make_response);
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      EXPECT_EQ(read_all<ResponseParser>({text.substr(0, cut), text.substr(cut)}, make_response), whole)
          << text << " at " << cut;
    }
  }
}

TEST(Parser, ReadsWhatTheStandardSays) {
  using Seen = std::vector<std::string>;
  const std::vector<Seen> expected = {
      {"GET /  1", "POST /b?c hello 2", "GET /d  0"},
      {"PUT / hello! 2", "GET /  1"},
      {"GET /  3"},
      {"unfinished"},
      {"unfinished"},
      {"refused"},
      {"refused"},
      {"refused"},
      {"refused"},
      {"refused"},
  };
  for (std::size_t i = 0; i < std::size(requests); ++i) {
    EXPECT_EQ(read_all<RequestParser>({requests[i]}, make_request), expected[i]) << requests[i];
  }
  const std::vector<Seen> answers = {
      {"200 ok 1", "204  0", "200 ok 1"}, {"100  0", "304  1"}, {"refused"}, {"unfinished"}};
  for (std::size_t i = 0; i < std::size(responses); ++i) {
    EXPECT_EQ(read_all<ResponseParser>({responses[i]}, make_response), answers[i]) << responses[i];
  }
}

TEST(ReadBuffer, GrowsToItsLimitAndNoFurther) {
  ReadBuffer buffer;
  std::size_t held = 0;
  for (auto room = buffer.prepare(10'000); !room.empty(); room = buffer.prepare(10'000)) {
    std::fill(room.begin(), room.end(), static_cast<char>('a' + held % 26));
    held += room.size();
    buffer.commit(room.size());
  }
  EXPECT_EQ(held, 10'000U);
  EXPECT_EQ(buffer.data().size(), 10'000U);
  buffer.consume(9'990);
  EXPECT_EQ(buffer.prepare(10'000).size(), 9'990U);
  EXPECT_EQ(buffer.data().size(), 10U);
  buffer.consume(10);
  buffer.shrink();
  EXPECT_EQ(buffer.prepare(10'000).size(), ReadBuffer::bytes_least);
}

}  // namespace
}  // namespace poly::http
