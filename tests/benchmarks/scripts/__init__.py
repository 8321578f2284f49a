"""What is done on the stage, and measured there: one module for each kind of work."""
