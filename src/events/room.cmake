poly_room(events USES base spec http store identity journal catalog execution LIBRARIES simdjson::simdjson)
