poly_room(http USES base LIBRARIES OpenSSL::SSL Boost::url ZLIB::ZLIB PkgConfig::brotli)
