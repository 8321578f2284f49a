"""Memory of decoded pictures goes back to the system when they are freed; that of smaller files serves the next one.

Part of `inspection`. glibc takes the first large block that is freed as a sign that more of its size will come, keeps
such blocks from then on, and keeps them for each thread (mallopt(3), "M_MMAP_THRESHOLD"): 20 MB more while three
pictures of 19 MB are sent. A threshold that is set stays as it is.

With it the other one stays too, by which a thread gives back whatever it has freed beyond 128 kB ("M_TRIM_THRESHOLD"):
every file, however small, was read into memory fresh from the system, a third of the time that a JPEG of 3 MB takes.
"""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
# What is smaller is used again by the next picture without the system's help; what is larger nobody should keep.
_LARGE_BYTES = 4 << 20
_KEPT_BYTES = 8 << 20
"""By each of glibc's arenas, about one a thread: a file that is not large, and what is made of it."""


def give_back_large_blocks() -> bool:
    """Whether it could be said to the system's allocator: Linux with glibc. For the whole process, any thread."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
        return bool(mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES) and mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES))
    except (AttributeError, OSError):  # another C library
        return False
