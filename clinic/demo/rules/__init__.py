"""Invented people and their stories. Pure: the same seed gives the same clinic."""
