poly_room(spec USES base LIBRARIES PkgConfig::re2 Boost::url)
