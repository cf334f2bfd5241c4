#include "outbound/call_plan.hpp"

namespace poly::outbound {

CallPlan::CallPlan(const catalog::Resource& function, Upstreams& upstreams)
    : id(function.id),
      version(function.version),
      environment(function.environment),
      path(function.path()),
      request(function.as<spec::ApiFunction>()) {
  const auto& definition = function.as<spec::ApiFunction>();
  const auto& source = definition.source;
  if (source.auth && source.auth->type == spec::AuthType::oauth2)
    oauth.emplace(spec::oauth_settings_of(*source.auth), spec::oauth_names);
  if (source.auth && source.auth->type == spec::AuthType::aws_v4)
    aws.emplace(spec::aws_settings_of(*source.auth), spec::aws_names);
  if (source.tls)
    tls.emplace(Template::parse(source.tls->certificate), Template::parse(source.tls->private_key));
  if (!definition.policy) return;
  policy = *definition.policy;
  limits = upstreams.limits_of(function, policy);
}

}  // namespace poly::outbound
