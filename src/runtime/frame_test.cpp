// Frames: bytes in, frames out, whatever the bytes are.
#include "runtime/frame.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "runtime/frame_fuzz.hpp"

namespace poly::runtime {
namespace {

// What the fuzzer begins with, and what it has found: a frame of each kind, and streams that are none.
std::map<std::string, FramesRead> read_kept_seeds() {
  const auto folder = std::filesystem::path(OPENPOLY_SOURCE_DIR) / "tests/fuzz/frame_fuzz";
  std::map<std::string, FramesRead> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::stringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    all.emplace(entry.path().filename(), read_as_frames(bytes.str()));
  }
  return all;
}

TEST(Frames, OfEveryKindThatAWorkerSendsAreReadFromTheKeptSeeds) {
  std::set<FrameKind> kinds;
  for (const auto& [name, seen] : read_kept_seeds()) {
    if (name.starts_with("broken_")) continue;
    EXPECT_FALSE(seen.broken) << name;
    EXPECT_EQ(seen.refused_headers, 0u) << name;
    kinds.insert(seen.kinds.begin(), seen.kinds.end());
  }
  EXPECT_EQ(kinds, (std::set{FrameKind::hello, FrameKind::loaded, FrameKind::result, FrameKind::error,
                             FrameKind::log, FrameKind::nested, FrameKind::chunk}));
}

TEST(Frames, ThatAreBrokenInTheKeptSeedsAreRefused) {
  for (const auto& [name, seen] : read_kept_seeds()) {
    if (!name.starts_with("broken_")) continue;
    EXPECT_TRUE(seen.broken || seen.refused_headers > 0) << name;
  }
}

TEST(Frames, AreCutFromAnyPiecesOfAStream) {
  std::string bytes;
  append_frame(bytes, FrameKind::result, 7, R"({"text":true})", "hello");
  append_frame(bytes, FrameKind::loaded, 0);
  FrameReader reader;
  std::vector<std::string> seen;
  for (const char byte : bytes) {
    *reader.prepare(1) = byte;
    reader.commit(1);
    while (true) {
      const auto frame = reader.next();
      ASSERT_TRUE(frame);
      if (!*frame) break;
      seen.push_back(std::to_string((*frame)->id) + std::string((*frame)->header) +
                     std::string((*frame)->body));
    }
  }
  EXPECT_EQ(seen, (std::vector<std::string>{R"(7{"text":true}hello)", "0"}));
}

TEST(Frames, RefuseGarbage) {
  for (const std::string& garbage :
       {std::string("\x01\x00\x00\x00", 4), std::string("\xff\xff\xff\xff", 4),
        std::string("\x05\x00\x00\x00\x01\x00\x00\x00\x00", 9),
        std::string("\x09\x00\x00\x00\x43\x00\x00\x00\x00\xff\x00\x00\x00", 13)}) {
    FrameReader reader;
    std::copy(garbage.begin(), garbage.end(), reader.prepare(garbage.size()));
    reader.commit(garbage.size());
    EXPECT_FALSE(reader.next());
  }
}

}  // namespace
}  // namespace poly::runtime
