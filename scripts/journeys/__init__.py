"""Jobs that people do with the addon, played in a browser as they do them.

A journey is a function that takes the Stage; its docstring says whose job it is. `company.py` makes
the company, `person.py` is the hand and the eye, the other modules have the journeys.
"""

# Journeys that cannot go well yet: {name: why}. They are played when they are asked for by name,
# and named at the end of every run.
_MENDED = "played to a fault that has been mended since, and not played again yet"
NOT_YET = {
    "administers_in_french": _MENDED,
    "exports_first_and_uninstalls": _MENDED,
}

# Left out of `make journeys J=ci`, which takes at most ten minutes on two processors: each has a
# sister that plays nearly the same, or needs minutes for companies of its own, which the pipeline
# installs into and uninstalls from in `lifecycle`, too.
NOT_IN_CI = {
    "finds_it_in_apps_and_installs_it",
    "exports_first_and_uninstalls",
    "takes_the_first_steps_on_the_phone",
    "opens_a_document_from_the_history",
    "reads_which_branch_a_customer_owes",
    "a_customer_looks_at_his_account_on_the_phone",
    "reads_all_tabs_in_spanish",
    "reads_all_tabs_in_french",
    "administers_in_french",
    "imports_a_list_again_by_contact_id",
    "renumbers_contacts_that_share_an_id",
    "resolves_contact_ids_that_are_shared",
}


def chosen_journeys(arguments):
    """
    :param arguments: parts of names; "ci": those of the pipeline; none: all
    :return: the functions, in the order in which they stand
    """
    journeys = all_journeys()
    if not arguments:
        return [one for one in journeys if one.__name__ not in NOT_YET]
    if arguments == ["ci"]:
        left_out = NOT_IN_CI | NOT_YET.keys()
        return [one for one in journeys if one.__name__ not in left_out]
    return [one for one in journeys if any(part in one.__name__ for part in arguments)]


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
