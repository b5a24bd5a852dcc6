"""WHO: users, units through time, clusters with their members and terms, appointments."""
