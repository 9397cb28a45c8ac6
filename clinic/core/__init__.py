"""What every room stands on: database, clock, actor, secrets, settings, errors. No word of the clinic."""

from zoneinfo import ZoneInfo, reset_tzpath

# The pinned tzdata package and never the system's copy, which may not know this year's laws (P7.1).
reset_tzpath(to=())
ZoneInfo.clear_cache()
