"""What staff work from while the program is down: one sheet of the caseload, on paper or as a local file."""
