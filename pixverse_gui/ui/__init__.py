"""Widgets: no HTTP, no file reading, no keyring, no Pillow, no SQL."""
