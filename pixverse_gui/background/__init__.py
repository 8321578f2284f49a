"""QtCore only: the one place where threads exist."""
