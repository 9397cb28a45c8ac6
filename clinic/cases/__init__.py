"""The therapist's desk: notes that are signed and amended, and the change of track."""
