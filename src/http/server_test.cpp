#include "http/server.hpp"

#include <gmock/gmock.h>

#include "http/testing.hpp"

namespace poly::http {
namespace {

using std::chrono::milliseconds;
using testing::count_of;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawPeer;
using testing::RunningServer;
using ::testing::StartsWith;
using testing::talk;
using testing::TestHandler;
using testing::World;

constexpr std::string_view get = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";

Task<Response> throwing(Request) {
  throw std::runtime_error("the password is hunter2");
  co_return Response{};
}

Task<Response> splitting(Request) {
  Response response;
  response.headers.add("X-Note", "a\r\nSet-Cookie: b");
  co_return response;
}

// Answers when the test opens the gate.
struct Gate {
  explicit Gate(World& world) : timer(world.executor(), std::chrono::steady_clock::time_point::max()) {}
  void open() { timer.cancel(); }
  Task<Response> wait() {
    boost::system::error_code woken;
    auto token = boost::asio::redirect_error(use_task, woken);
    auto waiting = timer.async_wait(std::move(token));
    co_await std::move(waiting);
    Response response;
    response.body = "done";
    co_return response;
  }
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer;
};

// Finds out the target of a request before its body, and answers with that.
class FindingHandler final : public Handler {
 public:
  std::variant<Admitted, Response> admit(const Request& request) override {
    return Admitted{100, std::make_unique<Target>(request.target)};
  }
  Task<Response> handle(Request request, Admitted admitted) override {
    Response response;
    response.body = static_cast<const Target&>(*admitted.findings).text + " " + request.body;
    co_return response;
  }

