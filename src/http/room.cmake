poly_room(http USES base LIBRARIES OpenSSL::SSL Boost::url)
