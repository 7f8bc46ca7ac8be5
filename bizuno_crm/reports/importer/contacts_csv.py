"""The file with contacts as Bizuno's own export writes it; its quoting is that of other programs,
and no spreadsheet takes a cell for a formula."""

from odoo.tools import split_every

from ...logic.bizuno_dump.contact_rows import filled
from ...logic.bizuno_dump.contact_tags import HEADINGS, line
from ...models.importer.contact_cells import ContactCells

_BATCH = 1000


def write(export, stream):
    """
    :param export: `bizuno.contact.export`; its contacts are read as its user
    :param stream: binary file
    """
    stream.write(line(HEADINGS).encode())
    partners = export._get_partners()
    rows = ContactCells(partners.env)
    for ids in split_every(_BATCH, partners.ids):
        batch = partners.browse(ids)
        cells = rows.merged(batch)
        for id_ in ids:
            stream.write(b"\n" + line(filled(cells[id_])).encode())
        # What has been written is not needed any more.
        batch.invalidate_recordset()
