"""The downtime sheet."""
