"""Discharge and what follows it: plans, check-ins, answers, risk, silence, and the ledger of all of it."""
