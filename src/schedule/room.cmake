poly_room(schedule USES base spec store identity journal catalog execution LIBRARIES date::date-tz)
