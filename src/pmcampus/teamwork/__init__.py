"""Team cases as values: who sits where, what a seal is, how marks add up. Nothing here opens a file."""
