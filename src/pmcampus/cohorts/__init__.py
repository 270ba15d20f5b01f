"""What an institution does with a cohort: take work in, grant, give marks out, save and erase."""
