"""The append-only record of every read, write and refusal."""
