"""`python -m pmcampus`."""

from pmcampus.cli import main

main(prog_name="pmcampus")
