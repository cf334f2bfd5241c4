poly_room(gateway USES base spec http store identity vault journal packages catalog outbound training runtime execution events schedule)
