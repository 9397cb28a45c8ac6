"""Items a person must act on: owner, due time, every step, outcome. Risk and silence come back as these."""
