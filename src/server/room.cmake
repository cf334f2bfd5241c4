poly_room(server USES base http store identity vault journal packages catalog outbound runtime execution events schedule gateway LIBRARIES CLI11::CLI11)
if(TARGET poly_server)
  target_include_directories(poly_server SYSTEM PRIVATE ${TOMLPLUSPLUS_INCLUDE_DIR})
  target_compile_definitions(poly_server PUBLIC OPENPOLY_VERSION="${PROJECT_VERSION}")
  poly_program(polyd MAIN ${CMAKE_CURRENT_LIST_DIR}/polyd_main.cpp USES server)
  add_dependencies(polyd poly-launch)
  # In place of malloc, which costs a call through polyd a third more of its own processor time; sanitizers
  # bring an allocator of theirs. Nothing names it, so the linker is told to keep it.
  if(NOT OPENPOLY_SANITIZE)
    target_link_options(polyd PRIVATE -Wl,--push-state,--no-as-needed ${MIMALLOC_LIBRARY} -Wl,--pop-state)
  endif()
endif()
