"""What every room stands on: database, clock, actor, secrets, settings, errors. No word of the clinic."""
