poly_room(journal USES base store spec)
