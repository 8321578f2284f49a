"""A WebP  →  a small picture of it, made small while it is decoded.

Part of `thumbnails`. Pillow reads a WebP only as an animation: it holds the canvas twice and two copies, 16 bytes a
pixel, takes twice as long, and keeps the interpreter to itself while it hands the pixels over (40 ms of a picture of
12 million). The libwebp that came with Pillow can do better, so it is called itself: a photograph is scaled row by row
and never in memory as a whole, and nobody waits for the interpreter meanwhile.

The structures are those of libwebp's `decode.h`, whose layout holds for every library of the same major version of its
interface; `WebPInitDecoderConfig` refuses any other.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import POINTER, Structure, Union, byref, c_char_p, c_int, c_size_t, c_uint32, c_void_p
from importlib.util import find_spec
from typing import NamedTuple

_INTERFACE = 0x0209  # WEBP_DECODER_ABI_VERSION; the upper byte is the major version
_OK, _RGBA = 0, 1
_PIXEL_BYTES = 4


class SmallPicture(NamedTuple):
    """`whole`: size of the picture in the file. `pixels`: RGBA, row after row, not yet turned, `size` in all."""

    whole: tuple[int, int]
    size: tuple[int, int]
    pixels: bytes


ReadSmall = Callable[[bytes, int], SmallPicture | None]
"""A file's bytes and how long the longer side may be -> all of it, decoded; None where it cannot. Worker threads."""


class _Features(Structure):
    _fields_ = (
        *((name, c_int) for name in ("width", "height", "has_alpha", "has_animation", "format")),
        ("pad", c_uint32 * 5),
    )


class _Rgba(Structure):
    _fields_ = (("pixels", c_void_p), ("stride", c_int), ("size", c_size_t))


class _Yuva(Structure):
    _fields_ = (
        *((name, c_void_p) for name in "yuva"),
        *((f"{name}_stride", c_int) for name in "yuva"),
        *((f"{name}_size", c_size_t) for name in "yuva"),
    )


class _Planes(Union):
    _fields_ = (("rgba", _Rgba), ("yuva", _Yuva))


class _Output(Structure):
    _fields_ = (
        *((name, c_int) for name in ("colour_space", "width", "height", "is_external")),
        ("planes", _Planes),
        ("pad", c_uint32 * 4),
        ("own", c_void_p),
    )


class _Options(Structure):
    _fields_ = (
        *((name, c_int) for name in ("bypass_filtering", "no_fancy_upsampling", "use_cropping")),
        *((name, c_int) for name in ("crop_left", "crop_top", "crop_width", "crop_height")),
        *((name, c_int) for name in ("use_scaling", "scaled_width", "scaled_height")),
        *((name, c_int) for name in ("use_threads", "dithering", "flip", "alpha_dithering")),
        ("pad", c_uint32 * 5),
    )


class _Config(Structure):
    _fields_ = (("input", _Features), ("output", _Output), ("options", _Options))


class WebpReader:
    """Worker threads, several at once. Reads nothing where Pillow's libwebp cannot be called: it may be built in."""

    def __init__(self) -> None:
        self._library = _pillows_libwebp()

    def read(self, data: bytes, most_px: int) -> SmallPicture | None:
        """Every pixel is decoded. None for what moves, and where libwebp finds anything wrong: Pillow may tell what."""
        config = _Config()
        if self._library is None or not self._library.WebPInitDecoderConfigInternal(byref(config), _INTERFACE):
            return None
        if self._library.WebPGetFeaturesInternal(data, len(data), byref(config.input), _INTERFACE) != _OK:
            return None
        whole = (config.input.width, config.input.height)
        size = _fitted(whole, most_px)
        pixels = ctypes.create_string_buffer(size[0] * size[1] * _PIXEL_BYTES)
        _ask_for(config, size, pixels)
        if self._library.WebPDecode(data, len(data), byref(config)) != _OK:
            return None
        return SmallPicture(whole, size, pixels.raw)


def _pillows_libwebp() -> ctypes.CDLL | None:
    """Through Pillow's module: what that is linked with is found, whatever it is called and wherever it lies."""
    module = find_spec("PIL._webp")
    if module is None or module.origin is None:
        return None
    try:
        library = ctypes.CDLL(module.origin)
        library.WebPInitDecoderConfigInternal.argtypes = (POINTER(_Config), c_int)
        library.WebPGetFeaturesInternal.argtypes = (c_char_p, c_size_t, POINTER(_Features), c_int)
        library.WebPDecode.argtypes = (c_char_p, c_size_t, POINTER(_Config))
    except (OSError, AttributeError):  # no library, or not these functions
        return None
    return library


def _fitted(whole: tuple[int, int], most_px: int) -> tuple[int, int]:
    ratio = min(1.0, most_px / max(whole))
    return max(1, round(whole[0] * ratio)), max(1, round(whole[1] * ratio))


def _ask_for(config: _Config, size: tuple[int, int], pixels: ctypes.Array[ctypes.c_char]) -> None:
    config.options.use_scaling = 1
    config.options.scaled_width, config.options.scaled_height = size
    config.output.colour_space, config.output.is_external = _RGBA, 1
    planes = config.output.planes.rgba
    planes.pixels, planes.stride, planes.size = ctypes.addressof(pixels), size[0] * _PIXEL_BYTES, len(pixels)
