"""Speech with providers."""
