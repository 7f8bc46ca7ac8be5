"""Workbooks and lists, as they are downloaded."""

import tempfile

from odoo.http import content_disposition, request

#: What can be sent: (ending, type of content).
XLSX = ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
CSV = ("csv", "text/csv; charset=utf-8")


def send(write, title, kind=XLSX):
    """
    :param write: function that writes the workbook into a file
    :param title: its name, without the ending
    :param kind: XLSX or CSV
    :return: the answer to the request
    """
    # On disk: a report of a million rows must not pass through memory.
    stream = tempfile.TemporaryFile()
    write(stream)
    size = stream.tell()
    stream.seek(0)
    return request.make_response(
        _chunks(stream),
        headers=[
            ("Content-Type", kind[1]),
            ("Content-Length", size),
            ("Content-Disposition", content_disposition(f"{title}.{kind[0]}")),
        ],
    )


def _chunks(stream):
    with stream:
        while block := stream.read(1 << 16):
            yield block
