#include "http/client.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "http/testing.hpp"

namespace poly::http {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;
namespace asio = boost::asio;
using testing::RunningServer;
using ::testing::StartsWith;
using testing::TestHandler;
using testing::World;

// What one connection of the scripted upstream does: reads a request and sends a reply, for each reply, then
// closes. An absent reply is silence until the other side closes.
using Script = std::vector<std::optional<std::string>>;

// An upstream that plays one script for each connection, in order.
class ScriptedUpstream final {
 public:
  ScriptedUpstream(World& world, std::vector<Script> scripts)
      : world_(world),
        acceptor_(world.executor(), Tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        tasks_(world.executor(), "upstream") {
    tasks_.spawn(accept(std::move(scripts)));
  }
  ~ScriptedUpstream() {
    world_.on_loop([this] { tasks_.cancel(); });
    world_.run_until([this] { return tasks_.size() == 0; });
  }

  std::uint16_t port() const { return port_; }
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  Task<void> accept(std::vector<Script> scripts) {
    for (auto& script : scripts) {
      auto accepting = acceptor_.async_accept(use_task);
      auto socket = co_await std::move(accepting);
      tasks_.spawn(play(std::move(socket), std::move(script)));
    }
    acceptor_.close();
  }

  Task<void> play(Socket socket, Script script) {
    std::string input;
    std::string piece(16 << 10, '\0');
    for (auto& reply : script) {
      while (!reply || input.find("\r\n\r\n") == std::string::npos) {
        boost::system::error_code closed;
        auto token = asio::redirect_error(use_task, closed);
        const auto room = asio::buffer(piece);
        auto reading = socket.async_read_some(room, std::move(token));
        const auto count = co_await std::move(reading);
        if (closed) co_return;
        input.append(piece, 0, count);
      }
      requests_.push_back(std::move(input));
      input.clear();
      const auto bytes = asio::buffer(*reply);
      boost::system::error_code closed;
      auto token = asio::redirect_error(use_task, closed);
      auto writing = asio::async_write(socket, bytes, std::move(token));
      co_await std::move(writing);
    }
    ++connections_closed_;
  }

  World& world_;
  Acceptor acceptor_;
  const std::uint16_t port_ = acceptor_.local_endpoint().port();
  TaskGroup tasks_;
  std::vector<std::string> requests_;

 public:
  int connections_closed_ = 0;
};

std::string reply_of(std::string_view body, std::string_view more_headers = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more_headers) + "\r\n" + std::string(body);
}

struct ClientTest : ::testing::Test {
  World world;

  static ClientOptions local(ClientLimits limits = {}) {
    return {.limits = limits, .addresses = AddressFilter({Network::parse("127.0.0.0/8").value()})};
  }

  static ClientRequest to(std::uint16_t port, Method method = Method::get,
                          std::string target = "/x?key=secret") {
    ClientRequest request;
    request.method = method;
    request.url.origin = {Scheme::http, "127.0.0.1", port};
    request.url.target = std::move(target);
    return request;
  }

  ClientResponse send(Client& client, ClientRequest request) {
    return world.run(client.send(std::move(request)));
  }

  Error failure(Client& client, ClientRequest request) {
    try {
      const auto response = send(client, std::move(request));
      ADD_FAILURE() << "answered with " << response.status;
    } catch (const Failure& thrown) {
      return thrown.error();
    }
    return {};
  }

