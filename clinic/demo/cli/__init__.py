"""`flask clock` and `flask demo`."""
