"""The decision model of case C2: one year of a region's decision on DPYD testing.

REAL: activity values, allele shares of the European group, relative risks where no comment says otherwise.
ILLUSTRATIVE: costs, QALYs, local counts. What a single role knows is not here: it lies in
`facts-<role>.json`, and each role gets its own file only.
"""

import hashlib
import json
from itertools import product
from pathlib import Path

HERE = Path(__file__).parent
ROLES = [
    "oncologist",
    "pharmacist",
    "laboratory-scientist",
    "payer",
    "patient-representative",
    "data-scientist",
]
PARTS = ["rule", "variants", "where", "dose", "timing"]
VARIANTS = ["*2A", "*13", "c.2846A>T", "HapB3", "c.557A>G"]
VALUES = {"*2A": 0.0, "*13": 0.0, "c.2846A>T": 0.5, "HapB3": 0.5, "c.557A>G": 0.5}  # CPIC
PATIENTS = {"European": 760, "African": 140, "South Asian": 60, "East Asian": 40}  # FICTIONAL
SHARE = {"A": 0.55, "B": 0.30, "C": 0.15}  # of patients, by hospital: FICTIONAL
EUROPEAN = [0.0050, 0.00071, 0.0061, 0.0214, 0.00004]  # allele shares, gnomAD v4
BASE = 231 / 1018  # severe toxicity where no variant was found
CARDS = 8  # that somebody who plays alone may open

COMMON = {  # true for everybody, known to everybody
    "rr_full": [2.87, 4.30, 3.11, 1.72, 2.40],  # last value ILLUSTRATIVE
    # *2A published; *13 takes its value, one person in the cohort; 1.0: back to background, ILLUSTRATIVE
    "rr_50": [1.31, 1.31, 1.0, 1.0, 1.0],
    "death_full": [0.023, 0.023, 0.023, 0.006, 0.012],
    "death_other": 0.001,
    "qaly_episode": 0.04,
    "qaly_death": 6.0,
    "qaly_value": 40_000,
    "gap_days": 4,
    "urgent_weight": 4,
    "early_admin": 6,
    "uracil_cost": 40,
    "uracil_finds": 0.6,
    "uracil_rr": 1.9,
    "uracil_death": 0.005,
}
DOSSIER = {  # what the dossier says, or lets you believe
    "ancestry_known": False,
    "freq": None,
    "other_low": 5,
    "rr_25": [1.31, 1.31, 1.0, 1.0, 1.0],
    "tested_recommend": 0.92,
    "tested_mandate": 0.99,
    "not_raised": 0.0,
    "not_raised_if_called": 0.0,
    "call_cost": 150,
    "mandate_cost": 60_000,
    "loss_not_raised": 0.0,
    "loss_per_day": 0.0,
    "urgent": 0.0,
    "first_cycle": 0.35,
    "kit_days": {"A": 3, "B": 3, "C": 3},
    "kit_cost": 62,
    "central_days": 8,
    "central_cost": 60,
    "prep_cost": 20_000,
    "fifth_cost": 8_000,
    "copy_lawful": True,
    "uracil_false": 0.0,
    "episode_cost": 9_500,
    "cap": None,
    "early_share": 0.15,
    "early_visit": 80,
    "accept": 1.0,
}


def stored(name):
    """What lies in a file of this folder."""
    return json.loads((HERE / name).read_text("utf-8"))


def empty_chairs():
    """Roles whose facts are not in this folder: nobody here plays them, so only cards can answer."""
    return [role for role in ROLES if not (HERE / f"facts-{role}.json").is_file()]


def facts(roles=()):
    """The dossier, corrected by what these roles know."""
    roles = [roles] if isinstance(roles, str) else list(roles)
    known = {**COMMON, **DOSSIER}
    for role in roles:
        if role not in ROLES:
            raise ValueError(f"{role!r} is no role here. Write one of: {', '.join(ROLES)}.")
        if role in empty_chairs():
            raise FileNotFoundError(
                f"What the {role} knows is not in this folder, because nobody here plays that role. "
                "Leave the name out, and open a question card of theirs."
            )
        known.update(stored(f"facts-{role}.json"))
    return known


