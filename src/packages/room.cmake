poly_room(packages USES base spec store process LIBRARIES PkgConfig::re2)
if(TARGET packages_test)
  add_dependencies(packages_test poly-launch)
endif()
