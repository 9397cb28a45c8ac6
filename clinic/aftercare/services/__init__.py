"""Use cases of aftercare. Locks are taken in one order: consent, episode, plan, check-in, message."""
