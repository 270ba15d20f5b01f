"""The `pmcampus` command: parse, call one job, print, pick an exit code.

Exit codes: 0 done, 1 problems found, 2 wrong use, 130 interrupted. Heavy imports stand inside the
commands, so that `--help` answers at once.
"""

import sys
from datetime import date, datetime
from pathlib import Path

import click

from pmcampus.cli.backup import backup, restore_backup
from pmcampus.cli.case import case, cohort_teams
from pmcampus.cli.dashboard import dashboard
from pmcampus.cli.intake import allow, collect, enrol, hand_in, receipt
from pmcampus.cli.options import FILE, FOLDER, ROOT, content_root
from pmcampus.cli.out import badge, certificate, export
from pmcampus.cli.privacy import privacy
from pmcampus.cli.progress import progress
from pmcampus.cli.prove import prove
from pmcampus.cli.publish import publish
from pmcampus.cli.release import adopt, diff, fork, release, update
from pmcampus.cli.site import preview, site
from pmcampus.errors import CampusError
from pmcampus.plurals import counted

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


# --- curriculum designers ---------------------------------------------------------------------


@main.command()
@click.option(
    "--as", "form", type=click.Choice(["text", "json", "ci"]), default="text", help="How to print problems."
)
@ROOT
def lint(form: str, root: Path | None) -> None:
    """Check the whole content; exit code 1 when an error is found."""
    from pmcampus.content import load_tree
    from pmcampus.lint import checked_files, shown
    from pmcampus.lint import lint as run_rules

    tree = load_tree(content_root(root))
    problems = run_rules(tree, today=date.today())
    click.echo(shown(problems, form, files=checked_files(tree)), nl=False)
    if any(problem.severity == "error" for problem in problems):
        sys.exit(1)


@main.command()
@click.argument("kind", type=click.Choice(["module", "assessment", "case-study"]))
@click.argument("id")
@ROOT
def new(kind: str, id: str, root: Path | None) -> None:
    """Make a folder for a module, an assessment or a case study from the commented forms."""
    from pmcampus.new import new as make

    place = make(kind, id, root=content_root(root), today=date.today())
    click.echo(f"Made {place}. Fill in the marked blanks; `pmcampus lint` says which are left.")


@main.command()
@click.argument("id")
@ROOT
def run(id: str, root: Path | None) -> None:
    """Execute a module's lessons and store their outputs, normalised."""
    from pmcampus.run import run as run_module

    for path, changed in run_module(id, root=content_root(root)):
        click.echo(f"{'stored   ' if changed else 'unchanged'} {path.name}")


# --- trainees ---------------------------------------------------------------------------------


@main.command()
@click.argument("id")
@click.argument("folder", type=FOLDER, required=False)
@click.option("--cohort", type=FOLDER, default=None, help="Make every learner's own notebook of this cohort.")
@ROOT
def start(id: str, folder: Path | None, cohort: Path | None, root: Path | None) -> None:
    """Put an assessment with its data into a folder, ready to work on."""
    from pmcampus.start import same_number, start_for_cohort
    from pmcampus.start import start as hand_out

    if cohort is not None:
        place = folder or cohort / "handed-out" / id
        made = start_for_cohort(id, place, root=content_root(root), cohort=cohort)
        click.echo(
            f"{counted(len(made), 'notebook')} made in {place}, each in a folder with the learner's id."
        )
        for group in same_number(id, root=content_root(root), cohort=cohort):
            click.echo(f"The same number, so the same work: {', '.join(group)}.")
        return
    notebook = hand_out(id, folder or Path.cwd() / id, root=content_root(root))
    click.echo(f"Your notebook is {notebook}\nOpen it with:   jupyter lab {notebook}")
    click.echo(f"Check it with:  pmcampus check {notebook}")


