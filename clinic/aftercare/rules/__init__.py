"""Pure rules of aftercare: no database, no clock, no Flask."""
