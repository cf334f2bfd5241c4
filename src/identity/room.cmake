poly_room(identity USES base store LIBRARIES PkgConfig::sodium)
