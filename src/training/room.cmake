poly_room(training USES base spec LIBRARIES yaml-cpp Boost::url)
