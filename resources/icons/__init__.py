"""Icons of one family, drawn for this project: SVG, currentColor."""
