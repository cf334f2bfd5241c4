poly_room(outbound USES base spec http journal catalog LIBRARIES OpenSSL::Crypto PkgConfig::sodium simdjson::simdjson date::date)
