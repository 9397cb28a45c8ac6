"""Who is still there."""

import psutil


def runs(number: int) -> bool:
    """Whether a process with this id does anything; one that waits to be buried does not."""
    try:
        return bool(psutil.Process(number).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
