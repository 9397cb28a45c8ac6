"""The invented clinic, told to the rooms through their own services."""
