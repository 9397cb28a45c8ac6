"""Identity, duplicates, contact points, consents, and the one door that opens a record."""
