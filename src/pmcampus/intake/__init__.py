"""Where rosters and submissions come from, one file for each source; `sources` tells which one it is."""
