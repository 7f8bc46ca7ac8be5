"""Workbooks, as they are downloaded."""

import tempfile

from odoo.http import content_disposition, request


def send(write, title):
    """
    :param write: function that writes the workbook into a file
    :param title: its name, without the ending
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
            ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("Content-Length", size),
            ("Content-Disposition", content_disposition(f"{title}.xlsx")),
        ],
    )


def _chunks(stream):
    with stream:
        while block := stream.read(1 << 16):
            yield block
