// Whatever stands in a recording, training ends with functions that can be published and a word on all
// others.
#include <random>

#include <gtest/gtest.h>

#include "training/check_api_function.hpp"
#include "training/recording.hpp"

namespace poly::training {
namespace {

class RandomRequests {
 public:
  explicit RandomRequests(unsigned seed) : random_(seed) {}

  RecordedRequest request() {
    RecordedRequest out;
    out.name = text();
    if (pick(2)) out.group = {text(), text()};
    out.method = pick(4) ? "POST" : text();
    out.url = (pick(4) ? "https://a.example/" : "") + text();
    for (int i = pick(3); i > 0; --i) out.headers.push_back(pair());
    if (pick(3) == 0) out.auth = auth();
    if (pick(4)) out.body = body();
    for (int i = pick(3); i > 0; --i)
      out.variables[variables_[pick(3)]] = {.value = value(), .description = text()};
    for (int i = pick(3); i > 0; --i) {
      out.samples.push_back({static_cast<int>(pick(600)), {{"content-type", text()}}, text()});
    }
    return out;
  }

 private:
  std::size_t pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
  }

  std::string text() {
    std::string out;
    for (auto i = pick(7); i > 0; --i) out += pieces_[pick(pieces_.size())];
    return out;
  }

  Json value() {
    switch (pick(4)) {
      case 0:
        return nullptr;
      case 1:
        return 17;
      case 2:
        return JsonArray{text(), 1.5};
      default:
        return Json(text());
    }
  }

  spec::KeyValue pair() {
    spec::KeyValue out{text(), text(), std::nullopt};
    if (pick(4) == 0) out.type = "file";
    return out;
  }

  spec::ApiAuth auth() {
    spec::ApiAuth out;
    out.type = enum_words<spec::AuthType>[pick(enum_words<spec::AuthType>.size())].value;
    for (auto* list : {&out.basic, &out.bearer, &out.apikey}) {
      for (auto i = pick(3); i > 0; --i) list->push_back(pair());
    }
    return out;
  }

  spec::ApiBody body() {
    spec::ApiBody out;
    out.mode = enum_words<spec::BodyMode>[pick(enum_words<spec::BodyMode>.size())].value;
    if (pick(2)) out.raw = pick(2) ? R"({"a":[1,{"b":null}],"c":"{{x}}"})" : text();
    if (pick(2)) out.language = pick(2) ? "json" : "xml";
    for (auto i = pick(4); i > 0; --i) out.formdata.push_back(pair());
    for (auto i = pick(4); i > 0; --i) out.urlencoded.push_back(pair());
    return out;
  }

  static constexpr std::array<std::string_view, 26> pieces_{
      "{{x}}", "{{ my id }}", "{{",  "}}", "{",  "}",   "[", "]",     "\"", "\\", "?",   "&",    "=",
      "#",     "/",           "://", "a",  "17", "%41", "%", "token", " ",  "\n", "héé", "{{}}", "http"};
  static constexpr std::array<const char*, 3> variables_{"x", "my id", "token"};
  std::mt19937 random_;
};

TEST(RecordingRobustness, EveryRequestIsAFunctionThatHoldsTogetherOrRefusedByReason) {
  constexpr int requests_each = 20;
  std::size_t made = 0;
  for (unsigned seed = 0; seed < 150; ++seed) {
    RandomRequests random(seed);
    Recording recording;
    for (int i = 0; i < requests_each; ++i) recording.requests.push_back(random.request());
    const auto result = train_recording(recording, {.context = "test"});
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->functions.size() + result->report->refused.size(), std::size_t{requests_each});
    made += result->functions.size();
    for (const auto& function : result->functions)
      EXPECT_EQ(check_api_function(function), std::vector<std::string>{}) << seed << encode_text(function);
    for (const auto& refused : result->report->refused) EXPECT_FALSE(refused.reason.empty());
    const auto again = train_recording(recording, {.context = "test"});
    EXPECT_EQ(*result, *again) << seed;
  }
  EXPECT_GT(made, 100u);
}

}  // namespace
}  // namespace poly::training
