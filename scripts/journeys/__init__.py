"""Jobs that people do with the addon, played in a browser as they do them.

A journey is a function that takes the Stage; its docstring says whose job it is. `company.py` makes
the company, `person.py` is the hand and the eye, the other modules have the journeys.
"""

# Journeys that cannot go well yet: {name: why}. They are played when they are asked for by name,
# and named at the end of every run.
_MERGED = "written for the pages as merged, not played to its end on them yet"
NOT_YET = {
    "adds_a_customer": _MERGED,
    "finds_by_id_what_he_owes": _MERGED,
    "prints_an_invoice_and_takes_a_payment": _MERGED,
    "gives_terms_by_the_gear": _MERGED,
    "releases_a_held_order": _MERGED,
    "looks_up_who_owes_what_on_the_phone": _MERGED,
    "works_in_german": "the new texts are not translated yet",
    "administers_in_german": "the new texts are not translated yet",
    "administers_in_french": "the new texts are not translated yet",
    "opens_a_document_from_the_history": _MERGED,
    "merges_contacts_that_share_an_id": _MERGED,
}


def all_journeys():
    """:return: the functions, in the order in which they stand"""
    # company.py is read inside Odoo, without a browser.
    from . import admin, bookkeeper, rep  # noqa: PLC0415

    return [
        journey
        for module in (bookkeeper, rep, admin)
        for name, journey in vars(module).items()
        if not name.startswith("_") and getattr(journey, "__module__", "") == module.__name__
    ]
