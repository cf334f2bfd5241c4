poly_room(sdk USES base LIBRARIES Boost::url)

# Everything below package/ goes into the program as text.
set(package_folder ${CMAKE_CURRENT_LIST_DIR}/package)
file(GLOB_RECURSE package_files CONFIGURE_DEPENDS RELATIVE ${package_folder} ${package_folder}/*)
set(PACKAGE_TEXTS "")
foreach(package_file IN LISTS package_files)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${package_folder}/${package_file})
  file(READ ${package_folder}/${package_file} package_content)
  string(APPEND PACKAGE_TEXTS "    {\"${package_file}\", R\"package(${package_content})package\"},\n")
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/package_text.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/sdk/package_text.cpp @ONLY)
target_sources(poly_sdk PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/sdk/package_text.cpp)
