"""Draw the sample pictures of practice mode again: `python tests/make_samples.py` writes them to resources/samples.

Landscapes of our own, large enough to be real and plain enough to be small as files. Two cannot be sent (one is 12,400
pixels wide, one is half a file), and one is ready with a warning.
"""

from __future__ import annotations

import io
import itertools
import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

SAMPLES = Path(__file__).resolve().parent.parent / "resources" / "samples"
SUPERSAMPLED = 2

Stops = Sequence[tuple[float, str]]
Size = tuple[int, int]
Point = tuple[float, float]


class Scene:
    """A picture that is painted from the sky to the ground. Positions and lengths are shares of width and height."""

    def __init__(self, size: Size, sky: Stops, seed: int) -> None:
        self.random = random.Random(seed)
        self.picture = gradient(size, sky)

    @property
    def size(self) -> Size:
        return self.picture.size

    def stars(self, count: int, lowest: float) -> None:
        """Small dots, fainter towards the horizon."""
        draw = ImageDraw.Draw(self.picture)
        for _ in range(count):
            x, y = self.random.random(), self.random.random() * lowest
            radius = self.size[1] * self.random.choice((0.0006, 0.0009, 0.0014))
            here = self.picture.getpixel((int(x * (self.size[0] - 1)), int(y * (self.size[1] - 1))))
            assert isinstance(here, tuple)
            light = 0.85 * (1 - y / lowest) + 0.1
            shade = tuple(round(part + (255 - part) * light) for part in here)
            centre = (x * self.size[0], y * self.size[1])
            draw.ellipse([*(value - radius for value in centre), *(value + radius for value in centre)], fill=shade)

    def sun(self, x: float, y: float, radius: float, colour: str, halo: float = 4.0) -> None:
        """A disc with a glow `halo` times as wide. The radius is a share of the height."""
        centre = (x * self.size[0], y * self.size[1])
        reach = int(radius * halo * self.size[1])
        if halo:
            # In a few steps, as printed posters have it: a smooth glow would be most of the file.
            for step in (1.0, 0.72, 0.5):
                self._disc(centre, reach * step, colour, 30)
        self._disc(centre, radius * self.size[1], colour, 255)

    def _disc(self, centre: Point, radius: float, colour: str, opacity: int) -> None:
        side = math.ceil(2 * radius) + 2
        mask = Image.new("L", (side * SUPERSAMPLED, side * SUPERSAMPLED))
        ImageDraw.Draw(mask).ellipse((0, 0, 2 * radius * SUPERSAMPLED, 2 * radius * SUPERSAMPLED), fill=opacity)
        self.picture.paste(
            ImageColor.getrgb(colour), (int(centre[0] - radius), int(centre[1] - radius)), mask.reduce(SUPERSAMPLED)
        )

    def hills(self, top: float, height: float, colours: tuple[str, str], *, rough: float = 0.5) -> list[Point]:
        """A ridge from edge to edge. Returns its line, in pixels. `rough`: 0.4 rolls, 0.6 is rock."""
        line = ridge(self.random, self.size, top, height, rough)
        self.ground(line, colours)
        return line

    def ground(self, line: Sequence[Point], colours: tuple[str, str]) -> None:
        """Everything below `line`, from one colour at its highest point to another at the bottom."""
        width, height = self.size
        highest = max(0, int(min(y for _, y in line)))
        mask = Image.new("L", (width * SUPERSAMPLED, (height - highest) * SUPERSAMPLED))
        corners = [(x * SUPERSAMPLED, (y - highest) * SUPERSAMPLED) for x, y in line]
        ImageDraw.Draw(mask).polygon([(0, mask.height), *corners, (mask.width, mask.height)], fill=255)
        strip = gradient((width, height - highest), ((0, colours[0]), (1, colours[1])))
        self.picture.paste(strip, (0, highest), mask.reduce(SUPERSAMPLED))

    def castle(self, x: float, y: float, scale: float, colour: str, light: str) -> None:
        """Towers and walls on a point (shares), `scale` is a share of the height; some windows are lit."""
        unit = scale * self.size[1] / 100
        left, base = x * self.size[0], y * self.size[1]
        draw = ImageDraw.Draw(self.picture)

        def block(start: float, width: float, height: float) -> None:
            draw.rectangle(
                (left + start * unit, base - height * unit, left + (start + width) * unit, base), fill=colour
            )

        def battlements(start: float, width: float, height: float) -> None:
            for step in range(0, int(width), 4):
                block(start + step, 2, height + 2.5)

        def roof(start: float, width: float, height: float, tip: float) -> None:
            points = [(start - 1.5, height), (start + width / 2, tip), (start + width + 1.5, height)]
            draw.polygon([(left + px * unit, base - py * unit) for px, py in points], fill=colour)

        for start, width, height in ((-46, 92, 22), (-20, 40, 38)):
            block(start, width, height)
            battlements(start, width, height)
        for start, width, height, tip in ((-50, 11, 40, 60), (-24, 10, 58, 80), (4, 14, 72, 100), (38, 12, 46, 68)):
            block(start, width, height)
            roof(start, width, height, tip)
        for px, py in ((-45, 32), (-20, 48), (-20, 40), (10, 62), (10, 50), (43, 38), (-8, 26), (26, 13), (-32, 12)):
            box = (left + px * unit, base - (py + 4) * unit, left + (px + 2) * unit, base - py * unit)
            draw.rectangle(box, fill=light)

    def firs(self, line: Sequence[Point], count: int, height: float, colour: str) -> None:
        """Trees along a ridge; `height` is a share of the picture's."""
        draw = ImageDraw.Draw(self.picture)
        for _ in range(count):
            x, y = self.random.choice(line)
            tall = height * self.size[1] * self.random.uniform(0.5, 1)
            for share, wide in ((1.0, 0.10), (0.72, 0.15), (0.45, 0.19)):
                peak, foot = y - tall * share, y - tall * (share - 0.45)
                draw.polygon([(x, peak), (x - tall * wide, foot), (x + tall * wide, foot)], fill=colour)
            draw.rectangle((x - tall * 0.02, y - tall * 0.05, x + tall * 0.02, y + tall * 0.1), fill=colour)

    def birds(self, places: Sequence[Point], size: float, colour: str) -> None:
        draw = ImageDraw.Draw(self.picture)
        wing = size * self.size[1]
        for x, y in ((px * self.size[0], py * self.size[1]) for px, py in places):
            for box in ((x - 2 * wing, y - wing / 2, x, y + wing), (x, y - wing / 2, x + 2 * wing, y + wing)):
                draw.arc(box, 200, 340, fill=colour, width=max(2, int(wing / 6)))

    def water(self, top: float, colours: tuple[str, str], light: tuple[float, str]) -> None:
        """Water up to the lower edge, with a path of light below a sun at `light` (x, colour)."""
        width, height = self.size
        self.ground([(0, top * height), (width, top * height)], colours)
        draw = ImageDraw.Draw(self.picture)
        x, colour = light
        y = top * height + height * 0.008
        while y < height:
            depth = (y / height - top) / (1 - top)
            reach = width * (0.015 + 0.07 * depth) * self.random.uniform(0.4, 1)
            centre = x * width + width * 0.012 * self.random.uniform(-1, 1)
            thick = height * (0.0015 + 0.004 * depth)
            draw.rounded_rectangle((centre - reach, y, centre + reach, y + thick), radius=thick / 2, fill=colour)
            y += thick * self.random.uniform(2.4, 4.2)

    def boat(self, x: float, y: float, scale: float, colour: str) -> None:
        unit = scale * self.size[1]
        left, base = x * self.size[0], y * self.size[1]
        draw = ImageDraw.Draw(self.picture)
        for shape in (
            ((-1, -0.25), (1.1, -0.25), (0.8, 0), (-0.7, 0)),
            ((0, -0.35), (0, -2.4), (0.95, -0.35)),
            ((-0.1, -0.35), (-0.1, -2.0), (-0.75, -0.35)),
        ):
            draw.polygon([(left + px * unit, base + py * unit) for px, py in shape], fill=colour)


