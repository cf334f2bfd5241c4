poly_room(outbound USES base spec http catalog LIBRARIES PkgConfig::sodium simdjson::simdjson)
