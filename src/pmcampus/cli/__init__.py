"""The `pmcampus` command: parse, call one job, print, pick an exit code.

Exit codes: 0 done, 1 problems found, 2 wrong use, 130 interrupted. Heavy imports stand inside the
commands, so that `--help` answers at once.
"""

import sys

import click

from pmcampus.cli.authoring import lint, new, run
from pmcampus.cli.backup import backup, restore_backup
from pmcampus.cli.case import case
from pmcampus.cli.cohort import cohort
from pmcampus.cli.dashboard import dashboard
from pmcampus.cli.demo import demo
from pmcampus.cli.grade import doctor, grade
from pmcampus.cli.intake import allow, collect, enrol, hand_in, receipt
from pmcampus.cli.learning import check, start
from pmcampus.cli.ledger import ledger
from pmcampus.cli.out import badge, certificate, export
from pmcampus.cli.privacy import privacy
from pmcampus.cli.progress import progress
from pmcampus.cli.prove import prove
from pmcampus.cli.publish import publish
from pmcampus.cli.release import adopt, diff, fork, release, update
from pmcampus.cli.site import preview, site
from pmcampus.errors import CampusError

# jsonschema, which nbformat brings, would build 38 grammars for addresses with accents: a second at every
# start, for a format that no notebook's schema asks for. It does without them when they cannot be had.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


class Campus(click.Group):
    """A group whose commands end in one sentence and an exit code, never in a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """The command's result; what PM Campus refuses becomes one line on stderr and exit code 1."""
        try:
            return super().invoke(ctx)
        except CampusError as problem:
            click.echo(f"pmcampus: {problem}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("pmcampus: stopped; what was finished is kept.", err=True)
            ctx.exit(130)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except OSError as problem:
            place = f"{problem.filename}: " if problem.filename else ""
            click.echo(
                f"pmcampus: {place}the system refused ({problem.strerror or type(problem).__name__}); "
                "check that the place exists, may be written and has room, and run the command again.",
                err=True,
            )
            ctx.exit(1)


@click.group(cls=Campus, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pmcampus")
def main() -> None:
    """Open curriculum and e-learning platform for personalised-medicine teams."""


for command in (
    *(lint, new, run, prove, release, adopt, update, diff, fork),  # curriculum designers
    *(start, check, receipt),  # trainees
    *(cohort, enrol, allow, hand_in, collect),  # instructors: a cohort and its work
    *(grade, doctor, case, progress, dashboard, ledger),  # and its marks
    *(export, badge, certificate, privacy, backup, restore_backup),  # institutions
    *(site, preview, publish, demo),  # whoever shows it
):
    main.add_command(command)
