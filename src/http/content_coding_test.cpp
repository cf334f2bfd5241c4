#include "http/content_coding.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>
#include <zlib.h>

namespace poly::http {
namespace {

using namespace std::string_literals;

constexpr std::size_t plenty = 1 << 20;
const std::string text = R"({"text":"hello hello hello hello"})";

// The text in each coding, as Node.js' zlib writes it.
const std::string bare = "\xab\x56\x2a\x49\xad\x28\x51\xb2\x52\xca\x48\xcd\xc9\xc9\x57\xc0\x20\x95\x6a\x01"s;
const std::string gzip =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"s + bare + "\xbc\xc4\x6b\xea\x22\x00\x00\x00"s;
const std::string zlib = "\x78\x9c"s + bare + "\xd2\x20\x0c\x30"s;
const std::string brotli =
    "\x1b\x21\x00\xf8\x1d\x09\x76\x4c\xe2\x37\x14\x4f\x0c\x65\x19\xda\x5e\xe9\xf4\xb5\x08\x1b\xc8\xdb\x92"
    "\x44\x9f\x3a\x40\x04\xfb\x48\x7d\x08"s;

struct Sample {
  std::string_view coding;
  const std::string& bytes;
};
const std::array<Sample, 4> samples{{{"gzip", gzip}, {"deflate", zlib}, {"deflate", bare}, {"br", brotli}}};

TEST(ContentCoding, GivesTheBodyHoweverItComesInPieces) {
  for (const auto& sample : samples) {
    for (std::size_t size = 1; size <= sample.bytes.size(); ++size) {
      const auto decoder = content_decoder(sample.coding);
      std::string body;
      for (std::size_t at = 0; at < sample.bytes.size(); at += size) {
        ASSERT_EQ(decoder->feed(std::string_view(sample.bytes).substr(at, size), body, plenty),
                  Decoded::need_more);
      }
      EXPECT_EQ(body, text) << sample.coding << " in pieces of " << size;
      EXPECT_TRUE(decoder->is_whole());
    }
  }
}

TEST(ContentCoding, ABodyThatIsCutOffIsNotWhole) {
  for (const auto& sample : samples) {
    const auto decoder = content_decoder(sample.coding);
    std::string body;
    const auto cut = std::string_view(sample.bytes).substr(0, sample.bytes.size() - 1);
    EXPECT_EQ(decoder->feed(cut, body, plenty), Decoded::need_more);
    EXPECT_FALSE(decoder->is_whole()) << sample.coding;
  }
}

TEST(ContentCoding, AnEmptyBodyIsWhole) {
  for (const auto& sample : samples) EXPECT_TRUE(content_decoder(sample.coding)->is_whole());
}

TEST(ContentCoding, StopsAtTheLimit) {
  for (const auto& sample : samples) {
    std::string body;
    EXPECT_EQ(content_decoder(sample.coding)->feed(sample.bytes, body, text.size() - 1), Decoded::too_large);
    body.clear();
    EXPECT_EQ(content_decoder(sample.coding)->feed(sample.bytes, body, text.size()), Decoded::need_more);
    EXPECT_EQ(body, text);
  }
}

// 64 MiB of zeros as gzip, less than 1 MiB.
std::string bomb() {
  const std::string zeros(64 << 20, '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
  stream.avail_in = static_cast<uInt>(zeros.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST(ContentCoding, ABombIsGivenUpAtTheLimitAndNeverHeld) {
  std::string body;
  EXPECT_EQ(content_decoder("gzip")->feed(bomb(), body, plenty), Decoded::too_large);
  EXPECT_LE(body.size(), plenty);
  EXPECT_LE(body.capacity(), 2 * plenty);
}

TEST(ContentCoding, RefusesWhatIsNotOfItsCoding) {
  std::string body;
  EXPECT_EQ(content_decoder("gzip")->feed(text, body, plenty), Decoded::wrong);
  EXPECT_EQ(content_decoder("deflate")->feed("\xff\xff\xff\xff", body, plenty), Decoded::wrong);
  EXPECT_EQ(content_decoder("br")->feed("\xff\xff\xff\xff\xff\xff", body, plenty), Decoded::wrong);
  EXPECT_EQ(content_decoder("br")->feed(brotli + "more", body, plenty), Decoded::wrong);
}

TEST(ContentCoding, ReadsGzipFilesOneAfterTheOther) {
  const auto decoder = content_decoder("X-GZIP");
  std::string body;
  EXPECT_EQ(decoder->feed(gzip + gzip, body, plenty), Decoded::need_more);
  EXPECT_EQ(body, text + text);
  EXPECT_TRUE(decoder->is_whole());
}

TEST(ContentCoding, KnowsNoOtherCodings) {
  for (const auto* coding : {"", "identity", "zstd", "gzip, br"}) EXPECT_EQ(content_decoder(coding), nullptr);
}

}  // namespace
}  // namespace poly::http
