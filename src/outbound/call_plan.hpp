// All that is known of an API function before its arguments are: made once for each version and loop.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "catalog/resource.hpp"
#include "outbound/redirects.hpp"
#include "outbound/request_plan.hpp"
#include "outbound/settings_template.hpp"
#include "outbound/upstreams.hpp"
#include "spec/api_auth.hpp"

namespace poly::outbound {

struct TlsTemplate {
  Template certificate, private_key;
};

struct CallPlan {
  CallPlan(const catalog::Resource& function, Upstreams& upstreams);

  // A call of it is a request and its answer; everything else is done by CarefulCall.
  bool is_plain() const { return !limits && !oauth && !aws && !tls; }
  Redirects redirects() const {
    return request.follows_redirects() ? Redirects::are_followed : Redirects::are_answers;
  }

  ResourceId id;
  std::uint64_t version = 0;
  EnvironmentId environment;
  std::string path;
  RequestPlan request;
  std::optional<SettingsTemplate<spec::OAuthSettings>> oauth;
  std::optional<SettingsTemplate<spec::AwsSettings>> aws;
  std::optional<TlsTemplate> tls;
  spec::ApiPolicy policy;                  // without a word when the function has none
  std::shared_ptr<FunctionLimits> limits;  // null when the function has no policy
};

}  // namespace poly::outbound
