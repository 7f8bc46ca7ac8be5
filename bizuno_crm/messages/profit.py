"""Projects on orders, invoices and bills."""

from odoo.tools import format_date

from .base import names_of


def project_of_other_company(env, project, document):
    return env._(
        "The project “%(project)s” belongs to %(company)s and cannot be chosen on %(document)s: "
        "choose a project of the document's company.",
        project=project.display_name,
        company=project.company_id.name,
        document=document.display_name,
    )


def project_of_company_with_documents(env, project, company):
    return env._(
        "The project “%(project)s” stays with %(company)s, because quotations, orders, invoices, "
        "bills or analytic items are on it: create a new project for %(other)s.",
        project=project.display_name,
        company=project.company_id.name,
        other=company.name,
    )


def project_in_locked_period(env, move, lock_dates):
    """:param str lock_dates: as Odoo writes them"""
    return env._(
        "%(document)s of %(date)s is in a locked period (%(lock_dates)s), so its project can no "
        "longer be changed: ask somebody who may change the lock date.",
        document=move.display_name,
        date=format_date(env, move.date),
        lock_dates=lock_dates,
    )


def project_of_locked_order(env, order):
    return env._(
        "%(document)s is locked, so its project can no longer be changed: unlock the order first.",
        document=order.display_name,
    )


def project_of_shared_tax(env, move):
    return env._(
        "Lines of %(document)s share a tax or a cost of goods that is on their project, so that no "
        "single one can get another project while the document is posted: give it to all of them, "
        "or reset the document to draft first.",
        document=move.display_name,
    )


def project_nothing_chosen(env, project):
    return env._(
        "No document was assigned to the project “%(project)s”: tick those that belong to it "
        "first.",
        project=project.display_name,
    )


def project_assigned(env, project, count):
    if count == 1:
        return env._("1 document was assigned to %(project)s.", project=project.display_name)
    return env._(
        "%(count)s documents were assigned to %(project)s.",
        count=count,
        project=project.display_name,
    )


def project_profit_hidden(env, project):
    return env._(
        "You may not see what the project “%(project)s” earned and cost: ask somebody with "
        "Invoicing rights, or ask an administrator to let sales reps see it for their own "
        "projects.",
        project=project.display_name,
    )


def project_dates_reversed(env, report):
    return env._(
        "The profit and loss cannot begin on %(first)s and end on %(last)s: swap the two dates.",
        first=format_date(env, report.date_from),
        last=format_date(env, report.date_to),
    )


def project_account_taken(env, account, project):
    return env._(
        "The analytic account “%(account)s” already belongs to the project “%(project)s”: choose "
        "another one, or leave it empty and the project gets its own.",
        account=account.display_name,
        project=project.display_name,
    )


def project_account_in_use(env, project):
    return env._(
        "The project “%(project)s” keeps its analytic account, because analytic items have been "
        "booked to it.",
        project=project.display_name,
    )


def project_with_items(env, projects):
    if len(projects) == 1:
        return env._(
            "The project “%(project)s” cannot be deleted, because analytic items have been "
            "booked to its account: archive it instead.",
            project=projects.display_name,
        )
    return env._(
        "The projects %(projects)s cannot be deleted, because analytic items have been booked to "
        "their accounts: archive them instead.",
        projects=names_of(projects),
    )


def project_with_documents(env, project, count):
    if count == 1:
        return env._(
            "The project “%(project)s” cannot be deleted, because a quotation, order, invoice or "
            "bill is on it: choose another project there, or archive this one.",
            project=project.display_name,
        )
    return env._(
        "The project “%(project)s” cannot be deleted, because %(count)s quotations, orders, "
        "invoices or bills are on it: choose another project there, or archive this one.",
        project=project.display_name,
        count=count,
    )
