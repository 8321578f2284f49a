"""Long trials that anyone can run: `python -m tests.endurance`. Each prints figures beside the goals they must hold."""
