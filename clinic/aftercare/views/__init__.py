"""Doors of aftercare: pages for staff, and the pages behind a patient's link."""
