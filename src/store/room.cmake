poly_room(store USES base LIBRARIES SQLite::SQLite3)
