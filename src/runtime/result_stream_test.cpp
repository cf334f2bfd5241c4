#include "runtime/result_stream.hpp"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace poly::runtime {
namespace {

// A stream between two loops, both run by the test.
struct ResultStreamTest : testing::Test {
  boost::asio::io_context worker_loop{1};
  boost::asio::io_context reader_loop{1};
  std::vector<std::size_t> taken;
  int abandoned = 0;
  std::shared_ptr<ResultStream> stream = std::make_shared<ResultStream>(
      StreamFeedback{worker_loop.get_executor(), [this](std::size_t bytes) { taken.push_back(bytes); },
                     [this] { ++abandoned; }});
  std::optional<ResultReader> reader{stream};

  struct Read {
    bool done = false;
    std::optional<std::string> piece;
    std::optional<Error> problem;
  };
  std::shared_ptr<Read> start_reading() {
    auto read = std::make_shared<Read>();
    boost::asio::co_spawn(reader_loop, reader->next(),
                          [read](std::exception_ptr problem, std::optional<std::string> piece) {
                            read->done = true;
                            read->piece = std::move(piece);
                            if (problem) read->problem = error_of(problem);
                          });
    run(reader_loop);
    return read;
  }
  static void run(boost::asio::io_context& loop) {
    loop.restart();
    loop.poll();
  }
};

TEST_F(ResultStreamTest, GivesAllThatHasComeAsOnePiece) {
  stream->add("one");
  stream->add("two");
  EXPECT_EQ(start_reading()->piece, "onetwo");
}

TEST_F(ResultStreamTest, WakesAReaderThatWaits) {
  const auto read = start_reading();
  EXPECT_FALSE(read->done);
  stream->add("late");
  run(reader_loop);
  EXPECT_EQ(read->piece, "late");
}

TEST_F(ResultStreamTest, EndsBehindTheLastPiece) {
  stream->add("last");
  stream->end(std::nullopt);
  EXPECT_EQ(start_reading()->piece, "last");
  const auto end = start_reading();
  EXPECT_TRUE(end->done);
  EXPECT_EQ(end->piece, std::nullopt);
  EXPECT_EQ(end->problem, std::nullopt);
}

TEST_F(ResultStreamTest, FailsBehindTheLastPiece) {
  stream->add("last");
  stream->end(Error{ErrorKind::function_failed, "broke", "", {}});
  EXPECT_EQ(start_reading()->piece, "last");
  EXPECT_EQ(start_reading()->problem->message, "broke");
}

TEST_F(ResultStreamTest, TellsTheWorkerWhatWasTakenInPortions) {
  stream->add(std::string(taken_portion_bytes - 1, 'x'));
  start_reading();
  run(worker_loop);
  EXPECT_TRUE(taken.empty());
  stream->add("xy");
  start_reading();
  run(worker_loop);
  EXPECT_EQ(taken, std::vector{taken_portion_bytes + 1});
}

TEST_F(ResultStreamTest, CancellingEndsTheWait) {
  const auto read = start_reading();
  reader->cancel();
  run(reader_loop);
  EXPECT_EQ(read->problem->kind, ErrorKind::unavailable);
}

TEST_F(ResultStreamTest, DroppingTheReaderGivesTheCallUpUnlessItHasEnded) {
  reader.reset();
  run(worker_loop);
  EXPECT_EQ(abandoned, 1);
  stream->end(std::nullopt);
  reader.emplace(stream);
  reader.reset();
  run(worker_loop);
  EXPECT_EQ(abandoned, 1);
}

TEST_F(ResultStreamTest, HoldsWhatBelongsToTheCallUntilTheEnd) {
  auto held = std::make_shared<int>(1);
  reader->hold_until_end(held);
  EXPECT_EQ(held.use_count(), 2);
  stream->end(std::nullopt);
  EXPECT_EQ(held.use_count(), 1);
  reader->hold_until_end(held);
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(ResultStreamTest, LosesNothingBetweenTwoThreads) {
  constexpr std::size_t pieces = 20'000;
  std::size_t got = 0;
  const auto count = [](ResultReader& from, std::size_t& bytes) -> Task<void> {
    for (;;) {
      auto reading = from.next();
      const auto piece = co_await std::move(reading);
      if (!piece) co_return;
      bytes += piece->size();
    }
  };
  boost::asio::co_spawn(reader_loop, count(*reader, got), [](std::exception_ptr) {});
  const auto guard = boost::asio::make_work_guard(reader_loop);
  std::thread writing([this] {
    for (std::size_t i = 0; i < pieces; ++i) stream->add("abc");
    stream->end(std::nullopt);
    boost::asio::post(reader_loop, [this] { reader_loop.stop(); });
  });
  reader_loop.run();
  writing.join();
  run(reader_loop);
  EXPECT_EQ(got, 3 * pieces);
}

}  // namespace
}  // namespace poly::runtime
