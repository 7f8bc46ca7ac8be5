"""Aged receivables and statements of account."""

from markupsafe import Markup
from odoo.tools import format_amount, format_date, formatLang

from .base import _right, _rights, names_of


def aging_pdf_too_long(env, lines, most):
    return env._(
        "A PDF of %(lines)s lines would take too long: at most %(most)s are printed. Choose fewer "
        "customers or one line per customer, or download the XLSX, which has no such limit.",
        lines=lines,
        most=most,
    )


def aging_date_out_of_range(env, date, first, last):
    return env._(
        "Open items cannot be shown as of %(date)s: choose a date from the year %(first)s to "
        "%(last)s.",
        date=date.isoformat(),
        first=first,
        last=last,
    )


def aging_domain_not_understood(env, text):
    return env._(
        "The search “%(text)s” cannot be read: open the page of aged receivables or payables, "
        "search there, and print from that page.",
        text=text,
    )


def receivables_not_allowed(env, companies):
    return env._(
        "You may not see what customers of %(companies)s owe. An administrator can allow it: with "
        "the right “%(right)s” for all customers, or under Settings with “Sales Reps See Their "
        "Customers' Receivables” for your own.",
        companies=names_of(companies),
        right=_right(env, "bizuno_crm.group_receivable_read"),
    )


def receivables_of_own_customers(env):
    return env._("You see only the customers whose salesperson you are.")


def receivables_of_own_customers_but(env, companies):
    return env._(
        "You see only the customers whose salesperson you are, and nothing for %(companies)s, "
        "where Settings do not allow it.",
        companies=names_of(companies),
    )


def payables_not_allowed(env):
    groups = env.ref("account.group_account_readonly") + env.ref("account.group_account_invoice")
    return env._(
        "You may not see what is owed to vendors: ask an administrator for the right %(rights)s.",
        rights=_rights(env, groups),
    )


def payables_of_own_contacts(env):
    return env._("You see only the vendors among your contacts.")


def as_empty_page(text):
    """A sentence as the help of a page that shows nothing."""
    return Markup('<p class="o_view_nocontent_empty_folder">%s</p>') % text


def receivables_hidden_for_calls(env, partners):
    return env._(
        "You may not see what %(customers)s owes, and cannot plan calls about it: ask somebody who "
        "has the right “%(right)s”, or an administrator for that right.",
        customers=names_of(partners),
        right=_right(env, "bizuno_crm.group_receivable_read"),
    )


def collection_planned(env, count, disputed):
    if count == 1:
        planned = env._("1 activity was planned.")
    else:
        planned = env._("%(count)s activities were planned.", count=count)
    if not disputed:
        return planned
    return env._(
        "%(planned)s None for %(customers)s: everything past due is in dispute.",
        planned=planned,
        customers=names_of(disputed),
    )


def collection_not_planned(env, partners):
    return env._(
        "No call was planned: everything past due for %(customers)s is in dispute.",
        customers=names_of(partners),
    )


def nobody_to_ask(env):
    return env._(
        "There is nobody to write to or to call: none of these items has a customer. Enter the "
        "customer on the journal entries first."
    )


def date_not_understood(env, text):
    return env._("“%(text)s” is not a date: write it as 2026-12-31.", text=text)


def receivables_hidden(env, partners):
    return env._(
        "You may not see what %(customers)s owes: ask somebody who has the right “%(right)s” for "
        "the statement, or an administrator for that right.",
        customers=names_of(partners),
        right=_right(env, "bizuno_crm.group_receivable_read"),
    )


def document_not_readable(env, document):
    groups = env["res.groups"]
    is_sale = document._name == "sale.order"
    if not is_sale:
        groups |= env.ref("account.group_account_readonly")
        groups |= env.ref("account.group_account_invoice")
        is_sale = document._name == "account.move" and document.sudo().is_sale_document(True)
    if is_sale:
        groups |= env.ref("sales_team.group_sale_salesman_all_leads")
    return env._(
        "You see %(document)s in lists, but may not open it: ask an administrator for the right "
        "%(rights)s, or ask somebody who has it.",
        document=document.sudo().display_name,
        rights=_rights(env, groups),
    )


def document_without_paper(env, document):
    return env._(
        "%(document)s is a journal entry: there is no PDF of it. Open it to see its items.",
        document=document.display_name,
    )


def statement_not_sent(env, partners):
    return env._(
        "You may print the statement of %(customers)s, but not send it: ask somebody who has the "
        "right “%(right)s”, or an administrator for that right.",
        customers=names_of(partners),
        right=_right(env, "bizuno_crm.group_receivable_add"),
    )


