"""What a rep writes into a promotion, whatever it is: no directive survives, no word is lost."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html
from odoo.addons.bizuno_crm.logic.promo_body import one_line, without_directives

DIRECTIVES = ("t-out", "t-esc", "t-if", "t-foreach", "t-set", "t-call", "T-OUT", "t-att-href")
# What a database can hold.
TEXT = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=20
)
WORDS = st.text("abc xyz 12", min_size=1, max_size=12)
ATTRIBUTES = st.dictionaries(
    st.sampled_from((*DIRECTIVES, "style", "href", "class")), WORDS, max_size=3
)


def _element(children):
    def build(tag, attributes, inner):
        written = "".join(f' {name}="{value}"' for name, value in attributes.items())
        return f"<{tag}{written}>{inner}</{tag}>"

    tags = st.sampled_from(("p", "div", "t", "T", "b", "span"))
    return st.builds(build, tags, ATTRIBUTES, st.lists(children, max_size=3).map("".join))


BODIES = st.recursive(WORDS, _element, max_leaves=8)


def _parse(body):
    return html.fragment_fromstring(body, create_parent="div")


def _words(body):
    return "".join(_parse(body).text_content().split())


@settings(max_examples=300, deadline=None)
@given(BODIES)
def test_no_directive_survives_and_no_word_is_lost(body):
    clean = without_directives(body)
    for node in _parse(clean).iter():
        assert node.tag != "t"
        assert not [name for name in node.attrib if name.lower().startswith("t-")]
    assert _words(clean) == _words(body)
    assert _words(without_directives(clean)) == _words(body)


@settings(max_examples=300, deadline=None)
@given(TEXT)
@example("<?xml version='1.0' encoding='utf-8'?><p t-out='1'>A</p>")
@example("<!-- <t t-out='1'/> -->")
@example("<t t-out='1'")
@example("\x01<p>\x0b</p>")
@example("</div><t t-out='7'/>")
def test_anything_is_a_body(text):
    clean = without_directives(text)
    for node in _parse(clean or "<p/>").iter("*"):
        assert node.tag != "t"
        assert not [name for name in node.attrib if name.lower().startswith("t-")]


@given(TEXT)
def test_a_header_is_one_line(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert "".join(line.split()) == "".join(text.split())
    assert one_line(line) == line
