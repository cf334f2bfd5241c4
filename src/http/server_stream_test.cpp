// Answers whose bodies are made while they are sent.
#include <deque>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "base/one_shot.hpp"
#include "http/body_source.hpp"
#include "http/server.hpp"
#include "http/testing.hpp"

namespace poly::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using testing::count_of;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawPeer;
using testing::RunningServer;
using ::testing::StartsWith;
using testing::TestHandler;
using testing::World;

constexpr std::string_view get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

// What the test sees of a source.
struct Watched {
  std::size_t asked = 0;
  bool waiting = false;
  bool cancelled = false;
  bool gone = false;
};

// Gives `pieces`, then fails, ends, or waits until the server or the client does not want it any more.
class ScriptedSource final : public BodySource {
 public:
  enum class End { well, failing, never };

  ScriptedSource(World& world, Watched& watched, std::deque<std::string> pieces, End end)
      : watched_(watched), pieces_(std::move(pieces)), end_(end), stopped_(world.executor()) {}
  ~ScriptedSource() override { watched_.gone = true; }

  Task<std::optional<std::string>> next() override {
    ++watched_.asked;
    if (!pieces_.empty()) {
      auto piece = std::move(pieces_.front());
      pieces_.pop_front();
      co_return piece;
    }
    if (end_ == End::failing) throw Failure(ErrorKind::function_failed, "no more of it");
    if (end_ == End::never) {
      watched_.waiting = true;
      auto waiting = stopped_.wait();
      co_await std::move(waiting);
    }
    co_return std::nullopt;
  }
  void cancel() override {
    watched_.cancelled = true;
    stopped_.deliver(fail(ErrorKind::unavailable, "nobody reads"));
  }
  void drain() override { stopped_.deliver(true); }

 private:
  Watched& watched_;
  std::deque<std::string> pieces_;
  const End end_;
  OneShot<bool> stopped_;
};

struct ServerStreamTest : ::testing::Test {
  using End = ScriptedSource::End;

  void answer_with(std::deque<std::string> pieces, End end = End::well) {
    handler.reply = [this, pieces = std::move(pieces), end](Request) { return streamed(pieces, end); };
  }

  World world;
  TestHandler handler;
  Watched watched;

 private:
  Task<Response> streamed(std::deque<std::string> pieces, End end) {
    Response response;
    response.body_source = std::make_shared<ScriptedSource>(world, watched, std::move(pieces), end);
    co_return response;
  }
};

TEST_F(ServerStreamTest, SendsEachPieceAsAChunkAndKeepsTheConnection) {
  answer_with({"one", std::string(20, 'x'), "", "three"});
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send(get);
  const auto first = peer.read_until("\r\n0\r\n\r\n");
  EXPECT_THAT(first, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_THAT(first, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(first,
              EndsWith("\r\n\r\n3\r\none\r\n14\r\n" + std::string(20, 'x') + "\r\n5\r\nthree\r\n0\r\n\r\n"));
  world.run_until([this] { return watched.gone; });
  handler.reply = &TestHandler::echo;
  peer.send(get);
  EXPECT_THAT(peer.read_until("GET /a "), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(ServerStreamTest, SendsABodyWithoutPieces) {
  answer_with({});
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send(get);
  EXPECT_THAT(peer.read_until("0\r\n\r\n"), EndsWith("\r\n\r\n0\r\n\r\n"));
}

TEST_F(ServerStreamTest, SendsThePiecesThatAreThereWhileItWaitsForMore) {
  answer_with({"now"}, End::never);
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send(get);
  EXPECT_THAT(peer.read_until("now\r\n"), EndsWith("3\r\nnow\r\n"));
}

TEST_F(ServerStreamTest, AnOlderClientGetsItToTheEndOfTheConnection) {
  answer_with({"one", "two"});
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto answer = peer.read_to_end();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nonetwo"));
}

TEST_F(ServerStreamTest, HeadIsAnsweredWithoutAskingTheSource) {
  answer_with({"one"});
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(peer.read_until("\r\n\r\n"), HasSubstr("Transfer-Encoding: chunked\r\n"));
  peer.send(get);
  EXPECT_THAT(peer.read_until("0\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(watched.asked, 2U) << "only by the second request";
}

TEST_F(ServerStreamTest, ASourceThatFailsCutsTheConnectionBeforeTheLastChunk) {
  answer_with({"one"}, End::failing);
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send(get);
  EXPECT_THAT(peer.read_to_end(), EndsWith("3\r\none\r\n"));
}

TEST_F(ServerStreamTest, ASourceThatWaitsIsDroppedWhenTheClientGoes) {
  answer_with({"one"}, End::never);
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send(get);
  world.run_until([this] { return watched.waiting; });
  peer.close();
  world.run_until([this] { return watched.gone; });
  EXPECT_TRUE(watched.cancelled);
  EXPECT_EQ(server.server.counters().connections_active, 0U);
}

TEST_F(ServerStreamTest, ASourceThatWaitsIsDroppedThoughTheNextRequestCameFirst) {
  answer_with({"one"}, End::never);
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send(std::string(get) + std::string(get));
  world.run_until([this] { return watched.waiting; });
  peer.close();
  world.run_until([this] { return watched.gone; });
  EXPECT_EQ(handler.seen.size(), 1U);
}

TEST_F(ServerStreamTest, TheNextRequestWaitsForTheEndOfTheBody) {
  answer_with({"one"});
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send(std::string(get) + "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(count_of(peer.read_to_end(), "3\r\none\r\n0\r\n\r\n"), 2U);
}

TEST_F(ServerStreamTest, AClientThatStopsReadingHoldsTheSourceBackAndIsCut) {
  answer_with(std::deque<std::string>(200, std::string(1 << 20, 'x')));
  RunningServer server(world, handler, {.stalled_reader_time_max = milliseconds(5000)});
  RawPeer peer(world, server.port);
  peer.send(get);
  world.run_until_idle();
  EXPECT_LT(watched.asked, 100U) << "what the kernel holds, and no more";
  world.pass(milliseconds(4900));
  EXPECT_FALSE(watched.gone);
  world.pass(milliseconds(200));
  world.run_until([this] { return watched.gone; });
}

TEST_F(ServerStreamTest, ADrainingServerEndsABodyThatHasNoEnd) {
  answer_with({"one"}, End::never);
  bool drained = false;
  RunningServer server(world, handler);
  RawPeer peer(world, server.port);
  peer.send(get);
  world.run_until([this] { return watched.waiting; });
  asio::co_spawn(world.context, server.server.drain(milliseconds(1000)),
                 [&drained](std::exception_ptr) { drained = true; });
  EXPECT_THAT(peer.read_to_end(), EndsWith("3\r\none\r\n0\r\n\r\n"));
  world.run_until([&drained] { return drained; });
  EXPECT_FALSE(watched.cancelled);
}

TEST_F(ServerStreamTest, WhatIsLeftWhenTheDrainIsOverIsCut) {
  bool drained = false;
  RunningServer server(world, handler);
  answer_with(std::deque<std::string>(200, std::string(1 << 20, 'x')));
  RawPeer peer(world, server.port);
  peer.send(get);
  world.run_until_idle();
  asio::co_spawn(world.context, server.server.drain(milliseconds(1000)),
                 [&drained](std::exception_ptr) { drained = true; });
  world.run_until_idle();
  world.pass(milliseconds(900));
  EXPECT_FALSE(watched.gone);
  world.pass(milliseconds(200));
  world.run_until([&drained] { return drained; });
  EXPECT_TRUE(watched.gone);
}

}  // namespace
}  // namespace poly::http
