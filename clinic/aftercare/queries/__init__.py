"""Reading aftercare: one check-in, a person's plan, the ledger."""
