"""The chart of one patient, read only, composed from the other rooms' queries."""
