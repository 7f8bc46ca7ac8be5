"""Where Bizuno's own figures are wrong, by bugs of its own: so that who lays its reports beside
Odoo's knows which differences are none.

>>> here, today = ZoneInfo("America/New_York"), datetime(2026, 11, 26)
>>> days_late(datetime(2026, 10, 27), today, here), days_late(datetime(2026, 11, 10), today, here)
(31, 16)
"""

import math
from datetime import datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from .. import aging
from . import ledger

_DAY = 24 * 60 * 60


class Fault(NamedTuple):
    """`code` is one of CODES; `about` names the documents or contacts."""

    code: str
    about: tuple


CODES = ("days", "panel_of_vendor", "dashboard_current", "thirty_days", "unrounded")


def days_late(due, today, zone):
    """As Bizuno counts: the seconds between two midnights, in days, rounded up. Where one of them
    is in summer time, and the other is not, a day has 25 hours.

    :return: int
    """
    begin, end = (datetime.combine(day, time(), zone).timestamp() for day in (due, today))
    return math.ceil((end - begin) / _DAY)


def find(company, today):
    """
    :param company: `company.Company`
    :param date today: of the picture
    :return: list of Fault, of what is wrong in this company
    """
    owed = [
        document
        for document in company.documents
        if document.is_open and document.balance and document.journal in ledger.SIGNS
    ]
    name = company.timezone if company.timezone in available_timezones() else "UTC"
    zone = ZoneInfo(name)
    due = [(document, document.due["own_rule"]) for document in owed]
    receivable = {document.contact for document in owed if document.journal in ledger.RECEIVABLE}
    both = {
        contact.id for contact in company.contacts.values() if "vendor" in contact.roles
    } & receivable
    current = [
        document for document, day in due if document.journal in ledger.RECEIVABLE and day >= today
    ]
    names_by_code = {
        "days": [
            _name(document)
            for document, day in due
            if aging.bucket_of(days_late(day, today, zone)) != aging.bucket_of((today - day).days)
        ],
        "panel_of_vendor": [company.contacts[id_].contact_id for id_ in sorted(both)],
        "dashboard_current": [_name(document) for document in current],
        "thirty_days": [
            _name(document) for document, day in due if day != document.due["reference_rule"]
        ],
        "unrounded": [
            _name(document) for document in owed if document.currency not in ("", company.currency)
        ],
    }
    return [Fault(code, tuple(names_by_code[code])) for code in CODES if names_by_code[code]]


def _name(document):
    return document.number or document.id
