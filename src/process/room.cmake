poly_room(process USES base)

# What narrows a process stands on the C library alone: it is a static program, and a library for processes that
# are forked.
file(GLOB launch_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/process/launch/*.cpp)
list(FILTER launch_sources EXCLUDE REGEX "(_main|/library)\\.cpp$")
add_library(poly_launch OBJECT ${launch_sources})
target_include_directories(poly_launch PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_options(poly_launch PUBLIC
  -fPIC -fno-exceptions -fno-rtti -fvisibility=hidden -Wall -Wextra -Wpedantic -Wshadow
  $<$<BOOL:${OPENPOLY_WERROR}>:-Werror>)

add_executable(poly-launch ${CMAKE_CURRENT_SOURCE_DIR}/process/launch/launch_main.cpp)
target_link_libraries(poly-launch PRIVATE poly_launch)
target_link_options(poly-launch PRIVATE -static)

add_library(poly-sandbox SHARED ${CMAKE_CURRENT_SOURCE_DIR}/process/launch/library.cpp)
target_link_libraries(poly-sandbox PRIVATE poly_launch)
set_target_properties(poly-sandbox PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
# Whoever needs the program needs the library beside it.
add_dependencies(poly-launch poly-sandbox)

if(TARGET process_test)
  add_dependencies(process_test poly-launch)
endif()
