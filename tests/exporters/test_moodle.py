"""Questions in Moodle's own XML: what its importer reads of an essay, and nothing that marks."""

from lxml import etree

from pmcampus.exporters.moodle import moodle_xml
from pmcampus.exporters.static_items import static_items
from pmcampus.model.tree import ModuleFolder
from tests.exporters.conftest import SITE

# What qformat_xml reads in import_headers and import_essay.
READ = {
    "name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber",
    "responseformat", "responserequired", "responsefieldlines", "attachments", "attachmentsrequired",
    "graderinfo", "responsetemplate",
}  # fmt: skip


def quiz(module: ModuleFolder) -> etree._Element:
    """The file, read."""
    return etree.fromstring(moodle_xml(module, static_items(module)[0], site=SITE))


def test_a_category_comes_before_its_questions(module: ModuleFolder) -> None:
    """Module, and lesson in it; the rest are essays with the fields that Moodle reads."""
    first, *questions = quiz(module)

    assert first.get("type") == "category"
    assert first.findtext("category/text") == "$course$/top/D02 Second steps/D02.1 A share"
    assert {q.get("type") for q in questions} == {"essay"}
    assert all({child.tag for child in q} == READ for q in questions)


def test_a_slash_in_a_title_starts_no_category(module: ModuleFolder) -> None:
    """Moodle splits categories at a slash; two stand for one."""
    item = static_items(module)[0][0]
    lesson = item.lesson.model_copy(update={"title": "Right/wrong"})
    object.__setattr__(item, "lesson", lesson)

    root = etree.fromstring(moodle_xml(module, [item], site=SITE))
    assert root.findtext("question/category/text") == "$course$/top/D02 Second steps/D02.1 Right//wrong"


def test_the_answer_is_feedback_and_there_are_no_points(module: ModuleFolder) -> None:
    """It is shown after the attempt."""
    found = {q.findtext("idnumber"): q for q in quiz(module)[1:]}
    check = found["d02-1-check-1"]

    assert "<strong>twelve</strong>" in check.findtext("generalfeedback/text")
    assert {q.findtext("defaultgrade") for q in found.values()} == {"0"}
    assert not quiz(module).xpath("//answer")


def test_a_decision_has_its_choices_in_the_text(module: ModuleFolder) -> None:
    """Escaped once, as HTML in XML."""
    found = {q.findtext("idnumber"): q for q in quiz(module)[1:]}
    text = found["d02-1-decide-now-choice"].findtext("questiontext/text")

    assert "<strong>A</strong> all, says &lt;the laboratory&gt; &amp; its <em>letter</em>" in text
    assert f'href="{SITE}books/second-steps/a-lesson/"' in text


def test_the_same_content_gives_the_same_bytes(module: ModuleFolder) -> None:
    """So that a second import can be compared."""
    items = static_items(module)[0]

    assert moodle_xml(module, items, site=SITE) == moodle_xml(module, items, site=SITE)
