// Documents that are cut off, or hold something else where something was expected.
#include <gtest/gtest.h>

#include "training/document_text.hpp"
#include "training/test_documents.hpp"

namespace poly::training {
namespace {

TEST(Truncation, EveryPrefixOfAJsonDocumentIsAnErrorAndNeverACrash) {
  const auto whole = file_text("examples/crm-to-marketing/upstreams/marketing.openapi.json");
  for (std::size_t part = 0; part < 50; ++part) {
    EXPECT_NE(error_of_training(whole.substr(0, whole.size() * part / 50)), "") << part << "/50";
  }
}

TEST(Truncation, EveryPrefixOfAYamlDocumentIsAnErrorOrSaysWhatIsMissing) {
  const auto whole = file_text("src/training/testdata/petstore.yaml");
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    const auto result = train_openapi(whole.substr(0, size), {.context = "shop"});
    if (!result) {
      EXPECT_FALSE(result.error().message.empty());
      continue;
    }
    EXPECT_EQ(result->functions.size() + result->webhooks.size() + result->report->refused.size(),
              static_cast<std::size_t>(result->report->operations));
  }
}

// Puts each of `others` in the place of every value of a tree, one at a time.
class Replacements {
 public:
  explicit Replacements(Json root) : root_(std::move(root)) {}

  template <class Visit>
  void each(Visit visit) {
    walk(root_, visit);
  }

 private:
  template <class Visit>
  void walk(Json& here, Visit& visit) {
    const Json others[] = {nullptr, 1, "text", JsonArray{"text"}, JsonObject{{"a", 1}}};
    auto original = std::move(here);
    here = others[count_++ % std::size(others)];
    visit(root_);
    here = std::move(original);
    if (auto* object = here.if_object()) {
      for (auto& member : *object) walk(member.value(), visit);
    } else if (auto* array = here.if_array()) {
      for (auto& item : *array) walk(item, visit);
    }
  }

  Json root_;
  std::size_t count_ = 0;
};

TEST(Robustness, AnyValueOfAWrongKindIsAnErrorOrARemarkAndNeverACrash) {
  Replacements replacements(
      value_or_throw(read_document(file_text("src/training/testdata/petstore.yaml"), {})));
  replacements.each([](const Json& document) {
    const auto result = train_openapi(to_text(document), {.context = "shop"});
    if (!result) {
      EXPECT_FALSE(result.error().message.empty());
      return;
    }
    EXPECT_EQ(result->functions.size() + result->webhooks.size() + result->report->refused.size(),
              static_cast<std::size_t>(result->report->operations));
  });
}

}  // namespace
}  // namespace poly::training
