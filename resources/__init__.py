"""Icons and sample pictures drawn for this project, read with importlib.resources."""
