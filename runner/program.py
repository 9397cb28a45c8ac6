"""From a program's main to its exit code; trouble with the disk is one sentence too."""

import errno
import sys
from collections.abc import Callable, Sequence

from runner import disk
from runner.steps import ROOT, Stop

Main = Callable[[Sequence[str]], int]  # from the command line's words to the exit code
FULL = "The disk of {} is full; make room and start again: what was begun is taken up then."
WORDS_OF_FULL = ("No space left on device", "disk is full", "Disk quota exceeded")


def run(main: Main) -> None:
    """Run a program of the runner to its end: 2 when it had to stop."""
    try:
        code = main(sys.argv[1:])
    except (Stop, OSError) as error:
        print(_sentence(error), file=sys.stderr, flush=True)
        code = 2
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _sentence(error: Stop | OSError) -> str:
    if any(words in str(error) for words in WORDS_OF_FULL):
        return FULL.format(ROOT)
    if isinstance(error, Stop):
        return str(error)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return disk.not_ours(error.filename, error.strerror)
    raise error
