// The documents of examples/crm-to-marketing become the functions that its code calls.
#include <gtest/gtest.h>

#include "training/test_documents.hpp"

namespace poly::training {
namespace {

TEST(Demonstration, ItsTwoDocumentsBecomeTheFunctionsThatItCalls) {
  const auto crm =
      trained(file_text("examples/crm-to-marketing/upstreams/crm.openapi.yaml"), {.context = "crm"});
  EXPECT_EQ(crm.report->refused, std::vector<Remark>());
  EXPECT_EQ(crm.report->warnings, std::vector<Remark>());
  EXPECT_EQ(signature_of(function_at(crm, "crm.customers.listCustomers")),
            "status?, country?, page?, limit?, xApiKey");
  EXPECT_EQ(signature_of(function_at(crm, "crm.customers.getCustomer")), "customerId, xApiKey");
  const auto marketing = trained(file_text("examples/crm-to-marketing/upstreams/marketing.openapi.json"),
                                 {.context = "marketing"});
  EXPECT_EQ(marketing.report->refused, std::vector<Remark>());
  EXPECT_EQ(signature_of(function_at(marketing, "marketing.subscribers.createSubscriber")), "token, body");
}

}  // namespace
}  // namespace poly::training
