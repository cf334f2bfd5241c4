// An OpenAPI document as a tree whose references can be followed.
//
// Everything that reads an operation throws Failure when the operation cannot become what it should; the
// loop over the operations catches it and writes the reason into the report.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace poly::training {

inline constexpr int reference_hops_max = 32;

// Where a value stands, for the names of what is made from it. `pointer` is a JSON pointer without `#`,
// and empty when no reference led there.
struct Located {
  const Json* value = nullptr;
  std::string pointer;
};

class OpenApiDocument final {
 public:
  // Checks that this is OpenAPI 3.0 or 3.1 with something in it; says what it is when it is not.
  static Result<OpenApiDocument> create(Json root);

  const JsonObject& root() const { return root_.get_object(); }
  std::string_view title() const;
  bool is_3_0() const { return is_3_0_; }
  bool uses_security() const { return uses_security_; }  // `security` stands somewhere, at least once

  // The value that a reference such as `#/components/schemas/Pet` names, one hop. Failure when it lies in
  // another document or is not there.
  Located at(std::string_view reference) const;
  // `value` itself, or what it refers to through any number of hops. Failure when they go in a circle.
  Located resolve(const Json& value) const;
  // The same for a value that must be an object; `what` names it in the failure ("parameter").
  const JsonObject& object(const Json& value, std::string_view what) const;

 private:
  OpenApiDocument(Json root, bool is_3_0);

  Json root_;
  bool is_3_0_;
  bool uses_security_;
};

// The text of `$ref`, or "" when `value` is no reference.
std::string_view reference_of(const Json& value);
// Members of something; a missing one, or null, reads as empty or false. Failure when it is of another
// kind.
const JsonObject& object_member(const JsonObject& parent, std::string_view key);
const JsonArray& array_member(const JsonObject& parent, std::string_view key);
bool flag_member(const JsonObject& parent, std::string_view key);

}  // namespace poly::training
