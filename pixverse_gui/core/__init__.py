"""Plain Python: no Qt, no globals, no sentences for people. Could be driven from a ten-line script."""
