// The arguments of one call, as they travel from whoever calls to what runs.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace poly::execution {

// An object by name or an array by position. Those read from a text keep it: what is handed on unchanged
// need not be written again. Their values lie in one piece of memory that goes with them.
class CallArguments final {
 public:
  CallArguments() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a JSON value is what most callers have
  CallArguments(Json value) : value_(std::move(value)) {}

  // Throws Failure{bad_request} that names `what` ("the request body") when it is no JSON.
  static CallArguments parse(std::string text, std::string_view what);

  CallArguments(CallArguments&&) noexcept = default;
  CallArguments& operator=(CallArguments&& other) noexcept;
  ~CallArguments() = default;

  const Json& value() const { return value_; }
  // For changing it: the text says no longer the same.
  Json& change() {
    text_.clear();
    return value_;
  }

  // What they were read from, or "" when that is not known.
  const std::string& text() const { return text_; }
  // The JSON text of the value.
  std::string take_text() { return text_.empty() ? to_text(value_) : std::move(text_); }

 private:
  struct Memory;

  std::shared_ptr<Memory> memory_;  // of the value; before it, so that it goes after it
  std::string text_;
  Json value_;
};

}  // namespace poly::execution
