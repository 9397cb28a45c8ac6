"""Staff: users, roles, sign-in, on-call roster."""
