// The variables of a recorded request on their way to being arguments: each becomes one where it is first
// used.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "training/draft.hpp"
#include "training/recorded_request.hpp"
#include "training/sample_value.hpp"

namespace poly::training {

// Whether `text` has a `{{variable}}`.
bool has_holes(std::string_view text);

class RecordedVariables final {
 public:
  RecordedVariables(FunctionDraft& draft, const std::map<std::string, RecordedVariable>& known)
      : draft_(draft), known_(known) {}

  // Text of a URL, header or form with its holes named like their arguments.
  std::string fill(std::string_view text, ArgumentGroup group);
  // The same for a JSON body, where a hole outside quotes is any JSON value, and one inside is text.
  std::string fill_json(std::string_view text);

  // A new argument in the place of a literal that was recorded, and its placeholder. It may be left out: one
  // recording shows that a value can be sent, not that it must be.
  std::string replace_literal(std::string_view key, std::string_view literal, ArgumentGroup group);

  // What stood there once, or null when nobody knows.
  const Json& value_of(std::string_view variable) const;

 private:
  enum class Quotes { none, json_string, json_value };

  std::string argument_for(const std::string& variable, ArgumentGroup group, Quotes quotes);
  SampleType type_of(const RecordedVariable& variable, Quotes quotes) const;

  FunctionDraft& draft_;
  const std::map<std::string, RecordedVariable>& known_;
  std::map<std::string, std::string> arguments_;  // by variable
};

// What an argument's description says of the value that was recorded in its place, or nothing for a secret.
std::optional<std::string> example_of(std::string_view key, std::string_view literal);

}  // namespace poly::training