  // Sends, and once `when` holds lets the time pass that makes it fail.
  Error failure_after(Client& client, ClientRequest request, const std::function<bool()>& when,
                      milliseconds time) {
    std::exception_ptr problem;
    bool done = false;
    asio::co_spawn(world.context, client.send(std::move(request)),
                   [&problem, &done](std::exception_ptr thrown, const ClientResponse&) {
                     problem = thrown;
                     done = true;
                   });
    world.run_until(when);
    EXPECT_FALSE(done);
    world.pass(time);
    world.run_until([&done] { return done; });
    return problem ? error_of(problem) : Error{};
  }
};

TEST_F(ClientTest, SendsARequestAndReadsItsAnswer) {
  ScriptedUpstream upstream(world, {{reply_of("hello", "X-Note: a\r\nX-Note: b\r\n")}});
  Client client(world.executor(), world.wheel, local());
  auto request = to(upstream.port(), Method::post);
  request.headers = {{"X-Mine", "1"}, {"Connection", "upgrade"}, {"content-length", "99"}};
  request.body = "payload";
  const auto response = send(client, std::move(request));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.headers.get("x-note"), "a");
  EXPECT_FALSE(response.timings.reused);
  EXPECT_EQ(upstream.requests()[0],
            "POST /x?key=secret HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(upstream.port()) +
                "\r\nUser-Agent: OpenPoly\r\nAccept: */*\r\nX-Mine: 1\r\nContent-Length: 7\r\n\r\npayload");
}

