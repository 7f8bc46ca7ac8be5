"""What somebody who comes from Bizuno may bring: a dump, or the list of contacts.

>>> import io
>>> found = read(lambda: io.BytesIO(b"ContactID,Status,customer,PrimaryName\\nA,H,1,Shop"))
>>> [one.contact_id for one in found.contacts.values()]
['A']
"""

from . import company, contacts_csv


def read(open_file):
    """
    :param open_file: callable without arguments that opens the file anew, as binary file
    :return: `records.Company`
    :raise FileError: nothing of the file can be used
    """
    reader = contacts_csv if contacts_csv.is_list(open_file) else company
    return reader.read(open_file)
