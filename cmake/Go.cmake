# The worker and the toolchain of Go functions, which all presets share: scripts/build-go.py sees for itself whether
# something has changed.
add_custom_target(go_parts ALL
  COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/scripts/build-go.py
  COMMENT "Building the Go worker and toolchain"
  VERBATIM)
add_dependencies(polyd go_parts)