def ask(*cards):
    """For an empty chair: what these question cards answer; at most eight of the eighteen."""
    wanted = {str(card).upper() for card in cards}
    known = {card["id"]: card for card in stored("question-cards.json")}
    strange = sorted(wanted - set(known))
    if strange:
        raise ValueError(f"{strange[0]} is no card. Write them as ask('Q06', 'Q09'), from Q01 to Q18.")
    if len(wanted) > CARDS:
        raise ValueError(f"You have {CARDS} cards and took {len(wanted)}; put some back.")
    told = {}
    for name in sorted(wanted):
        print(f"{name} {known[name]['role']}: {known[name]['answer']}")
        told.update(known[name]["facts"])
    return told


def opened():
    """The commitments of this team; before a team has opened, those that the authors wrote."""
    if (HERE / "opened.json").is_file():
        return [
            {"written_by": row["written_by"], **row["commitment"]} for row in stored("opened.json")
        ]
    rows = stored("recorded-commitments.json")["commitments"]
    return [{"written_by": "the authors, not a real person", **row} for row in rows]


def seal(commitment):
    """Twelve signs to post before the talk; no other text fits them later."""
    text = json.dumps(commitment, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def missing(form, schema):
    """What is still wrong with a form, one line for each fault, in the order of the form."""
    import jsonschema

    rules = stored(schema)
    order = list(rules["properties"])
    lines = []
    for fault in jsonschema.Draft202012Validator(rules).iter_errors(form):
        path = [str(part) for part in fault.absolute_path]
        turn = order.index(path[0]) if path else -1
        lines.append((turn, f"{'.'.join(path) or 'form'}: {in_words(fault)}"))
    return [line for _, line in sorted(lines, key=lambda one: one[0])]


def in_words(fault):
    """A fault that the schema found, as advice."""
    kind, wanted, given = fault.validator, fault.validator_value, fault.instance
    if kind == "minLength" and not given:
        return f"is empty; write at least {wanted} characters"
    if kind == "minLength":
        return f"{given!r} is too short; write at least {wanted} characters"
    if kind == "maxLength":
        return f"has {len(given)} characters; write at most {wanted}"
    if kind in ("minItems", "minProperties"):
        return f"has {len(given)} entries; give at least {wanted}"
    if kind in ("minimum", "maximum"):
        return f"{given} is outside {fault.schema['minimum']} to {fault.schema['maximum']}"
    if kind == "enum":
        return f"{given!r} is not a choice; write one of " + ", ".join(f'"{word}"' for word in wanted)
    if kind == "pattern":
        return f"{given!r} is no date; write it as 2027-06-01"
    if kind == "type":
        return f"{given!r} does not fit; write {A_KIND.get(str(wanted), wanted)}"
    if kind == "anyOf" and {"type": "null"} in wanted:
        return "write None, or a sentence of 10 to 200 characters in quotation marks"
    if kind == "anyOf":
        return f"{given!r} does not fit; write a number, or a list of numbers"
    return fault.message[:120]


A_KIND = {
    "string": "a text in quotation marks",
    "number": "a number, without quotation marks",
    "integer": "a whole number, without quotation marks",
    "array": "a list in square brackets",
    "object": "entries in curly brackets",
}


def options():
    """Every decision on the table: rule, variants, where, dose, timing. A kit reads four."""
    tests = [("CE kit", "4"), ("CE kit", "4+uracil")]
    tests += list(product(["in-house A", "in-house copied"], ["4", "5", "4+uracil", "5+uracil"]))
    found = [("none", "-", "-", "-", "-")]
    for rule, (where, panel), dose, timing in product(
        ["recommend", "mandate"], tests, ["-25", "-50", "-50 and raise"], ["wait", "start", "early"]
    ):
        found.append((rule, panel, where, dose, timing))
    return found


ON_TABLE = frozenset(options())


def people_with_variant(f):
    """Per group, people with each variant (two chances each)."""
    found = {}
    for group, n in PATIENTS.items():
        shares = [*EUROPEAN[:4], 0.0]  # the dossier: one population, four variants
        if f["ancestry_known"]:
            shares = f["freq"][group]
        found[group] = [2 * share * n for share in shares]
    return found


def evaluate(option, f):
    """What one year of a decision brings, compared with testing nobody."""
    rule, panel, where, dose, timing = option
    names = ["tested", "changed", "episodes", "deaths", "days", "qaly", "service", "cost"]
    if rule == "none":
        return dict.fromkeys(names, 0.0)
    if tuple(option) not in ON_TABLE:
        raise ValueError(
            f"{' | '.join(map(str, option))} is none of the {len(ON_TABLE)} decisions. Write the five parts "
            "in the order rule, variants, where, dose, timing, each word as in the briefing; a kit reads four."
        )
    # 1 who is tested, where, when
    tested = sum(PATIENTS.values()) * f["tested_" + rule] * f["accept"]
    reach = tested / sum(PATIENTS.values())
    days = {
        "CE kit": f["kit_days"],
        "in-house A": dict.fromkeys(SHARE, f["central_days"]),
        "in-house copied": dict.fromkeys(SHARE, 3),
    }[where]
    price = {
        "CE kit": f["kit_cost"],
        "in-house A": f["central_cost"],
        "in-house copied": 0.85 * f["central_cost"],
    }[where]
    in_time = 1 - f["first_cycle"] if timing == "start" else 1.0
    # 2 what the changed dose prevents
    after = f["rr_25"] if dose == "-25" else f["rr_50"]
    changed = episodes = deaths = 0.0
    for people in people_with_variant(f).values():
        for i, n in enumerate(people):
            if i == 4 and panel[0] != "5":
                continue  # nobody looks for it
            drop = f["rr_full"][i] - after[i]
            kept = 1.0 if i < 2 else drop / (f["rr_full"][i] - 1)
            changed += n * reach
            episodes += n * reach * in_time * BASE * drop
            deaths += n * reach * in_time * kept * (f["death_full"][i] - f["death_other"])
    if panel.endswith("uracil"):
        extra = f["other_low"] * reach * f["uracil_finds"]
        episodes += extra * in_time * BASE * (f["uracil_rr"] - 1)
        deaths += extra * in_time * f["uracil_death"]
        changed += extra + f["uracil_false"] * tested
    # 3 what it costs in treatment: doses never raised again, days waited
    stuck = f["not_raised"]
    if dose == "-50 and raise":
        stuck = min(stuck, f["not_raised_if_called"])
    if dose == "-25":
        stuck = stuck / 2
    waiting = {"wait": 1.0, "start": 0.0, "early": 1 - f["early_share"]}[timing]
    waited = 0.0
    for site, part in SHARE.items():
        late = max(0, days[site] - f["gap_days"])
        waited += tested * part * waiting * (1 - f["urgent"]) * late
        if timing == "wait":
            waited += tested * part * f["urgent"] * f["urgent_weight"] * days[site]
    qaly = episodes * f["qaly_episode"] + deaths * f["qaly_death"]
    qaly -= changed * stuck * f["loss_not_raised"] + waited * f["loss_per_day"]
    # 4 what it costs in money
    service = tested * price + (f["mandate_cost"] if rule == "mandate" else 0)
    service += 0 if where == "CE kit" else f["prep_cost"]
    service += f["fifth_cost"] if panel[0] == "5" else 0
    service += tested * f["uracil_cost"] if panel.endswith("uracil") else 0
    service += changed * f["call_cost"] if dose == "-50 and raise" else 0
    service += tested * (f["early_admin"] + f["early_visit"]) if timing == "early" else 0
    cost = service - episodes * f["episode_cost"]
    return dict(
        zip(names, [tested, changed, episodes, deaths, waited, qaly, service, cost], strict=True)
    )


def net_benefit(option, f):
    """Euros a year against testing nobody: healthy years at their value, less the net cost."""
    result = evaluate(option, f)
    return f["qaly_value"] * result["qaly"] - result["cost"]


def allowed(option, f):
    """Lawful and within the ring-fenced budget, as far as the people present know."""
    if option[2] == "in-house copied" and not f["copy_lawful"]:
        return False
    return f["cap"] is None or evaluate(option, f)["service"] <= f["cap"]


def ranked(f):
    """All allowed decisions, the best first."""
    return sorted(
        (o for o in options() if allowed(o, f)), key=lambda o: net_benefit(o, f), reverse=True
    )
