"""The kinds of DSPy modules that programs can be made of: a file and a line in `modules.py` each."""