def gradient(size: Size, stops: Stops) -> Image.Image:
    """From top to bottom, each row of one colour."""
    column = Image.new("RGB", (1, size[1]))
    places = [place for place, _ in stops]
    shades = [ImageColor.getrgb(colour) for _, colour in stops]
    for y in range(size[1]):
        at = y / max(1, size[1] - 1)
        index = max(0, min(len(stops) - 2, sum(place <= at for place in places) - 1))
        share = (at - places[index]) / (places[index + 1] - places[index])
        mixed = (round(a + (b - a) * share) for a, b in zip(shades[index], shades[index + 1], strict=True))
        column.putpixel((0, y), tuple(mixed))
    return column.resize(size, Image.Resampling.NEAREST)


def ridge(source: random.Random, size: Size, top: float, height: float, rough: float) -> list[Point]:
    """A line from edge to edge by moving midpoints up and down, less with each step."""
    heights = [source.uniform(0, 1), source.uniform(0, 1)]
    reach = 0.6
    for _ in range(9):
        between = [(a + b) / 2 + source.uniform(-reach, reach) for a, b in itertools.pairwise(heights)]
        heights = [value for pair in zip(heights, between, strict=False) for value in pair] + heights[-1:]
        reach *= rough
    low, high = min(heights), max(heights)
    step = size[0] / (len(heights) - 1)
    return [
        (index * step, size[1] * (top + height * (1 - (value - low) / (high - low))))
        for index, value in enumerate(heights)
    ]


