"""Every metric's definition in one place: what a page, a column and a guide say about a number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """One metric.

    Attributes:
        unit: what the value counts in.
        formula: as plain text.
        source: who defined it, or that it is our own choice.
        doi: of the source; empty where there is none.
        population: whose rows it is made from, and what is left out.
        reading: how to read it, in one plain sentence.
    """

    key: str
    name: str
    definition: str
    unit: str
    formula: str
    source: str
    doi: str
    population: str
    reading: str


FIRST = (
    "first readable attempts of enrolled learners at this version; items that ended in an error, wait for a "
    "person, or were marked by a person after a second attempt are left out and counted"
)
COMPLETE = f"{FIRST}; only learners whose scored items all have a score"
OWN = "our own choice"

_ALL = (
    Metric(
        "progress",
        "Progress",
        "How much of what the cohort takes a learner has handed in.",
        "share, 0 to 1",
        "points of assessments handed in and readable / points of all assessments not excused",
        OWN,
        "",
        "enrolled learners; the median over them is shown",
        "0.5: half of the work, by its points, is in.",
    ),
    Metric(
        "median-share",
        "Median share of points",
        "The middle learner's share of the points that are marked so far.",
        "share, 0 to 1",
        "median of (points reached / points marked)",
        OWN,
        "",
        "enrolled learners with a readable submission, with the scores that count now",
        "Half of the learners are above it and half below.",
    ),
    Metric(
        "difficulty",
        "Item difficulty p",
        "The mean share of an item's points; a high value is an easy item.",
        "share, 0 to 1",
        "p = mean(x) / max; interval: Wilson's, on the safe side where part of the points can be given",
        "interval: Wilson (1927)",
        "10.1080/01621459.1927.10502953",
        FIRST,
        "Below 0.2 hardly anybody could do it; above 0.95 nearly everybody could.",
    ),
    Metric(
        "item-rest",
        "Item-rest correlation",
        "How the item goes with the sum of all other items.",
        "correlation, -1 to 1",
        "r = corr(x, X - x), X the sum of the scored items; interval: bootstrap over learners, fixed seed",
        "interval: Efron and Tibshirani (1986)",
        "10.1214/ss/1177013815",
        COMPLETE,
        "Near 0 the item measures something else; below 0 look whether its key is wrong.",
    ),
    Metric(
        "d27",
        "Upper-lower difference D27",
        "Difficulty among the best 27 per cent less difficulty among the weakest 27 per cent.",
        "difference of shares, -1 to 1",
        "D = p(upper 27 %) - p(lower 27 %); learners with equal sums at an edge share its places equally",
        "Kelley (1939)",
        "10.1037/h0057123",
        COMPLETE,
        "The larger, the better the item tells the two groups apart.",
    ),
    Metric(
        "blank",
        "Left blank",
        "How many left the answer as it was handed out.",
        "share, 0 to 1",
        "answers with nothing written / answers; interval: Wilson's",
        "interval: Wilson (1927)",
        "10.1080/01621459.1927.10502953",
        f"{FIRST}; an answer by code counts where its check gave no points",
        "A high share may mean too little time, or a task nobody understood.",
    ),
    Metric(
        "minutes",
        "Minutes on an item",
        "About how long learners worked on the item, by what their own notebooks say.",
        "minutes",
        "median over learners of the sum of gaps between the last runs of cells, each at most 10 minutes; a "
        "gap ends at a run in the item and begins at the run before, in this item or the one just above; "
        "gaps under 1 second, as when all cells are run at once, count nowhere",
        "cap of a gap: our own choice; moments: nbformat, cell metadata `execution`",
        "",
        "first readable attempts, of at most 500 learners and 100 MB, whose notebook holds moments of the "
        "runs; written by the learner's own program, which nobody can verify",
        "A hint for planning, never for marks: whoever edits the file can write any moment.",
    ),
    Metric(
        "mean",
        "Mean",
        "The mean of the points of the scored items.",
        "points",
        "mean(X); interval: t",
        "any textbook",
        "",
        COMPLETE,
        "Read it with the distribution beside it.",
    ),
    Metric(
        "sd",
        "Standard deviation",
        "How far learners' sums lie apart.",
        "points",
        "sqrt(sum((X - mean)^2) / (n - 1))",
        "any textbook",
        "",
        COMPLETE,
        "0: all have the same sum.",
    ),
    Metric(
        "alpha",
        "Cronbach's alpha",
        "How far the items go together.",
        "number, at most 1",
        "alpha = k/(k-1) * (1 - sum(var(x_i)) / var(X)); undefined for one item or no spread",
        "Cronbach (1951); interval: Feldt (1965), doi 10.1007/BF02289499",
        "10.1007/BF02310555",
        COMPLETE,
        "From about 0.7 the sum orders learners well; it does not prove that one thing is measured.",
    ),
    Metric(
        "kr20",
        "KR-20",
        "The same for items that are right or wrong.",
        "number, at most 1",
        "KR20 = k/(k-1) * (1 - sum(p*q) / var(number right))",
        "Kuder and Richardson (1937)",
        "10.1007/BF02288391",
        f"{COMPLETE}; only where no item gave part of its points",
        "As alpha.",
    ),
    Metric(
        "sem",
        "Standard error of measurement",
        "How far a learner's sum may lie from what many such tests would give on average.",
        "points",
        "SEM = SD(X) * sqrt(1 - alpha)",
        "Cronbach (1951)",
        "10.1007/BF02310555",
        COMPLETE,
        "A mark within one SEM of the passing score could as well be on its other side.",
    ),
    Metric(
        "percent",
        "Mean per cent",
        "The mean score in per cent of the points.",
        "per cent",
        "100 * mean(X / max)",
        "any textbook",
        "",
        "learners with a complete first attempt at both tests",
        "Before and after are of the same people.",
    ),
    Metric(
        "hake",
        "Class gain <g>",
        "What the class gained, as a part of what it could gain.",
        "share, at most 1",
        "<g> = (mean post - mean pre) / (100 - mean pre); interval: bootstrap over learners",
        "Hake (1998)",
        "10.1119/1.18809",
        "learners with a complete first attempt at both tests",
        "It favours classes that knew more before; read d_z beside it.",
    ),
    Metric(
        "change",
        "Normalised change c",
        "Each learner's gain as a part of what could be gained, or loss of what could be lost; the mean.",
        "number, -1 to 1",
        "c = (post-pre)/(100-pre) if post > pre; (post-pre)/pre if post < pre; 0 if equal; "
        "dropped where both are 0 or both are 100",
        "Marx and Cummings (2007)",
        "10.1119/1.2372468",
        "learners with a complete first attempt at both tests, without those dropped",
        "Above 0: more was gained than lost.",
    ),
    Metric(
        "d-z",
        "Effect size d_z",
        "The mean difference measured in standard deviations of the differences.",
        "standard deviations",
        "d_z = mean(post - pre) / SD(post - pre); interval: noncentral t",
        "Lakens (2013)",
        "10.3389/fpsyg.2013.00863",
        "learners with a complete first attempt at both tests",
        "It says how steadily learners changed, not how much they know.",
    ),
    Metric(
        "mastery",
        "Mastery of a competency",
        "Whether the evidence shows that a competency is held at a level.",
        "share of points, 0 to 1, with Wilson's interval",
        "mastered if the lower end of Wilson's 95 % interval of sum(score)/sum(points) is at least 0.5 over "
        "at least 3 distinct items; n is (sum w)^2 / sum(w^2) with w the points; not yet if the share is "
        "below 0.5; otherwise insufficient evidence",
        "interval: Wilson (1927); threshold and number of items: our own choice",
        "10.1080/01621459.1927.10502953",
        "the scores that count now of items at this level or a higher one",
        "Insufficient evidence is no failure: there is too little to tell.",
    ),
    Metric(
        "chi2",
        "Chi-square",
        "How far groups of variants differ in who got all points.",
        "number, at least 0",
        "sum((seen - expected)^2 / expected); given only where every expected count is at least 5",
        "Pearson; correction for many items: Benjamini and Hochberg (1995)",
        "10.1111/j.2517-6161.1995.tb02031.x",
        FIRST,
        "Read p and q.",
    ),
    Metric(
        "p",
        "p value",
        "How often chance alone gives a difference at least so large.",
        "share, 0 to 1",
        "upper tail of chi-square with (groups - 1) degrees of freedom",
        "Pearson",
        "",
        FIRST,
        "With many items some are small by chance; q allows for that.",
    ),
    Metric(
        "q",
        "q value",
        "p after all items of the assessment were looked at.",
        "share, 0 to 1",
        "Benjamini and Hochberg's step-up adjustment of all p",
        "Benjamini and Hochberg (1995)",
        "10.1111/j.2517-6161.1995.tb02031.x",
        FIRST,
        "Below 0.05 the variants of this item should be looked at.",
    ),
    Metric(
        "exact",
        "Exact agreement",
        "How often all markers gave the same score.",
        "share, 0 to 1",
        "equal scores / scores; interval: Wilson's",
        "interval: Wilson (1927)",
        "10.1080/01621459.1927.10502953",
        "teams and criteria that the same markers scored",
        "Chance alone gives some of it; read kappa too.",
    ),
    Metric(
        "kappa",
        "Kappa",
        "Agreement beyond chance: two markers with quadratic weights, more by Fleiss.",
        "number, at most 1",
        "1 - observed disagreement / disagreement by chance; interval: bootstrap over scores, fixed seed",
        "Cohen (1968); three and more markers: Fleiss (1971), doi 10.1037/h0031619",
        "10.1037/h0026256",
        "teams and criteria that the same markers scored",
        "1: always agreed; 0: as chance would.",
    ),
    Metric(
        "icc",
        "Intraclass correlation ICC(2,1)",
        "How much of the spread of scores is due to the work and not to who marked it.",
        "number, at most 1",
        "(MSR - MSE) / (MSR + (k-1) MSE + k (MSC - MSE) / n)",
        "Shrout and Fleiss (1979)",
        "10.1037/0033-2909.86.2.420",
        "teams and criteria that the same markers scored",
        "Near 1 another marker would have given nearly the same scores.",
    ),
    Metric(
        "precision",
        "Precision of the rules",
        "Of the learners to whom a rule applied at a moment, how many did not pass in the end.",
        "share, 0 to 1",
        "flagged and not passed / flagged; interval: Wilson's; given from 5 flagged on",
        "Saito and Rehmsmeier (2015); interval: Wilson (1927), doi 10.1080/01621459.1927.10502953",
        "10.1371/journal.pone.0118432",
        "learners whose outcome is known and whose work has its moments: rules over first attempts handed in "
        "by that moment, and the final state in all that is asked of them",
        "In a clinic this is called positive predictive value.",
    ),
    Metric(
        "recall",
        "Recall of the rules",
        "Of the learners who did not pass in the end, to how many a rule applied at that moment.",
        "share, 0 to 1",
        "flagged and not passed / not passed; interval: Wilson's; given from 5 who did not pass on",
        "Saito and Rehmsmeier (2015); interval: Wilson (1927), doi 10.1080/01621459.1927.10502953",
        "10.1371/journal.pone.0118432",
        "as for precision",
        "In a clinic this is called sensitivity; who was asked and then passed makes both look worse.",
    ),
)

METRICS: dict[str, Metric] = {metric.key: metric for metric in _ALL}


def described(metric: Metric) -> str:
    """The metric as its section of the guide, in Markdown."""
    source = metric.source
    if metric.doi:
        source += f", [doi:{metric.doi}](https://doi.org/{metric.doi})"
    return "\n".join(
        (
            f"### {metric.name}",
            "",
            f"{metric.definition} *{metric.reading}*",
            "",
            f"- Formula: `{metric.formula}`",
            f"- Unit: {metric.unit}",
            f"- Made from: {metric.population}.",
            f"- Source: {source}.",
        )
    )
