poly_room(execution USES base spec identity vault journal catalog outbound runtime)