def castle_at_night() -> Image.Image:
    scene = Scene((3840, 2160), ((0, "#171f4d"), (0.45, "#54406f"), (0.7, "#c06a52"), (1, "#f0a35e")), seed=11)
    scene.stars(170, 0.45)
    scene.sun(0.79, 0.2, 0.075, "#fdecc0", halo=2.6)
    scene.hills(0.45, 0.16, ("#9a5a50", "#8a4a44"), rough=0.55)
    scene.hills(0.55, 0.14, ("#763c3b", "#673233"), rough=0.5)
    scene.castle(0.36, 0.66, 0.34, "#3b1d26", "#ffd27a")
    scene.hills(0.62, 0.09, ("#4b252c", "#3d1c24"), rough=0.42)
    near = scene.hills(0.76, 0.12, ("#2c141d", "#1c0c14"), rough=0.45)
    scene.firs(near, 46, 0.09, "#2a131c")
    return scene.picture


def castle_by_day() -> Image.Image:
    scene = Scene((3600, 2700), ((0, "#4f9be0"), (0.55, "#b4d9f2"), (1, "#eaf4f7")), seed=23)
    scene.sun(0.2, 0.17, 0.055, "#fff6d8", halo=3.0)
    scene.hills(0.36, 0.2, ("#a9bfd0", "#b9cbd6"), rough=0.58)
    scene.hills(0.48, 0.16, ("#8099a8", "#8ba3ac"), rough=0.55)
    scene.castle(0.66, 0.685, 0.27, "#5b6673", "#f7e7b0")
    scene.hills(0.6, 0.1, ("#6d8f66", "#5c8057"), rough=0.42)
    near = scene.hills(0.74, 0.14, ("#4a7048", "#33583a"), rough=0.45)
    scene.firs(near, 60, 0.1, "#35573a")
    scene.birds(((0.36, 0.24), (0.41, 0.21), (0.46, 0.26)), 0.011, "#41576b")
    return scene.picture


def harbour() -> Image.Image:
    scene = Scene((1920, 1080), ((0, "#123b45"), (0.35, "#3c7d74"), (0.58, "#e8b26b"), (1, "#f6d28b")), seed=37)
    scene.sun(0.62, 0.5, 0.09, "#fff0c4", halo=3.2)
    scene.hills(0.42, 0.13, ("#5f8f7a", "#648a74"), rough=0.5)
    scene.hills(0.5, 0.1, ("#31594f", "#2b4f48"), rough=0.45)
    scene.water(0.6, ("#c79a62", "#123740"), (0.62, "#ffe3a6"))
    scene.boat(0.3, 0.74, 0.06, "#132b31")
    scene.boat(0.44, 0.67, 0.035, "#1b3a3e")
    scene.boat(0.84, 0.86, 0.09, "#0d2127")
    return scene.picture


def mountain() -> Image.Image:
    scene = Scene((6000, 4000), ((0, "#8fb3cf"), (0.5, "#d3dde0"), (1, "#f2e6d0")), seed=41)
    scene.sun(0.7, 0.22, 0.06, "#fff1cf", halo=2.8)
    scene.hills(0.28, 0.24, ("#b9c2c6", "#c5cbcb"), rough=0.6)
    scene.hills(0.42, 0.22, ("#8d989d", "#99a2a3"), rough=0.6)
    scene.hills(0.58, 0.17, ("#636f76", "#56636a"), rough=0.56)
    scene.hills(0.74, 0.15, ("#3c474d", "#293237"), rough=0.5)
    return scene.picture


