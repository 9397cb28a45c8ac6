"""How long, in words. Pure."""

import re
from datetime import timedelta

PART = re.compile(r"(\d+)\s*(d|h|m|s)")
SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def duration(text: str) -> timedelta:
    """A span like "90m", "4h" or "1d 4h 30m". Raises ValueError for anything else."""
    if not text.strip() or PART.sub("", text).strip():
        raise ValueError(f"{text} is no span of time; write it like 90m, 4h or 1d4h.")
    return timedelta(seconds=sum(int(count) * SECONDS[unit] for count, unit in PART.findall(text)))
