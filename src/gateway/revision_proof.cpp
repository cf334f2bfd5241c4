#include "gateway/revision_proof.hpp"

#include "base/attempt.hpp"

namespace poly::gateway {

using catalog::Resource;

Task<void> prove_revision(runtime::FunctionRuntime& functions, catalog::ResourcePointer function,
                          spec::ServerFunction wanted, int number, catalog::SnapshotPointer snapshot) {
  const auto* found = wanted.find_revision(number);
  CHECK(found);
  auto revision = *found;
  const auto serving = function->as<spec::ServerFunction>().serving().number;
  const auto draft = std::make_shared<const Resource>(
      catalog::make_resource(function->id, function->tenant, function->environment, std::move(wanted)));
  auto proving = attempt(functions.prove(draft, std::move(revision), std::move(snapshot)));
  const auto proven = co_await std::move(proving);
  if (proven) co_return;
  auto problem = proven.error();
  const bool of_the_code = problem.kind == ErrorKind::function_failed || problem.kind == ErrorKind::timeout;
  if (of_the_code) problem.kind = ErrorKind::bad_request;
  problem.message = "revision " + std::to_string(number) + " of '" + draft->path() +
                    "' takes no calls, revision " + std::to_string(serving) +
                    " goes on serving: " + problem.message;
  throw Failure(std::move(problem));
}

}  // namespace poly::gateway
