# The worker and the toolchain of Java functions, which all presets share: scripts/build-java.py sees for itself
# whether something has changed.
add_custom_target(java_parts ALL
  COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/scripts/build-java.py
  COMMENT "Building the Java worker and toolchain"
  VERBATIM)
add_dependencies(polyd java_parts)
