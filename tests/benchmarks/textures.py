"""Pictures that compress as photographs and screenshots do, the same ones in every run."""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

CANVAS = (10_000, 7_600)
_FINE_STEPS = ((64, 0.35), (16, 0.22), (4, 0.12), (2, 0.09), (1, 0.06))
"""Size of the blobs in pixels, and how much they move the brightness."""
_WORDS = "value {} the quick brown fox jumps over the lazy dog "


class Canvas:
    """One large photograph-like picture to cut others from; making it takes some seconds and 250 MB."""

    def __init__(self, seed: int = 1) -> None:
        dice = random.Random(seed)
        width, height = CANVAS
        picture = _noise(dice, "RGB", (width // 512, height // 512)).resize(CANVAS, Image.Resampling.BICUBIC)
        for step, strength in _FINE_STEPS:
            grain = _noise(dice, "L", (-(-width // step), -(-height // step)))
            grain = grain.point([round(128 + (value - 128) * strength) for value in range(256)])
            full = grain if step == 1 else grain.resize(CANVAS, Image.Resampling.BICUBIC)
            picture = ImageChops.add(picture, Image.merge("RGB", (full, full, full)), 1.0, -128)
        self._picture = picture

    def photograph(self, number: int, size: tuple[int, int]) -> Image.Image:
        """Cut from another place for each number."""
        dice = random.Random(1_000 + number)
        left, top = dice.randint(0, CANVAS[0] - size[0]), dice.randint(0, CANVAS[1] - size[1])
        return self._picture.crop((left, top, left + size[0], top + size[1]))

    def screenshot(self, number: int, size: tuple[int, int]) -> Image.Image:
        """Text, boxes and one picture in it."""
        dice = random.Random(5_000 + number)
        width, height = size
        shot = Image.new("RGB", size, (245, 246, 248))
        pen = ImageDraw.Draw(shot)
        pen.rectangle((0, 0, width, 48), fill=(40, 44, 52))
        for _ in range(120):
            left, top = dice.randint(320, width - 200), dice.randint(60, height - 60)
            colour = tuple(dice.randint(120, 255) for _ in range(3))
            pen.rectangle((left, top, left + dice.randint(40, 500), top + dice.randint(10, 120)), fill=colour)
        for top in range(60, height - 20, 18):
            pen.text((340, top), _WORDS.format(top) * 4, fill=(10, 10, 40))
        inside = (int(width * dice.uniform(0.38, 0.62)), int(height * dice.uniform(0.45, 0.62)))
        place = (dice.randint(0, width - inside[0]), dice.randint(50, height - inside[1]))
        shot.paste(self.photograph(number, inside), place)
        return shot

    def map(self, number: int, side: int) -> Image.Image:
        """So large that it only fits into an upload because it is smooth."""
        part = self.photograph(number, (side // 8, side // 8)).filter(ImageFilter.GaussianBlur(3))
        return part.resize((side, side), Image.Resampling.NEAREST)


def _noise(dice: random.Random, mode: str, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes(mode, size, dice.randbytes(size[0] * size[1] * len(mode)))
