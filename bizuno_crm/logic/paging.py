"""Where the pages of a printed list end: the one rule behind the PDFs that number their own pages.

Builds of wkhtmltopdf without the patched Qt print neither header nor footer, so "Page 1 of 3"
stands in the body, and whoever makes the body has to know what fits on a page.

>>> cut("abcde", 2)
[['a', 'b'], ['c', 'd'], ['e']]
>>> cut("", 2)
[[]]

Lines may differ in height, and the first page may have a head, the last one a foot:

>>> cut([1, 2, 1, 3], 4, height=int)
[[1, 2, 1], [3]]
>>> cut("abcdef", 4, head=2)
[['a', 'b'], ['c', 'd', 'e', 'f']]

A foot that does not fit any more takes the last line along, so that it never stands alone:

>>> cut("abc", 4, foot=2)
[['a', 'b'], ['c']]
>>> cut("abc", 4, foot=1)
[['a', 'b', 'c']]

>>> cut("ab", 4, head=9, foot=3)
[[], ['a'], ['b']]
"""


def cut(lines, room, height=lambda _line: 1, head=0, foot=0):
    """
    :param room: how high the lines of a page may be, in the unit of `height`
    :param height: function: the height of a line
    :param head: what of the room is taken on the first page
    :param foot: what of the room is taken on the last page
    :return: a list of pages, each a list of lines; at least one page
    """
    pages, left = [[]], room - head
    for line in lines:
        needed = height(line)
        # What is higher than a page gets one for itself.
        if needed > left and left < room:
            pages.append([])
            left = room
        pages[-1].append(line)
        left -= needed
    if foot > left and left < room:
        pages.append([pages[-1].pop()] if len(pages[-1]) > 1 else [])
    return pages


def number(pages):
    """Number pages: each, a dict, gets the keys "number" and "count".

    >>> number([{"lines": "ab"}, {"lines": "c"}])
    [{'lines': 'ab', 'number': 1, 'count': 2}, {'lines': 'c', 'number': 2, 'count': 2}]
    """
    return [{**page, "number": at, "count": len(pages)} for at, page in enumerate(pages, start=1)]
