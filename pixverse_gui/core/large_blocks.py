"""Memory of decoded pictures goes back to the system when they are freed.

Part of `inspection`. glibc takes the first large block that is freed as a sign that more of its size will come, keeps
such blocks from then on, and keeps them for each thread (mallopt(3), "M_MMAP_THRESHOLD"): 20 MB more while three
pictures of 19 MB are sent. A threshold that is set stays as it is.
"""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
# What is smaller is used again by the next picture without the system's help; what is larger nobody should keep.
_THRESHOLD_BYTES = 4 << 20


def give_back_large_blocks() -> bool:
    """Whether it could be said to the system's allocator: Linux with glibc. For the whole process, any thread."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _THRESHOLD_BYTES))
    except (AttributeError, OSError):  # another C library
        return False
