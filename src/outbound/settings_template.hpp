// A struct of texts whose members are templates: the settings of an authentication before the arguments are
// known.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "outbound/template.hpp"

namespace poly::outbound {

template <class Settings>
class SettingsTemplate final {
 public:
  // `names` is one of the tables of spec/api_auth.hpp.
  template <class Names>
  SettingsTemplate(const Settings& settings, const Names& names) {
    for (const auto& [name, member] : names) {
      if (!(settings.*member).empty()) members_.emplace_back(member, Template::parse(settings.*member));
    }
  }

  Settings render(const Arguments& arguments) const {
    Settings settings;
    for (const auto& [member, text] : members_) settings.*member = text.render(arguments, plain_text);
    return settings;
  }

 private:
  std::vector<std::pair<std::string Settings::*, Template>> members_;
};

}  // namespace poly::outbound
