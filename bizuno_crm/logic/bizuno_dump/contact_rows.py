"""Rows of Bizuno's contact export: what is kept of them, and how they are told again."""

from .contact_tags import COLUMNS

# A contact without projects may be one for jobs in Bizuno, and logins are chosen there.
_BIZUNOS = ("project", "user")
# Besides, a day that Bizuno has noted is none of Odoo's.
_NOT_COMPARED = (*_BIZUNOS, "ContactID", "DateCreated", "DateLastEntry")


def kept_cells(theirs, after, before=None, old=None):
    """What is kept of a row for the way back.

    :param dict theirs: the row, {tag: text}
    :param dict after: the contact as a row, once it has come over
    :param dict before: the same before that, of a contact that was here
    :param dict old: what was kept the last time
    :return: {"theirs": the row, "here": {tag: what Odoo tells instead, None where that is a
        user's}}
    """
    here = {}
    for tag in COLUMNS:
        mine, text = after.get(tag, ""), theirs.get(tag, "")
        if mine == text or tag in _NOT_COMPARED:
            continue
        if before is None:
            here[tag] = mine
            continue
        was = before.get(tag, "")
        if old:
            own = was != old["here"].get(tag, old["theirs"].get(tag, ""))
        else:
            own = was not in ("", "0") and was == mine
        here[tag] = None if own else mine
    return {"theirs": theirs, "here": here}


def retold(kept, after, columns):
    """What is kept of a row that is the same as before, once the contact was written anew: by
    another choice of an account, for example.

    :param dict kept: see `kept_cells`
    :param dict after: the contact as a row
    :param columns: of which columns that is

    >>> retold({"theirs": {"Terms": "0"}, "here": {"City": "A"}}, {"Terms": "2"}, {"terms"})["here"]
    {'City': 'A', 'Terms': '2'}
    """
    here = dict(kept["here"])
    for tag, column in COLUMNS.items():
        if column in columns and tag not in _NOT_COMPARED:
            here.pop(tag, None)
            if after.get(tag, "") != kept["theirs"].get(tag, ""):
                here[tag] = after.get(tag, "")
    return {**kept, "here": here}


def without_own(theirs, kept, before):
    """
    :param dict theirs: a row of Bizuno
    :param dict kept: see `kept_cells`
    :param dict before: the contact as a row
    :return: the row to keep: what somebody has changed here and has gone to Bizuno from here is
        left as it was; None where that is all

    >>> kept = {"theirs": {"City": "Old"}, "here": {}}
    >>> without_own({"City": "New"}, kept, {"City": "New"})
    >>> without_own({"City": "New"}, kept, {"City": "Old"})
    {'City': 'New'}
    """
    was, here, row = kept["theirs"], kept["here"], {}
    for tag in COLUMNS:
        text, mine, old = theirs.get(tag, ""), before.get(tag, ""), was.get(tag, "")
        is_own = mine == text and mine != here.get(tag, old)
        if value := old if is_own else text:
            row[tag] = value
    return None if row == was else row


def people_cells(people):
    """The cells that the people of a contact stand for, see `Contacts._people_of`.

    >>> people_cells({"email2": {"email": "a@b"}})["Email2"]
    'a@b'
    """
    cells = {"Contact": people.get("attention", {}).get("name")}
    for number in (2, 3, 4):
        cells[f"Email{number}"] = people.get(f"email{number}", {}).get("email")
        cells[f"Telephone{number}"] = people.get(f"telephone{number}", {}).get("phone")
    if person := people.get("person"):
        first, last = split_name(person["name"])
        cells |= {"FirstName": first, "LastName": last, "Title": person["function"]}
    return {tag: one_line(text or "") for tag, text in cells.items()}


def filled(cells):
    """:return: the texts of all columns, in Bizuno's order"""
    return [cells.get(tag, "") for tag in COLUMNS]


def in_bizunos_words(cells, kept):
    theirs, here = kept["theirs"], kept["here"]
    row, changed = {}, False
    for tag in COLUMNS:
        mine, text = cells.get(tag, ""), theirs.get(tag, "")
        if tag in _BIZUNOS:
            row[tag] = text
        elif tag == "ContactID":
            row[tag] = mine
        elif tag not in _NOT_COMPARED:
            same = mine == here.get(tag, text)
            row[tag] = text if same else mine
            changed = changed or not same
    row["DateCreated"] = theirs.get("DateCreated") or cells["DateCreated"]
    row["DateLastEntry"] = cells["DateLastEntry"] if changed else theirs.get("DateLastEntry", "")
    return row


def split_name(name):
    """
    >>> split_name("Ann Mary Lee"), split_name("Ann"), split_name(False)
    (('Ann Mary', 'Lee'), ('Ann', ''), ('', ''))
    """
    first, _blank, last = (name or "").rpartition(" ")
    return (first, last) if first else (last, "")


def as_flag(value):
    """
    >>> as_flag(True), as_flag(None)
    ('1', '0')
    """
    return "1" if value else "0"


def one_line(text):
    return " ".join(str(text).split())
