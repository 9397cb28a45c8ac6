"""The safety plan: asked for by danger, written with the person, signed, given on paper (C8.12)."""
