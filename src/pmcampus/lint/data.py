"""PM6xx: data files: declared, with an origin, and shown for what they are."""

import re
from collections.abc import Iterator

from pmcampus.lint import markdown
from pmcampus.lint.facts import Facts, Taught, where
from pmcampus.lint.forms import as_findings, faults, is_origin_fault
from pmcampus.lint.notebooks import cell_finding, has_plot
from pmcampus.lint.rule import Finding, rule

LARGEST = 1_000_000
DATA_ENDING = re.compile(
    r"(csv|tsv|vcf|bed|gff|fasta|fa|fastq|parquet|xlsx?|json|ndjson|jsonl|np[yz]|h5|hdf5|pkl|pickle|feather|gz|zip|db|"
    r"sqlite|dcm|edf)"
)
FIRST_WORDS = {
    "real": ("REAL",),
    "simulated": ("SIMULATED",),
    "published": ("PUBLISHED",),
    "mixed": ("REAL", "SIMULATED", "PUBLISHED"),
}
CARD_START = re.compile(r"[\s*_]*(REAL|SIMULATED|PUBLISHED FIGURES)\b")


def cards(taught: Taught) -> Iterator[tuple[int, str, str]]:
    """A lesson's data cards: line, cell, the word they begin with or an empty text."""
    for cell in taught.notebook.prose():
        for block in markdown.read(cell.source).directives:
            if block.name == "admonition" and "datacard" in block.classes:
                body = "\n".join(line for line in block.body if not markdown.OPTION.match(line))
                start = CARD_START.match(body)
                yield cell.line, where(cell), start[1].split()[0] if start else ""


@rule(
    "PM601",
    "A data file is not declared",
    why="Nobody can tell where an undeclared file came from, whether it may be published, or whether "
    "it describes people.",
    wrong="data/variants.csv        (no data/sources.yaml)",
    right="files:\n  variants.csv:\n    origin: synthetic\n    made_by: Drawn at random from published "
    "frequencies.\n    licence: CC0-1.0\n    sha256: 2c26…",
)
def undeclared(facts: Facts) -> Iterator[Finding]:
    """Files in data/ that sources.yaml does not have."""
    for folder in facts.folders:
        if folder.sources is not None and folder.sources.model is None:
            continue
        declared = folder.sources.model.files if folder.sources and folder.sources.model else {}
        for name, file in folder.data.items():
            if name not in declared:
                remedy = f"Describe it under `files` in {folder.path}/data/sources.yaml."
                yield Finding(file.path, 1, f"The data file {name} is not declared.", remedy)


@rule(
    "PM602",
    "A data file is not the one that was declared",
    why="The digest proves that learners compute with the same numbers as the author.",
    wrong="sha256: 2c26…        # the file was edited since",
    right="sha256: (what `sha256sum data/variants.csv` prints today)",
)
def wrong_digest(facts: Facts) -> Iterator[Finding]:
    """Files whose digest differs."""
    for folder in facts.folders:
        sources = folder.sources
        for name, declared in sources.model.files.items() if sources and sources.model else ():
            file = folder.data.get(name)
            if sources and file is not None and file.sha256 != declared.sha256:
                fact = (
                    f"The digest of {name} is {file.sha256[:12]}…, but {declared.sha256[:12]}… is declared."
                )
                remedy = (
                    "If the change is meant, write the new digest (sha256sum) and say so in CHANGELOG.md."
                )
                yield Finding(sources.path, sources.line("files", name, "sha256"), fact, remedy)


@rule(
    "PM603",
    "A declared data file is missing",
    why="The lesson that reads it stops for everybody but its author.",
    wrong="files:\n  variants.csv: …        # not in the folder",
    right="data/variants.csv beside data/sources.yaml",
)
def declared_only(facts: Facts) -> Iterator[Finding]:
    """Declared files that are not there."""
    for folder in facts.folders:
        sources = folder.sources
        for name in sources.model.files if sources and sources.model else ():
            if sources and name not in folder.data:
                line = sources.line("files", name)
                fact = f"The data file {name} is declared, but is not in {folder.path}/data."
                yield Finding(sources.path, line, fact, "Add the file, or remove its entry.")


@rule(
    "PM604",
    "A data file is larger than a megabyte",
    why="Everybody downloads the whole repository, some over a telephone. Larger data belong in an "
    "archive with a DOI.",
    wrong="data/genome.vcf        (48 MB)",
    right="data/genome-region.vcf        (90 kB), with the DOI of the whole in sources.yaml",
)
def too_large(facts: Facts) -> Iterator[Finding]:
    """Files above a megabyte."""
    for folder in facts.folders:
        for name, file in folder.data.items():
            if file.size > LARGEST:
                fact = f"The data file {name} has {file.size / 1e6:.1f} MB."
                yield Finding(
                    file.path, 1, fact, "Keep the part the lesson needs, and give a DOI for the whole."
                )


