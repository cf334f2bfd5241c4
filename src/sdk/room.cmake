poly_room(sdk USES base spec)