def statement_without_address(env, partners):
    remedy = env._(
        "Enter one on the customer, on its invoice address or on a contact named Accounts "
        "Receivable."
    )
    if len(partners) == 1:
        reason = env._(
            "No statement was sent: %(customer)s has no valid e-mail address.",
            customer=partner_name(env, partners),
        )
    else:
        reason = env._(
            "No statement was sent: these customers have no valid e-mail address: %(names)s.",
            names=names_of(partners, 10),
        )
    return f"{reason} {remedy}"


def partner_name(env, partner):
    """:return: what to call a contact in a sentence; an address without a name has a number"""
    return partner.display_name or env._("contact %(number)s", number=partner.id)


def statement_period(env, statement):
    if not statement.date_from:
        return env._("Enter the first day of the statement's period.")
    return env._(
        "The period of the statement begins on %(first)s, after its last day, %(last)s. Choose an "
        "earlier day in From.",
        first=format_date(env, statement.date_from),
        last=format_date(env, statement.date),
    )


def statement_recipients(env, count, total):
    """To how many of several customers statements go by e-mail."""
    values = {"count": formatLang(env, count, digits=0), "total": formatLang(env, total, digits=0)}
    if count == total:
        return env._("%(count)s customers, one e-mail each", **values)
    return env._("%(count)s of %(total)s customers, one e-mail each", **values)


def statements_in_background(env, count):
    return env._(
        "%(count)s statements are being sent in the background. You will be notified when all "
        "have been sent.",
        count=formatLang(env, count, digits=0),
    )


def statements_on_their_way(env, mailing, names_missing):
    """What became of a few statements, right after they were handed to the mail server."""
    lines = mailing.line_ids
    on_their_way = lines.filtered("mail_id")
    if len(on_their_way) == 1:
        text = env._("1 statement is on its way to %(address)s.", address=on_their_way.email)
    else:
        text = env._("%(count)s statements are on their way.", count=len(on_their_way))
    if names_missing:
        text += " " + env._("Without a valid e-mail address: %(names)s.", names=names_missing)
    return text


def statement_cancelled(env):
    return env._("The e-mail was cancelled before it left.")


def statement_without_pdf(env, line):
    return env._(
        "The statement of %(customer)s is not available here: it was not created, or it was sent "
        "before statements were kept with the mailing.",
        customer=partner_name(env, line.partner_id),
    )


def statement_was_sent(env, line):
    return env._(
        "A statement of account as of %(date)s was sent to %(address)s.",
        date=format_date(env, line.date),
        address=line.email,
    )


def statements_without_open_items(env, date):
    return env._(
        "None of these customers has open items as of %(date)s: there is no statement to send.",
        date=format_date(env, date),
    )


def statements_wait_already(env, date):
    return env._(
        "The statements of these customers as of %(date)s are already being sent: see "
        "Receivables / Statements Sent.",
        date=format_date(env, date),
    )


def statements_are_out(env, mailing):
    sent, failed = mailing.sent_count, mailing.failed_count
    if sent == 1:
        text = env._("1 statement has been sent.")
    else:
        text = env._("%(count)s statements have been sent.", count=sent)
    if not failed:
        return text
    if failed == 1:
        problem = env._(
            "1 could not be sent: see Receivables / Statements Sent for the reason, and Try Again."
        )
    else:
        problem = env._(
            "%(count)s could not be sent: see Receivables / Statements Sent for the reasons, and "
            "Try Again.",
            count=failed,
        )
    return f"{text} {problem}"


def statements_tried_again(env, count):
    if count == 1:
        return env._("1 statement is being sent again.")
    return env._("%(count)s statements are being sent again.", count=count)


def past_due_less_credit_notes(env, sentence, amount):
    return env._(
        "%(sentence)s Less credit notes of %(amount)s.",
        sentence=sentence,
        amount=format_amount(env, amount, env.company.currency_id),
    )


def past_due_in_dispute(env, sentence, amount):
    return env._(
        "%(sentence)s In dispute: %(amount)s of it.",
        sentence=sentence,
        amount=format_amount(env, amount, env.company.currency_id),
    )


def statements_too_many(env, count, most):
    return env._(
        "%(count)s statements are too many for one PDF. Choose up to %(most)s customers at a "
        "time, or send them by e-mail: any number can go out in the background.",
        count=count,
        most=most,
    )
