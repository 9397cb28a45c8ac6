"""Dated facts of a person with their source: substances and last use, pregnancy, allergies, naloxone."""