 private:
  struct Target final : Findings {
    explicit Target(std::string target) : text(std::move(target)) {}
    std::string text;
  };
};

struct ServerTest : ::testing::Test {
  World world;
  TestHandler handler;
};

TEST_F(ServerTest, AnswersARequestWithLengthAndDate) {
  RunningServer server(world, handler);
  const auto answer = talk(world, server.port, get);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 11\r\n"));
  EXPECT_THAT(answer,
              ::testing::ContainsRegex("\r\nDate: [A-Z][a-z][a-z], [0-9][0-9] [A-Z][a-z][a-z] [0-9]+ "));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nGET /a?b=c "));
  ASSERT_EQ(handler.seen.size(), 1U);
  EXPECT_EQ(handler.seen[0].peer, "127.0.0.1");
  EXPECT_EQ(handler.seen[0].headers.get("host"), "x");
}

TEST_F(ServerTest, ReadsTheAbsoluteFormOfATarget) {
  RunningServer server(world, handler);
  EXPECT_THAT(talk(world, server.port, "GET http://x/p?q HTTP/1.1\r\nHost: x\r\n\r\n"),
              EndsWith("GET /p?q "));
  EXPECT_THAT(talk(world, server.port, "GET http://x?q HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("GET /?q "));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  RunningServer server(world, handler);
  std::string all;
  for (int i = 0; i < 100; ++i)
    all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab";
  const auto answers = talk(world, server.port, all);
  EXPECT_EQ(count_of(answers, "HTTP/1.1 200 OK"), 100U);
  ASSERT_EQ(handler.seen.size(), 100U);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(handler.seen[static_cast<std::size_t>(i)].target, "/" + std::to_string(i));
  EXPECT_EQ(server.server.counters().connections_accepted, 1U);
  EXPECT_EQ(server.server.counters().requests, 100U);
}

TEST_F(ServerTest, AnswersOthersBetweenThePipelinedRequestsOfOne) {
  constexpr std::size_t pipelined_requests = 100;
  RunningServer server(world, handler);
  const std::string of_many = "GET /many HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string of_one = "GET /one HTTP/1.1\r\nHost: x\r\n\r\n";
  RawPeer many(world, server.port);
  RawPeer one(world, server.port);
  for (auto* peer : {&many, &one}) {
    peer->send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
    peer->read_until("GET /first ");
  }
  std::string pipelined;
  for (std::size_t i = 0; i < pipelined_requests; ++i) pipelined += of_many;
  many.send(pipelined);
  one.send(of_one);
  world.run_until([this] { return handler.seen.size() == 2 + pipelined_requests + 1; });
  const auto turn = std::ranges::find(handler.seen, "/one", &Request::target);
  // One may be answered before the other connection is looked at, and one beside it.
  EXPECT_LE(turn - handler.seen.begin() - 2, 2);
}

TEST_F(ServerTest, GivesTheHandlerWhatItFoundBeforeTheBody) {
  FindingHandler finding;
  RunningServer server(world, finding);
  const auto answers = talk(world, server.port,
                            "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
                            "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nho");
  EXPECT_THAT(answers, HasSubstr("\r\n\r\n/a hi"));
  EXPECT_THAT(answers, EndsWith("\r\n\r\n/b ho"));
}

TEST_F(ServerTest, ReadsARequestThatArrivesByteByByte) {
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  const std::string request =
      "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1\r\nabc\r\n2\r\nde\r\n0\r\nT: "
      "v\r\n\r\n";
  for (const char byte : request) {
    const auto before = server.server.counters().bytes_read;
    peer.send({&byte, 1});
    world.run_until([&] { return server.server.counters().bytes_read > before; });
  }
  EXPECT_THAT(peer.read_until("abcde"), EndsWith("POST /x abcde"));
  EXPECT_EQ(handler.seen[0].headers.find("T"), nullptr) << "a trailer must not pass for a header";
}

TEST_F(ServerTest, KeepsAnOlderClientOnlyWhenItAsks) {
  RunningServer server(world, handler);
  const auto once = talk(world, server.port, "GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(count_of(once, "HTTP/1.1 200"), 1U);
  EXPECT_THAT(once, HasSubstr("Connection: close\r\n"));
  const auto twice =
      talk(world, server.port, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(count_of(twice, "HTTP/1.1 200"), 2U);
  EXPECT_THAT(twice, HasSubstr("Connection: keep-alive\r\n"));
}

TEST_F(ServerTest, ClosesWhenTheClientOrTheHandlerAsks) {
  RunningServer server(world, handler);
  RawPeer asking(world, server.port);
  asking.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(asking.read_to_end(), HasSubstr("Connection: close\r\n"));
  handler.refuse = [](const Request&) { return Response{404, {{"Connection", "close"}}, "no"}; };
  RawPeer asked(world, server.port);
  asked.send(get);
  EXPECT_THAT(asked.read_to_end(),
              AllOf(StartsWith("HTTP/1.1 404 Not Found"), HasSubstr("Connection: close\r\n")));
}

TEST_F(ServerTest, AnswersHeadWithTheLengthAndWithoutTheBody) {
  RunningServer server(world, handler);
  const auto answers = talk(world, server.port, "HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(get));
  EXPECT_THAT(answers, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(answers, Not(HasSubstr("HEAD /h")));
  EXPECT_THAT(answers, EndsWith("GET /a?b=c "));
}

TEST_F(ServerTest, InvitesTheBodyOfAClientThatExpectsIt) {
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(peer.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("abc");
  EXPECT_THAT(peer.read_until("abc"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(ServerTest, RefusesAnUnknownExpectation) {
  RunningServer server(world, handler);
  EXPECT_THAT(talk(world, server.port, "GET / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\n\r\n"),
              StartsWith("HTTP/1.1 417"));
}

TEST_F(ServerTest, RefusesABodyBeforeReadingItWhenItsLengthIsTooLarge) {
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
  const auto answer = peer.read_until("}");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 Content Too Large"));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(
      answer,
      EndsWith(R"({"statusCode":413,"message":"the body of the request is larger than 1000 bytes"})"));
  EXPECT_TRUE(handler.seen.empty());
}

TEST_F(ServerTest, TakesABodyUpToTheLimitInEitherFraming) {
  RunningServer server(world, handler);
  const std::string body(1000, 'b');
  EXPECT_THAT(talk(world, server.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body),
              EndsWith(body));
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_THAT(talk(world, server.port, head + "3e8\r\n" + body + "\r\n0\r\n\r\n"), EndsWith(body));
  EXPECT_THAT(talk(world, server.port, head + "3e8\r\n" + body + "\r\n1\r\nb\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(talk(world, server.port, head + "ffffffffffffffff\r\n"), StartsWith("HTTP/1.1 413"));
}

TEST_F(ServerTest, LetsTheClientSeeARefusalWhileItStillSends) {
  RunningServer server(world, handler);
  handler.refuse = [](const Request&) { return Response{401, {}, "who?"}; };
  RawPeer peer(world, server.port);
  peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + std::string(30'000, 'x'));
  EXPECT_THAT(peer.read_until("who?"), StartsWith("HTTP/1.1 401"));
  peer.send(std::string(30'000, 'x'));
  EXPECT_EQ(peer.read_to_end(), "");
}

TEST_F(ServerTest, KeepsTheConnectionAfterARefusalWithoutBody) {
  RunningServer server(world, handler);
  handler.refuse = [](const Request&) { return Response{401, {}, "who?"}; };
  EXPECT_EQ(count_of(talk(world, server.port, std::string(get) + std::string(get)), "HTTP/1.1 401"), 2U);
}

TEST_F(ServerTest, LimitsTheHead) {
  RunningServer server(world, handler, {.head_bytes_max = 8192});
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
  const auto of_size = [&start](std::size_t bytes) {
    return start + std::string(bytes - start.size() - 4, 'x') + "\r\n\r\n";
  };
  EXPECT_THAT(talk(world, server.port, of_size(8192)), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(talk(world, server.port, of_size(8193)), StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(talk(world, server.port, "GET /" + std::string(9000, 'x')), StartsWith("HTTP/1.1 431"));
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  while (many.size() < 9000) many += "A: b\r\n";
  EXPECT_THAT(talk(world, server.port, many + "\r\n"), StartsWith("HTTP/1.1 431"));
}

TEST_F(ServerTest, RefusesWhatIsNoRequest) {
  RunningServer server(world, handler);
  for (const std::string garbage : {
           "\x16\x03\x01\x02\x01\x01\xfc\x03\x03 hello of TLS\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
           "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
           "GET x HTTP/1.1\r\nHost: x\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
           "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       }) {
    EXPECT_THAT(talk(world, server.port, garbage), StartsWith("HTTP/1.1 400 Bad Request")) << garbage;
  }
  EXPECT_THAT(talk(world, server.port, "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 501"));
  EXPECT_THAT(
      talk(world, server.port, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
      StartsWith("HTTP/1.1 501"));
  EXPECT_TRUE(handler.seen.empty());
}

TEST_F(ServerTest, EndsAChunkLineThatNeverEnds) {
  RunningServer server(world, handler);
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;";
  EXPECT_THAT(talk(world, server.port, head + std::string(70'000, 'e')), StartsWith("HTTP/1.1 400"));
}

TEST_F(ServerTest, CutsOffAHeadThatDoesNotArriveInTime) {
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send("GET / HTTP/1.1\r\n");
  world.run_until([&] { return server.server.counters().bytes_read == 16; });
  world.pass(milliseconds(14'990));
  peer.send("Host: x\r\n");
  world.run_until([&] { return server.server.counters().bytes_read == 25; });
  world.pass(milliseconds(20));
  EXPECT_THAT(peer.read_until("}"), StartsWith("HTTP/1.1 408 Request Timeout"));
}

TEST_F(ServerTest, CutsOffABodyThatDoesNotArriveInTime) {
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  const std::string request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc";
  peer.send(request);
  world.run_until([&] { return server.server.counters().bytes_read == request.size(); });
  world.pass(milliseconds(119'000));
  EXPECT_EQ(server.server.counters().connections_active, 1U);
  world.pass(milliseconds(1'010));
  EXPECT_THAT(peer.read_until("}"), StartsWith("HTTP/1.1 408 Request Timeout"));
}

TEST_F(ServerTest, ClosesAnIdleConnectionInSilence) {
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send(get);
  EXPECT_THAT(peer.read_until("b=c "), StartsWith("HTTP/1.1 200"));
  world.pass(milliseconds(75'000));
  peer.send(get);
  EXPECT_THAT(peer.read_until("b=c "), StartsWith("HTTP/1.1 200"));
  world.pass(milliseconds(90'010));
  EXPECT_EQ(peer.read_to_end(), "");
}

TEST_F(ServerTest, TurnsAwayConnectionsBeyondTheLimit) {
  RunningServer server(world, handler, {.connections_max = 2});
  RawPeer first(world, server.port);
  RawPeer second(world, server.port);
  first.send(get);
  second.send(get);
  EXPECT_THAT(first.read_until("b=c "), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(second.read_until("b=c "), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(talk(world, server.port, get), StartsWith("HTTP/1.1 503 Service Unavailable"));
  EXPECT_EQ(server.server.counters().connections_refused, 1U);
  first.close();
  world.run_until([&] { return server.server.counters().connections_active == 1; });
  EXPECT_THAT(talk(world, server.port, get), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, HidesWhatAHandlerThrows) {
  RunningServer server(world, handler);
  handler.reply = throwing;
  const auto answers = talk(world, server.port, std::string(get) + std::string(get));
  EXPECT_EQ(count_of(answers, R"({"statusCode":500,"message":"Internal server error"})"), 2U);
  EXPECT_THAT(answers, Not(HasSubstr("hunter2")));
}

TEST_F(ServerTest, TakesNoUnreadBodyForARequestWhenAdmissionFails) {
  RunningServer server(world, handler);
  handler.refuse = [](const Request&) -> std::optional<Response> { throw std::runtime_error("broken"); };
  const auto answers =
      talk(world, server.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\n\r\n" + std::string(get));
  EXPECT_THAT(answers, StartsWith("HTTP/1.1 500"));
  EXPECT_EQ(count_of(answers, "HTTP/1.1"), 1U);
}

TEST_F(ServerTest, SendsNoBodyWithAStatusThatHasNone) {
  RunningServer server(world, handler);
  handler.refuse = [](const Request&) { return Response{204, {}, "stray"}; };
  const auto answers = talk(world, server.port, std::string(get) + std::string(get));
  EXPECT_EQ(count_of(answers, "HTTP/1.1 204 No Content"), 2U);
  EXPECT_THAT(answers, Not(HasSubstr("stray")));
  EXPECT_THAT(answers, Not(HasSubstr("Content-Length")));
}

TEST_F(ServerTest, AnswersWithNoStatusThatEndsNoRequest) {
  RunningServer server(world, handler);
  handler.refuse = [](const Request&) { return Response{101, {}, ""}; };
  EXPECT_THAT(talk(world, server.port, get), StartsWith("HTTP/1.1 500"));
}

TEST_F(ServerTest, LetsNoHeaderValueWriteAnotherHeader) {
  RunningServer server(world, handler);
  handler.reply = splitting;
  EXPECT_THAT(talk(world, server.port, get), AllOf(StartsWith("HTTP/1.1 500"), Not(HasSubstr("Set-Cookie"))));
}

TEST_F(ServerTest, SendsAnAnswerThatTheSocketDoesNotTakeAtOnce) {
  RunningServer server(world, handler);
  const std::string body(20 << 20, 'z');
  handler.refuse = [&body](const Request&) { return Response{200, {}, body}; };
  const auto answer = talk(world, server.port, get);
  EXPECT_EQ(answer.substr(answer.find("\r\n\r\n") + 4), body);
}

TEST_F(ServerTest, GivesUpOnAClientThatTakesNothing) {
  RunningServer server(world, handler);
  handler.refuse = [](const Request&) { return Response{200, {}, std::string(20 << 20, 'z')}; };
  RawPeer peer(world, server.port);
  peer.send(get);
  world.run_until([&] { return server.server.counters().bytes_written > 0; });
  world.run_until([&] {
    world.pass(milliseconds(10'000));
    return server.server.counters().connections_active == 0;
  });
}

TEST_F(ServerTest, SurvivesAClientThatGoesAwayDuringItsRequest) {
  RunningServer server(world, handler);
  Gate gate(world);
  handler.reply = [&gate](Request) { return gate.wait(); };
  RawPeer peer(world, server.port);
  peer.send(get);
  world.run_until([&] { return handler.seen.size() == 1; });
  peer.close();
  gate.open();
  world.run_until([&] { return server.server.counters().connections_active == 0; });
}

TEST_F(ServerTest, DrainsIdleConnectionsAtOnceAndLetsRequestsFinish) {
  Gate gate(world);
  Server server(world.executor(), handler, {}, world.wheel);
  const auto port = server.listen("127.0.0.1", 0);
  RawPeer idle(world, port);
  idle.send(get);
  EXPECT_THAT(idle.read_until("b=c "), StartsWith("HTTP/1.1 200"));
  handler.reply = [&gate](Request) { return gate.wait(); };
  RawPeer busy(world, port);
  busy.send(get);
  world.run_until([&] { return handler.seen.size() == 2; });

  bool drained = false;
  boost::asio::co_spawn(world.context, server.drain(milliseconds(5'000)),
                        [&drained](std::exception_ptr) { drained = true; });
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_FALSE(drained);
  EXPECT_THROW(RawPeer(world, port), boost::system::system_error) << "the port must not accept any more";
  gate.open();
  EXPECT_THAT(busy.read_to_end(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("done")));
  world.run_until([&drained] { return drained; });
}

TEST_F(ServerTest, CancelsWhatIsLeftAtTheDeadlineOfADrain) {
  Gate gate(world);
  Server server(world.executor(), handler, {}, world.wheel);
  handler.reply = [&gate](Request) { return gate.wait(); };
  RawPeer busy(world, server.listen("127.0.0.1", 0));
  busy.send(get);
  world.run_until([&] { return handler.seen.size() == 1; });
  bool drained = false;
  boost::asio::co_spawn(world.context, server.drain(milliseconds(5'000)),
                        [&drained](std::exception_ptr) { drained = true; });
  world.context.poll();
  world.pass(milliseconds(4'990));
  world.context.poll();
  EXPECT_FALSE(drained);
  world.pass(milliseconds(20));
  world.run_until([&drained] { return drained; });
}

TEST_F(ServerTest, SharesAPortOnlyWhenBothAgree) {
  Server first(world.executor(), handler, {}, world.wheel);
  Server second(world.executor(), handler, {}, world.wheel);
  const auto port = first.listen("127.0.0.1", 0, PortSharing::shared);
  EXPECT_EQ(second.listen("127.0.0.1", port, PortSharing::shared), port);
  Server third(world.executor(), handler, {}, world.wheel);
  try {
    third.listen("127.0.0.1", port);
    ADD_FAILURE() << "the port is taken";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.error().kind, ErrorKind::unavailable);
    EXPECT_THAT(failure.error().message, StartsWith("cannot listen on 127.0.0.1:" + std::to_string(port)));
  }
  EXPECT_THROW(third.listen("localhost", 0), Failure);
  world.run(first.drain(milliseconds(0)));
  world.run(second.drain(milliseconds(0)));
}

}  // namespace
}  // namespace poly::http
