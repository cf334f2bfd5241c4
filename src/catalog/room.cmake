poly_room(catalog USES base spec store identity vault)
