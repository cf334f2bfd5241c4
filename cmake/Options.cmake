# Compiler and linker options that every room shares.
option(OPENPOLY_WERROR "Treat warnings as errors" ON)
option(OPENPOLY_FUZZ "Build the *_fuzz.cpp programs" OFF)
set(OPENPOLY_SANITIZE "" CACHE STRING "Sanitizers, for example address,undefined or thread")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Without these it keeps nothing that was compiled with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

add_library(openpoly_options INTERFACE)
target_include_directories(openpoly_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(openpoly_options INTERFACE
  -pthread -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers
  $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-designated-field-initializers>
  $<$<BOOL:${OPENPOLY_WERROR}>:-Werror>
  # ccache cannot share a precompiled header that carries its time of making.
  $<$<CXX_COMPILER_ID:Clang>:-Xclang;-fno-pch-timestamp>)
target_compile_definitions(openpoly_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED
  BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_DISABLE_BOOST_COROUTINE)
if(OPENPOLY_SANITIZE)
  target_compile_options(openpoly_options INTERFACE
    -fsanitize=${OPENPOLY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(openpoly_options INTERFACE -fsanitize=${OPENPOLY_SANITIZE})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_link_options(openpoly_options INTERFACE -fuse-ld=mold)
endif()
