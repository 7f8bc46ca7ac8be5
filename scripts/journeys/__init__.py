"""Jobs that people do with the addon, played in a browser as they do them.

A journey is a function that takes the Stage; its docstring says whose job it is. `company.py` makes
the company, `person.py` is the hand and the eye, the other modules have the journeys.
"""

# Journeys that find a fault of the product which is not mended yet: {name: fault}. They are played
# when they are asked for by name, and named at the end of every run.
NOT_YET = {}


def all_journeys():
    """:return: the functions, in the order in which they stand"""
    from . import bookkeeper  # noqa: PLC0415  (company.py is read inside Odoo, without a browser)

    return [
        journey
        for module in (bookkeeper,)
        for name, journey in vars(module).items()
        if not name.startswith("_") and getattr(journey, "__module__", "") == module.__name__
    ]