def panorama() -> Image.Image:
    scene = Scene((12_400, 3_100), ((0, "#d9b06c"), (0.55, "#f2d49a"), (1, "#fbeccb")), seed=53)
    scene.sun(0.82, 0.25, 0.08, "#fff4d2", halo=2.6)
    scene.hills(0.3, 0.26, ("#b7a185", "#bfaa8c"), rough=0.55)
    scene.hills(0.5, 0.2, ("#857662", "#786a58"), rough=0.52)
    scene.hills(0.7, 0.16, ("#4f463b", "#3a332b"), rough=0.48)
    return scene.picture


def scan() -> Image.Image:
    """A faded print with a white border, as a flatbed scanner sees it."""
    scene = Scene((2160, 3188), ((0, "#2f5a37"), (0.45, "#7da35a"), (1, "#dbe3a6")), seed=67)
    scene.sun(0.3, 0.24, 0.05, "#f8f3c8", halo=3.0)
    scene.hills(0.42, 0.16, ("#7f9c58", "#86a05c"), rough=0.52)
    middle = scene.hills(0.56, 0.14, ("#567a41", "#4c6f3b"), rough=0.48)
    scene.firs(middle, 30, 0.05, "#3f6132")
    near = scene.hills(0.74, 0.14, ("#34562d", "#213c1f"), rough=0.45)
    scene.firs(near, 26, 0.11, "#243f22")
    page = Image.new("RGB", (2480, 3508), "#f4f1e8")
    page.paste(scene.picture, (160, 160))
    return page


def purple_evening() -> Image.Image:
    scene = Scene((2400, 1350), ((0, "#3a1d4f"), (0.45, "#9c3f72"), (0.75, "#ef8b6e"), (1, "#f9c48b")), seed=71)
    scene.stars(60, 0.3)
    scene.sun(0.4, 0.6, 0.1, "#ffe0b0", halo=2.4)
    scene.hills(0.5, 0.18, ("#8d3a63", "#7c315a"), rough=0.55)
    scene.hills(0.66, 0.14, ("#5a2350", "#4b1c46"), rough=0.5)
    scene.hills(0.8, 0.12, ("#331239", "#230b2a"), rough=0.45)
    return scene.picture


def logo() -> Image.Image:
    """Round, on a transparent ground."""
    side = 512
    scene = Scene((side, side), ((0, "#0b1c4a"), (0.6, "#2e5fa8"), (1, "#7db4e6")), seed=83)
    scene.sun(0.66, 0.34, 0.12, "#ffe9b0", halo=2.0)
    scene.hills(0.42, 0.24, ("#24467f", "#1e3c70"), rough=0.55)
    scene.hills(0.62, 0.18, ("#142a57", "#0c1b3d"), rough=0.5)
    mask = Image.new("L", (side * 4, side * 4))
    ImageDraw.Draw(mask).ellipse((24, 24, side * 4 - 24, side * 4 - 24), fill=255)
    ring = ImageChops.subtract(mask.reduce(4), mask.reduce(4).filter(ImageFilter.MinFilter(11)))
    scene.picture.paste("#ffe9b0", (0, 0), ring)
    scene.picture.putalpha(mask.reduce(4))
    return scene.picture


def few_colours(picture: Image.Image) -> Image.Image:
    """As a palette: a third of the bytes."""
    return picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def half_a_jpeg() -> bytes:
    whole = io.BytesIO()
    purple_evening().save(whole, "JPEG", quality=80, optimize=True)
    return whole.getvalue()[: len(whole.getvalue()) // 2]


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


def webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=84, method=6)
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "castle_01.png": lambda: png(castle_at_night()),
    "castle_02.jpg": lambda: jpeg(castle_by_day()),
    "cut_off.jpg": half_a_jpeg,
    "harbour at dusk.webp": lambda: webp(harbour()),
    "mountain_final_v2.png": lambda: png(few_colours(mountain())),
    "old_logo.png": lambda: png(logo()),
    "panorama_12400.png": lambda: png(few_colours(panorama())),
    "scan_0007.jpg": lambda: jpeg(scan()),
}


def main() -> None:
    for name, make in FILES.items():
        data = make()
        (SAMPLES / name).write_bytes(data)
        print(f"{name:24} {len(data):>9,} bytes")


if __name__ == "__main__":
    main()
