"""PixVerse Uploader: drop pictures, see what is wrong with them, upload them, copy their ids."""

from pathlib import Path as _Path

__version__ = "0.1.0"

# Installed, `resources` lies inside this package. In a checkout it lies beside it; `python -m pixverse_gui` typed there
# takes the package from the working directory, also where another copy is installed.
if not (_Path(__file__).parent / "resources").is_dir():
    __path__.append(str(_Path(__file__).parent.parent))