@main.command()
@click.argument("file", type=FILE)
@ROOT
def check(file: Path, root: Path | None) -> None:
    """Run an assessment's visible checks as the grader would; no marks, form only."""
    from pmcampus.model.verdict import Mark
    from pmcampus.start import check as look

    checked = look(file, root=content_root(root))
    for note in checked.notes:
        click.echo(f"note: {note}")
    for title, verdict in checked.items:
        sign = "look again" if verdict.mark in (Mark.ZERO, Mark.ERROR) else "ready"
        click.echo(f"{sign:>10}  {title}: {' '.join(verdict.message.split())}")
    click.echo("These checks look at form only; the marks come from inputs you do not see.")
    if not checked.all_ready:
        sys.exit(1)


# --- instructors ------------------------------------------------------------------------------


@main.group(cls=Campus)
def cohort() -> None:
    """Make cohorts. They live outside the repository."""


@cohort.command("new")
@click.argument("folder", type=FOLDER)
@click.option("--pathway", required=True, help="The pathway they take, for example clinician.")
@click.option("--title", default=None)
@click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), default=None, help="By default today.")
@ROOT
def cohort_new(
    folder: Path, pathway: str, title: str | None, starts: datetime | None, root: Path | None
) -> None:
    """Make a cohort's folder, with the written modules of its pathway pinned."""
    from pmcampus.cohort import new as make

    first_day = starts.date() if starts else date.today()
    made = make(folder, root=content_root(root), pathway=pathway, title=title, starts=first_day)
    click.echo(
        f"Made {folder}: {made.title}, {counted(len(made.modules), 'module')}, "
        f"{counted(len(made.assessments), 'assessment')}."
    )
    click.echo(f"Next: pmcampus enrol {folder} roster.csv   (columns: learner,name,role,team)")


@main.command()
@click.argument("folder", type=FOLDER)
@click.argument("assessment")
@click.option(
    "--workers", type=click.IntRange(1), default=None, help="Submissions at a time; by default two per core."
)
@click.option("--dask", metavar="ADDRESS", default=None, help="Mark on this Dask cluster instead of here.")
@click.option("--unsafe", is_flag=True, help="Mark although a layer of the sandbox is missing.")
@click.option("--again", is_flag=True, help="Mark unchanged submissions too.")
@click.option(
    "--policy",
    type=click.Choice(["exact", "only-up"]),
    default="exact",
    show_default=True,
    help="With --again: whether a score may fall.",
)
@ROOT
def grade(
    folder: Path,
    assessment: str,
    workers: int | None,
    dask: str | None,
    unsafe: bool,
    again: bool,
    policy: str,
    root: Path | None,
) -> None:
    """Mark every new or changed submission and write feedback pages.

    Several runs may mark the same cohort at once: they share the work.
    """
    from pmcampus.kernels.engine import begin

    if policy != "exact" and not again:
        raise click.UsageError("--policy says what a regrade may do; add --again.")
    place = content_root(root)
    if dask is None:
        begin(place, assessment)  # its libraries load while ours do
    from pmcampus.cli.terminal import count, score_changes
    from pmcampus.grade import grade as mark
    from pmcampus.ledger import Policy

    rule = Policy(policy)
    with count("marking") as tell:
        done = mark(
            folder,
            assessment,
            root=place,
            workers=workers,
            dask=dask,
            unsafe=unsafe,
            again=again,
            policy=rule,
            tell=tell,
        )
    click.echo(
        f"{len(done.marked)} marked, {len(done.unchanged)} unchanged, {len(done.refused)} cannot be read, "
        f"{len(done.missing)} not handed in."
        + (f" Another run takes care of {len(done.elsewhere)}." if done.elsewhere else "")
    )
    if done.seconds:
        click.echo(done.pace())
    if again:
        click.echo(score_changes(done.changes), nl=False)
    for remark in done.remarks():
        click.echo(f"  {remark}")
    for learner, reason in sorted(done.failed.items()):
        click.echo(f"  {learner}: not marked, {reason}", err=True)
    if done.failed:
        sys.exit(1)


