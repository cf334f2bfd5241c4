// Who uses a function: code that calls it, directly or through other code, and the triggers and jobs that run
// it or that code.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/snapshot.hpp"

namespace poly::catalog {

struct Dependent {
  ResourcePointer resource;
  // The function below this one on the way to the function that was asked about; null when this one uses it
  // itself.
  ResourcePointer through;
};

// Knows the code, triggers and jobs of one environment at one moment; made once for many questions.
class Dependents final {
 public:
  Dependents(SnapshotPointer snapshot, EnvironmentId environment);

  // Nearest first, each once. Code whose references are only known when it runs is not in here.
  std::vector<Dependent> of(const Resource& function) const;

 private:
  std::map<std::string, std::vector<ResourcePointer>, std::less<>>
      by_path_;                                               // code, by the paths that it mentions
  std::map<ResourceId, std::vector<ResourcePointer>> by_id_;  // triggers and jobs
};

}  // namespace poly::catalog
