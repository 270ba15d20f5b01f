"""The fault suite: what happens to marks when machines, disks, clocks and people misbehave."""
