"""PixVerse Uploader: drop pictures, see what is wrong with them, upload them, copy their ids."""

__version__ = "0.1.0"
