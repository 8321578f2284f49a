"""Limits: every time, size and count the program keeps to, as one frozen value that `app` passes in."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Units are in the names. Tests build the program with shorter ones; nobody reads these from a global."""

    # What the service takes (Upload Image page; the older reference says 4,000 px and leaves the unit of "20 MB" open).
    max_file_bytes: int = 20 * MIB
    warn_file_bytes: int = 20_000_000
    max_side_px: int = 10_000
    warn_side_px: int = 4_000
    max_link_chars: int = 2_048

    # One attempt.
    begin_timeout_s: float = 30.0  # until its worker has begun
    connect_timeout_s: float = 10.0
    stall_timeout_s: float = 30.0
    answer_timeout_s: float = 120.0
    balance_timeout_s: float = 20.0
    max_answer_bytes: int = 256 * 1024
    body_chunk_bytes: int = 256 * 1024

    # After a failed attempt (the failure table).
    resend_delays_s: tuple[float, ...] = (2.0, 4.0)
    unreachable_delays_s: tuple[float, ...] = (2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
    retry_after_default_s: float = 5.0
    retry_after_min_s: float = 1.0
    retry_after_max_s: float = 120.0
    busy_answers_until_pause: int = 5
    intercepted_answers_until_pause: int = 6  # twice what one picture alone can bring

    # Looking at links.
    preview_timeout_s: float = 10.0
    preview_max_bytes: int = 20 * MIB
    preview_max_redirects: int = 3

    # Thumbnails.
    thumbnail_px: int = 144
    decoded_budget_bytes: int = 160 * MIB
    decoded_free_bytes: int = 16 * MIB
    png_unpack_bytes: int = MIB  # decoded; smaller ones are left to Pillow alone
    webp_decode_max_px: int = 40_000_000
    thumbnail_file_max_bytes: int = 512 * MIB

    # Around it.
    keyring_timeout_s: float = 20.0
    quit_timeout_s: float = 4.0
    quit_readers_timeout_s: float = 1.0
    folder_patience_s: float = 6.0  # a little longer than a program may take to quit
    hand_over_s: float = 3.0
    log_flush_s: float = 0.5
    save_retry_s: float = 2.0
    cancel_grace_s: float = 0.6
    clock_jump_s: float = 30.0
    folder_files_max: int = 10_000

    # A drive that does not answer: nothing moved in a read for so long.
    drive_notice_s: float = 15.0
    drive_timeout_s: float = 30.0
    drive_rest_s: float = 60.0  # its other files are not tried meanwhile