@main.command()
def doctor() -> None:
    """Try every layer of the sandbox from inside; exit code 1 when one does not hold."""
    from pmcampus.marking import examine

    found = examine()
    for layer in found:
        click.echo(
            f"{'holds  ' if layer.holds else 'MISSING'}  {layer.name}{layer.fault and ': ' + layer.fault}"
        )
    if not all(layer.holds for layer in found):
        click.echo("Learners' code is not fully held here; `pmcampus grade` refuses without --unsafe.")
        sys.exit(1)
    click.echo("Learners' code is held by every layer.")


@main.group(cls=Campus)
def ledger() -> None:
    """Prove, save and restore what was marked."""


@ledger.command("verify")
@click.argument("folder", type=FOLDER)
def ledger_verify(folder: Path) -> None:
    """Check that ledger, kept submissions and gradebook agree; exit code 1 when they do not."""
    from pmcampus.audit import verify

    found = verify(folder)
    for fault in found.faults:
        click.echo(f"  {fault}")
    if found.faults:
        sys.exit(1)
    rows = counted(found.rows, "row")
    click.echo(f"{rows}: the chain holds, every submission is kept, and the scores agree.")
    if found.erased:
        click.echo(f"{found.erased} of them were erased at a learner's request; later rows list them.")


@ledger.command("export")
@click.argument("folder", type=FOLDER)
@click.argument("file", type=FILE)
def ledger_export(folder: Path, file: Path) -> None:
    """Save the ledger and what people marked as a file of JSON lines."""
    from pmcampus.audit import export

    made = export(folder, file)
    rows, marks = counted(len(made.entries), "row"), counted(len(made.by_hand), "mark")
    click.echo(f"Written: {file}, {rows} and {marks} of people.")


@ledger.command("rebuild")
@click.argument("folder", type=FOLDER)
@click.option("--from", "source", type=FILE, default=None, help="An export, when the gradebook is lost.")
@ROOT
def ledger_rebuild(folder: Path, source: Path | None, root: Path | None) -> None:
    """Write the gradebook's scores anew from the ledger; what is damaged is put aside."""
    from pmcampus.audit import rebuild

    made = rebuild(folder, root=content_root(root), source=source)
    rows, marks = counted(len(made.entries), "row"), counted(len(made.by_hand), "mark")
    click.echo(
        f"Written anew from {rows} and {marks} of people. "
        "Run `pmcampus grade` to mark what came in since, and for the feedback pages."
    )


@main.command()
@click.option("--serve/--no-serve", default=True, help="Serve site and report on this machine at the end.")
@click.option(
    "--folder", type=FOLDER, default=None, help="Where the demonstration cohort goes, outside the repository."
)
@ROOT
def demo(serve: bool, folder: Path | None, root: Path | None) -> None:
    """Build the site, run a demonstration cohort of fictitious learners, and show both."""
    from pmcampus.cli.terminal import steps
    from pmcampus.demo import demo as show

    with steps() as step:
        made = show(content_root(root), folder=folder, progress=step)
    click.echo(f"Site:   {made.site / 'index.html'}\nReport: {made.report}\nCohort: {made.folder}")
    if made.second:
        click.echo(f"Second campus: {made.second.folder}\nPlan of its update: {made.second.plan}")
    if serve:
        from pmcampus.preview import serve_folders

        serve_folders({"Site": made.site, "Report": made.report.parent}, tell=click.echo)


# --- in files of their own ---------------------------------------------------------

for command in (
    enrol,
    hand_in,
    collect,
    allow,
    receipt,
    export,
    badge,
    certificate,
    privacy,
    backup,
    restore_backup,
):
    main.add_command(command)
for command in (case, prove, progress, site, preview, publish, dashboard):
    main.add_command(command)
for command in (release, adopt, update, diff, fork):
    main.add_command(command)
cohort.add_command(cohort_teams)