TEST_F(ClientTest, TalksToOurOwnServerOverOneConnection) {
  TestHandler handler;
  handler.body_bytes_max = 10 << 20;
  RunningServer server(world, handler);
  Client client(world.executor(), world.wheel, local());
  for (int i = 0; i < 5; ++i) {
    auto request = to(server.port, Method::put);
    request.body = std::string(static_cast<std::size_t>(i) * 300'000, 'b');
    const auto response = send(client, std::move(request));
    EXPECT_EQ(response.body.size(), static_cast<std::size_t>(i) * 300'000 + 18);
    EXPECT_EQ(response.timings.reused, i > 0);
  }
  EXPECT_EQ(server.server.counters().connections_accepted, 1U);
  EXPECT_EQ(client.counters().connections_opened, 1U);
  EXPECT_EQ(client.counters().connections_reused, 4U);
  EXPECT_EQ(client.counters().connections_idle, 1U);
  client.close_idle();
  EXPECT_EQ(client.counters().connections_open, 0U);
}

TEST_F(ClientTest, ReadsEveryFramingOfABody) {
  ScriptedUpstream upstream(
      world, {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
               "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n",
               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 204 No "
               "Content\r\n\r\n",
               "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n",
               "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nuntil the end"}});
  Client client(world.executor(), world.wheel, local());
  const auto chunked = send(client, to(upstream.port()));
  EXPECT_EQ(chunked.body, "abcde");
  EXPECT_EQ(chunked.headers.find("Trailer"), nullptr);
  const auto empty = send(client, to(upstream.port()));
  EXPECT_EQ(empty.status, 204);
  EXPECT_EQ(empty.headers.find("Link"), nullptr);
  EXPECT_EQ(send(client, to(upstream.port())).status, 304);
  EXPECT_EQ(send(client, to(upstream.port(), Method::head)).headers.get("Content-Length"), "10");
  EXPECT_EQ(send(client, to(upstream.port())).body, "until the end");
  EXPECT_EQ(client.counters().connections_opened, 1U);
  EXPECT_EQ(client.counters().connections_open, 0U);
}

TEST_F(ClientTest, DoesNotReuseAConnectionThatEndsOrSaidTooMuch) {
  ScriptedUpstream upstream(
      world,
      {{reply_of("a", "Connection: close\r\n")}, {reply_of("b") + "HTTP/1.1 200 OK"}, {reply_of("c")}});
  Client client(world.executor(), world.wheel, local());
  EXPECT_EQ(send(client, to(upstream.port())).body, "a");
  EXPECT_EQ(send(client, to(upstream.port())).body, "b");
  EXPECT_EQ(send(client, to(upstream.port())).body, "c");
  EXPECT_EQ(client.counters().connections_opened, 3U);
  EXPECT_EQ(client.counters().connections_reused, 0U);
}

TEST_F(ClientTest, RetriesOnAFreshConnectionWhenAKeptOneIsGone) {
  ScriptedUpstream upstream(world, {{reply_of("a")}, {reply_of("b")}});
  Client client(world.executor(), world.wheel, local());
  EXPECT_EQ(send(client, to(upstream.port())).body, "a");
  world.run_until([&] { return upstream.connections_closed_ == 1; });
  const auto second = send(client, to(upstream.port()));
  EXPECT_EQ(second.body, "b");
  EXPECT_FALSE(second.timings.reused);
  EXPECT_EQ(client.counters().retries, 1U);
}

TEST_F(ClientTest, LooksAtAKeptConnectionBeforeItSendsWhatMustNotBeSentTwice) {
  ScriptedUpstream upstream(world, {{reply_of("a")}, {reply_of("b")}});
  Client client(world.executor(), world.wheel, local());
  EXPECT_EQ(send(client, to(upstream.port())).body, "a");
  world.run_until([&] { return upstream.connections_closed_ == 1; });
  EXPECT_EQ(send(client, to(upstream.port(), Method::post)).body, "b");
  EXPECT_EQ(client.counters().retries, 0U);
}

TEST_F(ClientTest, SendsAPostNoSecondTimeWhenItsConnectionBreaks) {
  ScriptedUpstream upstream(world, {{reply_of("a"), ""}, {reply_of("b")}});
  Client client(world.executor(), world.wheel, local());
  EXPECT_EQ(send(client, to(upstream.port())).body, "a");
  const auto error = failure(client, to(upstream.port(), Method::post));
  EXPECT_EQ(error.kind, ErrorKind::upstream);
  EXPECT_THAT(error.message, HasSubstr("connection closed before an answer"));
  EXPECT_EQ(upstream.requests().size(), 2U);
}

TEST_F(ClientTest, SaysHowMuchOfABodyCame) {
  ScriptedUpstream upstream(world, {{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"},
                                    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"},
                                    {"HTTP/1.1 200 OK\r\nContent-"}});
  Client client(world.executor(), world.wheel, local());
  const auto error = failure(client, to(upstream.port()));
  EXPECT_EQ(error.kind, ErrorKind::upstream);
  EXPECT_EQ(error.message, "GET http://127.0.0.1:" + std::to_string(upstream.port()) +
                               ": connection closed after 3 of 10 bytes of the body");
  EXPECT_THAT(failure(client, to(upstream.port())).message,
              HasSubstr("after 2 bytes of a body that had not ended"));
  EXPECT_THAT(failure(client, to(upstream.port())).message,
              HasSubstr("in the middle of the response's head"));
  EXPECT_EQ(client.counters().failures, 3U);
  EXPECT_EQ(client.counters().connections_open, 0U);
}

TEST_F(ClientTest, RefusesWhatIsNoResponse) {
  ScriptedUpstream upstream(world, {{"SSH-2.0-OpenSSH\r\n\r\n"},
                                    {"HTTP/1.1 101 Switching Protocols\r\n\r\n"},
                                    {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
                                    {"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n"}});
  Client client(world.executor(), world.wheel, local());
  EXPECT_THAT(failure(client, to(upstream.port())).message, HasSubstr("not a well-formed HTTP response"));
  EXPECT_THAT(failure(client, to(upstream.port())).message, HasSubstr("protocol that was not asked for"));
  EXPECT_THAT(failure(client, to(upstream.port())).message, HasSubstr("not a well-formed HTTP response"));
  EXPECT_THAT(failure(client, to(upstream.port())).message, HasSubstr("head of the response is larger"));
}

TEST_F(ClientTest, LimitsTheHeadOfAResponse) {
  constexpr std::size_t response_head_bytes_max = 64 << 10;
  const auto reply_with_head_of = [](std::size_t bytes) {
    const std::string_view begin = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
    const std::string_view end = "\r\n\r\n";
    return std::string(begin) + std::string(bytes - begin.size() - end.size(), 'x') + std::string(end);
  };
  ScriptedUpstream upstream(world, {{reply_with_head_of(response_head_bytes_max),
                                     reply_with_head_of(response_head_bytes_max + 1)}});
  Client client(world.executor(), world.wheel, local());
  EXPECT_EQ(send(client, to(upstream.port())).status, 200);
  const auto error = failure(client, to(upstream.port()));
  EXPECT_EQ(error.kind, ErrorKind::upstream);
  EXPECT_THAT(error.message, HasSubstr("the head of the response is larger than 65536 bytes"));
}

TEST_F(ClientTest, LimitsTheInterimResponses) {
  constexpr int interim_responses_max = 8;
  const auto reply_after = [](int interim) {
    std::string reply;
    for (int i = 0; i < interim; ++i) reply += "HTTP/1.1 103 Early Hints\r\n\r\n";
    return reply + reply_of("at last");
  };
  ScriptedUpstream upstream(world,
                            {{reply_after(interim_responses_max), reply_after(interim_responses_max + 1)}});
  Client client(world.executor(), world.wheel, local());
  EXPECT_EQ(send(client, to(upstream.port())).body, "at last");
  const auto error = failure(client, to(upstream.port()));
  EXPECT_EQ(error.kind, ErrorKind::upstream);
  EXPECT_THAT(error.message, HasSubstr("too many interim responses"));
}

TEST_F(ClientTest, LimitsTheBytesOfAResponse) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  ScriptedUpstream upstream(
      world, {{reply_of("12345"), reply_of("123456")},
              {chunked + "5\r\n12345\r\n0\r\n\r\n", chunked + "5\r\n12345\r\n1\r\n6\r\n0\r\n\r\n"},
              {"HTTP/1.1 200 OK\r\n\r\n123456"}});
  Client client(world.executor(), world.wheel, local());
  auto request = to(upstream.port());
  request.response_bytes_max = 5;
  EXPECT_EQ(send(client, request).body, "12345");
  EXPECT_EQ(failure(client, request).kind, ErrorKind::too_large);
  EXPECT_EQ(send(client, request).body, "12345");
  EXPECT_EQ(failure(client, request).kind, ErrorKind::too_large);
  EXPECT_EQ(failure(client, request).kind, ErrorKind::too_large);
}

TEST_F(ClientTest, AsksForACompressedBodyAndDecodesIt) {
  using namespace std::string_literals;
  const auto gzip =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x2a\x49\xad\x28\x51\xb2\x52\xca\x48\xcd\xc9\xc9\x57"
      "\xc0\x20\x95\x6a\x01\xbc\xc4\x6b\xea\x22\x00\x00\x00"s;
  constexpr auto encoded = "Content-Encoding: gzip\r\n";
  ScriptedUpstream upstream(
      world, {{reply_of(gzip, encoded), reply_of(gzip, encoded), reply_of("{}"), reply_of("{}"),
               "HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n", reply_of("{}", encoded)},
              {reply_of(gzip.substr(0, 30), encoded)},
              {reply_of(gzip, encoded)}});
  Client client(world.executor(), world.wheel, local());
  auto decoding = to(upstream.port());
  decoding.decodes_body = true;

  const auto decoded = send(client, decoding);
  EXPECT_EQ(decoded.body, R"({"text":"hello hello hello hello"})");
  EXPECT_TRUE(decoded.headers.empty());
  EXPECT_THAT(upstream.requests()[0], HasSubstr("\r\nAccept-Encoding: gzip, deflate, br\r\n"));

  EXPECT_EQ(send(client, to(upstream.port())).body, gzip);
  EXPECT_THAT(upstream.requests()[1], Not(HasSubstr("Accept-Encoding")));

  auto own = decoding;
  own.headers.add("accept-encoding", "identity");
  EXPECT_EQ(send(client, std::move(own)).body, "{}");
  EXPECT_THAT(upstream.requests()[2], Not(HasSubstr("gzip")));

  auto part = decoding;
  part.headers.add("Range", "bytes=0-1");
  EXPECT_EQ(send(client, std::move(part)).body, "{}");
  EXPECT_THAT(upstream.requests()[3], Not(HasSubstr("gzip")));

  EXPECT_EQ(send(client, decoding).status, 304);

  const auto wrong = failure(client, decoding);
  EXPECT_EQ(wrong.kind, ErrorKind::upstream);
  EXPECT_THAT(wrong.message, HasSubstr("not compressed as its Content-Encoding says"));
  const auto cut = failure(client, decoding);
  EXPECT_EQ(cut.kind, ErrorKind::upstream);
  EXPECT_THAT(cut.message, HasSubstr("ends before its end"));

  decoding.response_bytes_max = 33;
  const auto large = failure(client, std::move(decoding));
  EXPECT_EQ(large.kind, ErrorKind::too_large);
  EXPECT_THAT(large.message, HasSubstr("larger than 33 bytes"));
}

TEST_F(ClientTest, NamesTheHostOfACallAndNeitherPathNorQuery) {
  Acceptor closed(world.executor(), Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const auto port = closed.local_endpoint().port();
  closed.close();
  Client client(world.executor(), world.wheel, local());
  const auto error = failure(client, to(port));
  EXPECT_EQ(error.kind, ErrorKind::upstream);
  EXPECT_EQ(error.message, "GET http://127.0.0.1:" + std::to_string(port) + ": connection refused");
}

TEST_F(ClientTest, RefusesWhatWouldWriteAnotherHeader) {
  Client client(world.executor(), world.wheel, local());
  auto by_value = to(1);
  by_value.headers.add("X", "a\r\nHost: evil");
  EXPECT_EQ(failure(client, by_value).kind, ErrorKind::bad_request);
  auto by_name = to(1);
  by_name.headers.add("X: a\r\nY", "b");
  EXPECT_EQ(failure(client, by_name).kind, ErrorKind::bad_request);
  EXPECT_EQ(failure(client, to(1, Method::get, "/ HTTP/1.1\r\nHost: evil")).kind, ErrorKind::bad_request);
  EXPECT_EQ(failure(client, to(1, Method::get, "")).kind, ErrorKind::bad_request);
}

TEST_F(ClientTest, TakesATimeoutThatNeverPasses) {
  ScriptedUpstream upstream(world, {{reply_of("a")}});
  Client client(world.executor(), world.wheel, local());
  auto request = to(upstream.port());
  request.total_timeout = milliseconds::max();
  request.connect_timeout = milliseconds::max();
  EXPECT_EQ(send(client, request).body, "a");
}

TEST_F(ClientTest, ReachesNoPrivateAddressUnlessAllowed) {
  Client client(world.executor(), world.wheel, {});
  const auto literal = failure(client, to(80));
  EXPECT_EQ(literal.kind, ErrorKind::forbidden);
  EXPECT_EQ(literal.code, "address_denied");
  EXPECT_THAT(literal.message, HasSubstr("the address 127.0.0.1 is loopback"));
  auto named = to(80);
  named.url.origin.host = "localhost";
  EXPECT_EQ(failure(client, named).kind, ErrorKind::forbidden) << "the name is judged by what it resolves to";
}

TEST_F(ClientTest, ResolvesNames) {
  ScriptedUpstream upstream(world, {{reply_of("a")}});
  Client client(world.executor(), world.wheel, local());
  auto request = to(upstream.port());
  request.url.origin.host = "localhost";
  EXPECT_EQ(send(client, request).body, "a");
  request.url.origin.host = "name.invalid";
  EXPECT_EQ(failure(client, request).kind, ErrorKind::upstream);
}

TEST_F(ClientTest, EndsACallAtItsTotalTimeout) {
  ScriptedUpstream upstream(world, {{reply_of("a"), std::nullopt}});
  Client client(world.executor(), world.wheel, local());
  send(client, to(upstream.port()));
  const auto waiting = [&client] { return client.counters().connections_reused == 1; };
  const auto error = failure_after(client, to(upstream.port()), waiting, milliseconds(30'010));
  EXPECT_EQ(error.kind, ErrorKind::timeout);
  EXPECT_THAT(error.message, HasSubstr(": no answer within 30000 ms"));
  EXPECT_EQ(client.counters().connections_open, 0U);
}

TEST_F(ClientTest, EndsAConnectionAttemptAtItsTimeout) {
  // A full backlog leaves the connection without an answer.
  Acceptor full(world.executor());
  full.open(Tcp::v4());
  full.bind(Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  full.listen(0);
  std::vector<Socket> fill;
  for (int i = 0; i < 8; ++i) {
    fill.emplace_back(world.executor()).async_connect(full.local_endpoint(), [](boost::system::error_code) {
    });
  }
  world.context.restart();
  world.context.poll();
  Client client(world.executor(), world.wheel, local());
  const auto trying = [&client] { return client.counters().connections_opened == 1; };
  const auto error = failure_after(client, to(full.local_endpoint().port()), trying, milliseconds(10'010));
  EXPECT_EQ(error.kind, ErrorKind::timeout);
  EXPECT_THAT(error.message, HasSubstr("no connection within 10000 ms"));
}

TEST_F(ClientTest, QueuesCallsBeyondTheConnectionsOfAnOrigin) {
  TestHandler handler;
  RunningServer server(world, handler);
  Client client(world.executor(), world.wheel,
                local({.connections_per_origin_max = 2, .waiting_per_origin_max = 3}));
  int answered = 0;
  std::vector<Error> errors;
  const auto ended = [&](std::exception_ptr problem, const ClientResponse& response) {
    if (problem) {
      errors.push_back(error_of(problem));
    } else {
      EXPECT_EQ(response.status, 200);
      ++answered;
    }
  };
  for (int i = 0; i < 6; ++i) asio::co_spawn(world.context, client.send(to(server.port)), ended);
  world.run_until([&] { return answered + static_cast<int>(errors.size()) == 6; });
  EXPECT_EQ(answered, 5);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].kind, ErrorKind::too_many_requests);
  EXPECT_EQ(server.server.counters().connections_accepted, 2U);
  EXPECT_EQ(client.counters().waiting, 0U);
  client.close_idle();
}

TEST_F(ClientTest, LetsAQueuedCallTimeOutWithoutLosingAConnection) {
  ScriptedUpstream upstream(world, {{std::nullopt}, {reply_of("a")}});
  Client client(world.executor(), world.wheel, local({.connections_per_origin_max = 1}));
  bool first_ended = false;
  asio::co_spawn(world.context, client.send(to(upstream.port())),
                 [&first_ended](std::exception_ptr, const ClientResponse&) { first_ended = true; });
  auto impatient = to(upstream.port());
  impatient.total_timeout = milliseconds(1'000);
  const auto queued = [&client] { return client.counters().waiting == 1; };
  EXPECT_EQ(failure_after(client, impatient, queued, milliseconds(1'010)).kind, ErrorKind::timeout);
  EXPECT_EQ(client.counters().waiting, 0U);
  world.pass(milliseconds(30'000));
  world.run_until([&first_ended] { return first_ended; });
  EXPECT_EQ(send(client, to(upstream.port())).body, "a");
}

TEST_F(ClientTest, ClosesConnectionsThatStayIdle) {
  ScriptedUpstream upstream(world, {{reply_of("a"), std::nullopt}, {reply_of("b")}});
  Client client(world.executor(), world.wheel, local());
  send(client, to(upstream.port()));
  world.pass(milliseconds(59'000));
  EXPECT_EQ(client.counters().connections_idle, 1U);
  world.pass(milliseconds(1'010));
  EXPECT_EQ(client.counters().connections_idle, 0U);
  EXPECT_EQ(send(client, to(upstream.port())).body, "b");
}

TEST_F(ClientTest, GivesUpAConnectionBeforeTheOtherSideDoes) {
  ScriptedUpstream upstream(world,
                            {{reply_of("a", "Keep-Alive: timeout=5\r\n"), std::nullopt}, {reply_of("b")}});
  Client client(world.executor(), world.wheel, local());
  send(client, to(upstream.port()));
  world.pass(milliseconds(4'500));
  EXPECT_FALSE(send(client, to(upstream.port())).timings.reused);
  EXPECT_EQ(client.counters().connections_opened, 2U);
}

TEST_F(ClientTest, KeepsNoMoreIdleConnectionsThanTheLimit) {
  ScriptedUpstream first(world, {{reply_of("a"), std::nullopt}});
  ScriptedUpstream second(world, {{reply_of("b"), reply_of("c")}});
  Client client(world.executor(), world.wheel, local({.idle_connections_max = 1}));
  send(client, to(first.port()));
  send(client, to(second.port()));
  EXPECT_EQ(client.counters().connections_idle, 1U);
  EXPECT_TRUE(send(client, to(second.port())).timings.reused);
}

TEST_F(ClientTest, ReadsAnAnswerThatComesInsteadOfReadingTheRequest) {
  TestHandler handler;
  RunningServer server(world, handler);
  Client client(world.executor(), world.wheel, local());
  auto request = to(server.port, Method::post);
  request.body = std::string(8 << 20, 'b');
  EXPECT_EQ(send(client, request).status, 413);
}

// Takes a body as it comes, held back while the test says so.
struct Pieces {
  std::string all;
  std::size_t count = 0;
  std::size_t fail_at = 0;

  ClientRequest of(ClientRequest request) {
    request.on_piece = [this](std::string piece) { return take(std::move(piece)); };
    return request;
  }

 private:
  Task<void> take(std::string piece) {
    all += piece;
    if (++count == fail_at) throw Failure(ErrorKind::bad_request, "that is enough");
    co_return;
  }
};

TEST_F(ClientTest, HandsOverABodyPieceByPieceAndKeepsTheConnection) {
  const std::string large(100 << 10, 'x');
  ScriptedUpstream upstream(world, {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n19000\r\n" +
                                         large + "\r\n3\r\nend\r\n0\r\n\r\n",
                                     reply_of("again")}});
  Client client(world.executor(), world.wheel, local());
  Pieces pieces;
  auto request = pieces.of(to(upstream.port()));
  request.response_bytes_max = 10;
  const auto response = send(client, std::move(request));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(pieces.all, large + "end");
  EXPECT_GT(pieces.count, 1U);
  EXPECT_EQ(send(client, to(upstream.port())).body, "again");
}

TEST_F(ClientTest, AnErrorComesWholeThoughPiecesWereAskedFor) {
  ScriptedUpstream upstream(world, {{"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"}});
  Client client(world.executor(), world.wheel, local());
  Pieces pieces;
  EXPECT_EQ(send(client, pieces.of(to(upstream.port()))).body, "no");
  EXPECT_EQ(pieces.count, 0U);
}

TEST_F(ClientTest, WhatTheTakerOfAPieceThrowsEndsTheCall) {
  ScriptedUpstream upstream(
      world, {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", std::nullopt}});
  Client client(world.executor(), world.wheel, local());
  Pieces pieces{.fail_at = 1};
  EXPECT_EQ(failure(client, pieces.of(to(upstream.port()))).message, "that is enough");
  EXPECT_EQ(client.counters().connections_open, 0U);
}

TEST_F(ClientTest, ABodyInPiecesThatFallsSilentTimesOutThoughTheTotalTimeIsLonger) {
  ScriptedUpstream upstream(
      world, {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", std::nullopt}});
  Client client(world.executor(), world.wheel, local());
  Pieces pieces;
  auto request = pieces.of(to(upstream.port()));
  request.silence_timeout = milliseconds(500);
  const auto error =
      failure_after(client, std::move(request), [&] { return pieces.count > 0; }, milliseconds(600));
  EXPECT_EQ(error.kind, ErrorKind::timeout);
  EXPECT_THAT(error.message, HasSubstr("nothing came for 500 ms in the middle of the body"));
}

TEST_F(ClientTest, ABodyInPiecesThatBreaksOffIsAnError) {
  ScriptedUpstream upstream(world, {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n"}});
  Client client(world.executor(), world.wheel, local());
  Pieces pieces;
  EXPECT_THAT(failure(client, pieces.of(to(upstream.port()))).message,
              HasSubstr("connection closed after 3 bytes of a body that had not ended"));
}

}  // namespace
}  // namespace poly::http
