"""Consents to treatment and to disclose (42 CFR 2.31), what was disclosed with them, and the accounting."""
