"""What can be wrong with a file from Bizuno, and with a row in it.

Both say a code and the facts; the sentence for the user, in the user's language, is made of them
(`messages.importer`).

>>> Problem("contacts", "7", "inactive", "X", "status_unknown").field
'inactive'
>>> str(FileError("truncated", table="contacts", row=7))
"truncated: table 'contacts', row 7"
"""

from typing import NamedTuple

#: What a FileError can be about.
FILE_CODES = (
    "empty", "binary", "charset", "gzip", "zip", "bomb", "truncated", "row_too_long",
    "statement_too_long", "too_many_columns", "no_bizuno", "several_companies", "missing_column",
    "missing_table", "no_structure", "table_twice",
    "csv_columns", "csv_row_too_long", "csv_too_many_columns", "csv_too_many_rows",
    "csv_truncated",
)  # fmt: skip


class FileError(Exception):
    """A file that cannot be read as a whole; nothing of it is used.

    `code` is one of FILE_CODES, `facts` what its sentence needs: table, row, and so on.
    """

    def __init__(self, code, **facts):
        super().__init__(
            f"{code}: " + ", ".join(f"{name} {value!r}" for name, value in facts.items())
        )
        self.code, self.facts = code, facts


class Problem(NamedTuple):
    """Something about one row: `row` is its record id, or its number in the file ("#3")."""

    table: str
    row: str
    field: str
    value: str
    code: str
