// Answers of other systems to functions of a model: called just now through the server, or read from a file
// of samples. `poly model verify` compares them with the model, `poly model infer` makes types of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/shell.hpp"
#include "spec/api_function.hpp"

namespace poly::cli {

struct Observed {
  int status = 0;
  std::string content_type;
  Json data;  // JSON, or the text of another answer
};

// What was seen of one function.
struct Observation {
  std::string path;
  std::vector<Observed> answers;
  std::string skipped;                // why it was not called, or ""
  std::vector<std::string> failures;  // of calls that no answer came to
};

// A samples file: by the path of a function a list of `{"arguments": {…}}`, which is called, and of
// `{"status": 200, "data": …}`, which stands for an answer.
using Samples = std::map<std::string, JsonArray>;

Samples read_samples(Shell& shell, const std::optional<std::string>& file);

// Without samples a function is called when that changes nothing and needs nothing: GET or HEAD without
// required arguments.
std::vector<Observation> observe(Shell& shell, const std::vector<spec::ApiFunction>& functions,
                                 const Samples& samples);

}  // namespace poly::cli
