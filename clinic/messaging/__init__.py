"""The outbox: claims, attempts, receipts, inbound texts, opt-out, the provider, templates, on-call pages."""
