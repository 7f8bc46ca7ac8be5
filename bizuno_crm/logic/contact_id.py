"""What Contact IDs are compared by: two that look alike on paper are one.

The unique index of the database decides, with `KEY_SQL`; `key` is the same rule in Python, for what
is said before. A test compares the two.
"""

import re
import unicodedata

# Compared up to here: an index of the database takes no longer ones, and no Contact ID that is
# typed is as long.
LENGTH = 400

# What has no shape of its own: control characters and line breaks, marks of the direction,
# joiners, soft hyphens, variation selectors, fillers, tags (Unicode's Default_Ignorable_Code_Point,
# Cc and Cf).
_INVISIBLE = (
    r"\u0001-\u001F\u007F-\u009F\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2"
    r"\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164"
    r"\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB"
    r"\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A"
    r"\U000E0000-\U000E0FFF"
)
# Besides, what a text of PostgreSQL cannot hold at all.
_INVISIBLE_PATTERN = re.compile(rf"[\u0000\uD800-\uDFFF{_INVISIBLE}]")

# All of its functions are immutable; normalize() needs a database in UTF8, which Odoo's are.
KEY_SQL = (
    "lower(btrim(left(normalize(regexp_replace({text}, "
    f"'[{_INVISIBLE}]', '', 'g'), NFKC), {LENGTH})))"
)

# Which of several contacts keeps a Contact ID that they share, from the installation on: one that
# is active, else the older one. In the order of SQL, of columns of res_partner.
HOLDER_ORDER = "active DESC, id"


def key(text):
    """
    :param str text: a Contact ID as somebody typed it, or None
    :return: what it is compared by

    >>> key(" AB-1 ") == key("ab-1") == key("ab\\u200b-1") == key("ＡＢ-１\\n")
    True
    >>> key("AB 1") == key("AB\\u00a01"), key("AB 1") == key("AB1")
    (True, False)
    >>> key("\\u202e"), key(None)
    ('', '')
    """
    shown = unicodedata.normalize("NFKC", _INVISIBLE_PATTERN.sub("", text or ""))
    return shown[:LENGTH].strip(" ").lower()


def clean(text):
    """
    :param str text: a Contact ID as somebody typed it
    :return: the same without what cannot be seen, and without surrounding blanks

    >>> clean("  Old\\u200b-17\\n")
    'Old-17'
    >>> clean("ＡＢ-１")
    'ＡＢ-１'
    """
    return unicodedata.normalize("NFC", _INVISIBLE_PATTERN.sub("", text)).strip()
