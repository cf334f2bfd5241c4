poly_room(schedule USES base spec LIBRARIES date::date-tz)