@rule(
    "PM605",
    "Data have no origin, maker or licence",
    why="Synthetic, public or consented, by whom, under which licence: without these three nobody may "
    "use or trust the data.",
    wrong="variants.csv:\n  sha256: 2c26…",
    right="variants.csv:\n  origin: public\n  made_by: gnomAD 4.1, region cut out\n  licence: CC0-1.0\n"
    "  sha256: 2c26…",
)
def no_origin(facts: Facts) -> Iterator[Finding]:
    """Entries of sources.yaml without one of the three."""
    return as_findings((form, fault) for form, fault in faults(facts) if is_origin_fault(form, fault))


@rule(
    "PM606",
    "Data lie outside the folder `data`",
    why="Only what lies in `data` is declared, checked and handed out with a lesson or assessment.",
    wrong="modules/variant-interpretation/lessons/variants.csv",
    right="modules/variant-interpretation/data/variants.csv",
)
def outside_data(facts: Facts) -> Iterator[Finding]:
    """Files with a data ending elsewhere in a content folder."""
    for folder in facts.folders:
        for name in folder.files:
            if DATA_ENDING.fullmatch(name.rpartition(".")[2].lower()) and not (
                name.startswith("data/") and name.count("/") == 1
            ):
                fact = f"The file {name} looks like data, but does not lie directly in {folder.path}/data."
                yield Finding(
                    f"{folder.path}/{name}", 1, fact, "Move it there and declare it in data/sources.yaml."
                )


@rule(
    "PM610",
    "A lesson with data has no data card, or one that says something else",
    why="Before data appear, readers learn what they are: real, simulated or figures from papers, of "
    "whom, and who is missing.",
    wrong=":::{admonition} Data card: patients\n:class: datacard\nTwelve patients.\n:::",
    right=":::{admonition} Data card: patients\n:class: datacard\n**SIMULATED.** Twelve patients, "
    "drawn with seed 2026.\n:::",
)
def data_card(facts: Facts) -> Iterator[Finding]:
    """Lessons whose cards do not begin with the word that the form's `data` asks for."""
    for taught in facts.lessons:
        wanted = FIRST_WORDS.get(taught.lesson.data)
        if wanted is None:
            continue
        found, form = list(cards(taught)), taught.folder.form
        for line, place, word in found:
            if not word:
                fact = f"The data card in {place} does not begin with REAL, SIMULATED or PUBLISHED FIGURES."
                yield Finding(
                    taught.notebook.path, line, fact, "Begin its first line with one of the three, in bold."
                )
        words = {word for _, _, word in found if word}
        if not found:
            fact = f"The lesson {taught.lesson.file} has {taught.lesson.data} data, but no data card."
            line = form.line("lessons", taught.place, "data")
            yield Finding(form.path, line, fact, "Add one before the data appear, or write `data: none`.")
        elif words and not words & set(wanted):
            fact = (
                f"The form calls the data of {taught.lesson.file} {taught.lesson.data}, but its card "
                f"says {min(words)}."
            )
            line = form.line("lessons", taught.place, "data")
            yield Finding(form.path, line, fact, "Correct one of the two.")


@rule(
    "PM611",
    "A plot of simulated data does not say SIMULATED",
    why="A plot is copied into slides without the text around it. Its caption must travel with it.",
    wrong='"caption": "Event-free survival by genotype."',
    right='"caption": "SIMULATED: event-free survival by genotype."',
)
def caption_simulated(facts: Facts) -> Iterator[Finding]:
    """Plots in a lesson with simulated data whose caption lacks the word."""
    for taught in facts.lessons:
        for cell in taught.notebook.code() if taught.lesson.data == "simulated" else ():
            if has_plot(cell) and "SIMULATED" not in str(cell.metadata.get("caption", "")):
                fact = "plots simulated data, and its caption does not say SIMULATED."
                yield cell_finding(
                    taught.notebook, cell, fact, "Begin the caption in the cell's metadata with SIMULATED."
                )


@rule(
    "PM613",
    "Data are under a licence that the curriculum cannot pass on",
    why="A non-commercial or no-derivatives file inside an open curriculum stops everybody who adopts it.",
    wrong="licence: CC-BY-NC-ND-4.0",
    right="licence: CC-BY-4.0",
)
def licence_conflict(facts: Facts) -> Iterator[Finding]:
    """Data files and packages with NC, ND or all rights reserved."""
    for folder in facts.folders:
        sources = folder.sources
        if sources is None or sources.model is None:
            continue
        entries = [("files", name, entry.licence) for name, entry in sources.model.files.items()]
        entries += [("packages", name, entry.licence) for name, entry in sources.model.packages.items()]
        for part, name, licence in entries:
            if re.search(
                r"\b(?:NC|ND|(?i:non-?commercial|no-?derivatives|all rights reserved|proprietary))\b", licence
            ):
                line = sources.line(part, name, "licence")
                fact = f"{name} is under the licence {licence[:60]}, which may not be passed on freely."
                yield Finding(
                    sources.path, line, fact, "Use other data, or ask for a licence such as CC-BY-4.0."
                )
