"""The parts of the Python worker; `main.py` beside this folder puts them together."""
