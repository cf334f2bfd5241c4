poly_room(vault USES base store spec LIBRARIES PkgConfig::sodium)
