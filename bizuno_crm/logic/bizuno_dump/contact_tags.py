"""The columns of Bizuno's own contact export, and the cells of its file.

>>> tag_of("ContactContactID"), tag_of("ContactID"), tag_of("contactCustomer"), tag_of("Contact")
('ContactID', 'ContactID', 'customer', 'Contact')
>>> tag_of("Phone") is None
True
"""

import re

#: {tag: column of the table}, in the order of Bizuno's export.
COLUMNS = {
    "branch": "ctype_b", "customer": "ctype_c", "employee": "ctype_e", "crm": "ctype_i",
    "project": "ctype_j", "user": "ctype_u", "vendor": "ctype_v", "Attachment": "attach",
    "ContactID": "short_name", "Status": "inactive", "StoreID": "store_id",
    "TaxExempt": "tax_exempt", "TaxRateID": "tax_rate_id", "DeptRepID": "rep_id",
    "PriceSheetID": "price_sheet", "Terms": "terms", "FirstName": "contact_first",
    "LastName": "contact_last", "Title": "flex_field_1", "PrimaryName": "primary_name",
    "Contact": "contact", "Address1": "address1", "Address2": "address2", "City": "city",
    "State": "state", "PostalCode": "postal_code", "CountryISO3": "country", "Email": "email",
    "Email2": "email2", "Email3": "email3", "Email4": "email4", "Telephone1": "telephone1",
    "Telephone2": "telephone2", "Telephone3": "telephone3", "Telephone4": "telephone4",
    "Website": "website", "AccountNumber": "account_number", "Marketplace": "marketplace",
    "GovID": "gov_id_number", "DefaultGLAccount": "gl_account", "DefGLAcctV": "gl_acct_v",
    "DefGLAcctC": "gl_acct_c", "DateCreated": "first_date", "DateLastEntry": "date_last",
    "AltDate1": "last_date_1", "AltDate2": "last_date_2",
}  # fmt: skip
#: Read where a file has it; Bizuno's export has not.
ALSO_READ = {"Newsletter": "newsletter"}
#: Every heading of the export begins with it.
PREFIX = "Contact"
HEADINGS = tuple(PREFIX + tag for tag in COLUMNS)
#: An employee's hold a PIN and the social security number.
SECRET = ("AccountNumber", "GovID")
_BY_HEADING = {
    prefix + tag.lower(): tag for prefix in (PREFIX.lower(), "") for tag in (*COLUMNS, *ALSO_READ)
}
# What a spreadsheet computes when it opens a list.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_BREAKS = re.compile(r"[\r\n\t]")
# The connection of the program carries no characters of four bytes.
_FOUR_BYTES = re.compile(r"[^\0-\uffff]")


def tag_of(heading):
    """:return: the tag that a heading names, with or without Bizuno's prefix, or None"""
    return _BY_HEADING.get(heading.strip().lower())


def cells_of(row, roles):
    """
    :param dict row: of the table `contacts`, with the main address
    :param roles: words of `contacts.ROLES`
    :return: {tag: text} as Bizuno exports the row, without what is empty or a secret

    >>> cells = cells_of({"short_name": "A", "terms": "", "account_number": "77"}, ("employee",))
    >>> "Terms" in cells, "AccountNumber" in cells, cells["ContactID"]
    (False, False, 'A')
    >>> sorted(tag for tag, text in cells.items() if text == "1"), cells["vendor"]
    (['employee'], '0')
    """
    words = {"crm": "lead"}
    cells = {}
    for tag, column in COLUMNS.items():
        if column.startswith("ctype_"):
            value = "1" if words.get(tag, tag) in roles else "0"
        else:
            value = str(row.get(column) or "").strip()
            if not value.isprintable():
                value = _BREAKS.sub(" ", value)
        if value and not (tag in SECRET and "employee" in roles):
            cells[tag] = value
    return cells


def is_same(text, exported):
    """
    :return: whether Bizuno writes `text` as `exported`

    >>> is_same("Bakery \\U0001F950", "Bakery ?"), is_same("a", "b")
    (True, False)
    """
    return text == exported or _FOUR_BYTES.sub("?", text) == exported


def guarded(text):
    """A cell that no spreadsheet takes for a formula; `unguarded` takes that back.

    >>> guarded("=1+1"), unguarded("'=1+1"), guarded("-"), unguarded(guarded("'=1"))
    ("'=1+1", '=1+1', "'-", "'=1")
    >>> guarded("O'Hara"), unguarded("'Bob' & Co")
    ("O'Hara", "'Bob' & Co")
    """
    return "'" + text if _FORMULA.match(text) else text


def unguarded(text):
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def line(cells):
    """
    :param cells: iterable of str
    :return: a line of the file, without its end

    >>> print(line(["1", "a,b", '5" wide', "+1 555"]))
    1,"a,b","5"" wide",'+1 555
    """
    return ",".join(_quoted(guarded(cell)) for cell in cells)


def _quoted(text):
    text = text.replace("\0", "")
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text
