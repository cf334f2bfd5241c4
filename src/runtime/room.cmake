poly_room(runtime USES base spec process journal catalog LIBRARIES PkgConfig::sodium)
if(TARGET runtime_test)
  add_dependencies(runtime_test poly-launch)
endif()
