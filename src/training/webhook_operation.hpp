// One entry of an OpenAPI 3.1 document's `webhooks`, read as a webhook of ours.
#pragma once

#include "spec/webhook.hpp"
#include "training/operation.hpp"

namespace poly::training {

// Everything but name and context; `place.path` is the key in `webhooks`. A sub-path comes from the
// extension `x-subpath`, of the operation or its path item. Throws Failure when the event cannot be read.
spec::Webhook read_webhook(const OpenApiDocument& document, SchemaBook& schemas, const OperationPlace& place);

// The operationId, or the key of the entry.
std::string webhook_name_of(const OperationPlace& place);

}  // namespace poly::training
