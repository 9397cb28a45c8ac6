"""Each role's Today, composed from the rooms' own queries."""
