"""Jobs that people do with the addon, played in a browser as they do them.

A journey is a function that takes the Stage; its docstring says whose job it is. `company.py` makes
the company, `person.py` is the hand and the eye, the other modules have the journeys.
"""

# Played by `make journeys J=ci`, which takes at most ten minutes on two processors: what each of
# the three people does every day, and a session in another language.
IN_CI = {
    "adds_a_customer", "finds_by_id_what_he_owes", "gives_terms_by_the_gear",
    "puts_on_hold_with_a_reason", "approves_credit_with_a_reason", "releases_a_held_order",
    "closes_the_month_with_the_aged_receivables", "sends_statements_to_five_customers",
    "opens_a_document_from_the_history", "writes_off_a_rest", "sees_that_a_credit_is_not_late",
    "works_in_german", "a_rep_reads_why_he_sees_no_receivables", "a_customer_looks_at_his_account",
    "starts_the_day", "logs_a_call_in_three_taps", "does_a_due_reminder",
    "is_told_of_a_duplicate_while_typing", "moves_a_project_and_closes_it",
    "writes_a_quotation_for_a_held_customer", "looks_up_his_own_sales", "takes_the_first_steps",
}  # fmt: skip


def chosen_journeys(arguments):
    """
    :param arguments: parts of names; "ci": those of the pipeline; none: all
    :return: the functions, in the order in which they stand
    """
    journeys = all_journeys()
    if unknown := IN_CI - {journey.__name__ for journey in journeys}:
        raise ValueError(f"No such journeys: {', '.join(sorted(unknown))}")
    if arguments == ["ci"]:
        return [journey for journey in journeys if journey.__name__ in IN_CI]
    return [
        journey
        for journey in journeys
        if any(part in journey.__name__ for part in arguments or [""])
    ]


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
