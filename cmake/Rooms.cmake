# A room is one folder of src/: a static library from its .cpp files and one test program from
# its *_test.cpp files. Which rooms may be used is said in src/floors.txt and checked by
# tests/unit/floors_test.py; here a room names what it links.
#
#   poly_room(store USES base LIBRARIES SQLite::SQLite3)
function(poly_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|_fuzz|_main)\\.cpp$")

  add_library(poly_${name} STATIC ${sources})
  target_link_libraries(poly_${name} PUBLIC openpoly_options)
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(poly_${name} PUBLIC poly_${used})
  endforeach()
  target_link_libraries(poly_${name} PUBLIC ${ROOM_LIBRARIES})
  if(name STREQUAL "base")
    target_precompile_headers(poly_base PRIVATE ${CMAKE_SOURCE_DIR}/src/base/precompiled.hpp)
  else()
    target_precompile_headers(poly_${name} REUSE_FROM poly_base)
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE poly_${name} GTest::gtest_main GTest::gmock)
    target_precompile_headers(${name}_test REUSE_FROM poly_base)
    target_compile_definitions(${name}_test PRIVATE OPENPOLY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()

# A program: its *_main.cpp and the rooms it is built from.
function(poly_program name)
  cmake_parse_arguments(PROGRAM "" "MAIN" "USES" ${ARGN})
  add_executable(${name} ${PROGRAM_MAIN})
  foreach(used IN LISTS PROGRAM_USES)
    target_link_libraries(${name} PRIVATE poly_${used})
  endforeach()
  target_precompile_headers(${name} REUSE_FROM poly_base)
endfunction()
