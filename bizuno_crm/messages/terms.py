"""Terms, limits, and who decides about an account; tax exemption."""

from odoo.tools import format_date, format_list

from .base import _right, names_of


def terms_refused(env, error):
    """:param error: a `logic.terms.TermsError`"""
    placeholders = {"terms": error.text, "value": error.value}
    match error.part:
        case "parts":
            return env._("The terms “%(terms)s” have %(value)s parts; five are expected, "
                         "for example 3:2:10:30:1000.", **placeholders)  # fmt: skip
        case "type":
            return env._("The terms “%(terms)s” begin with the type “%(value)s”; it must be a "
                         "number from 0 to 6.", **placeholders)  # fmt: skip
        case "discount":
            return env._(
                "The terms “%(terms)s” have the discount “%(value)s”; it must be a number from 0 "
                "to 100, with a decimal point.", **placeholders)  # fmt: skip
        case "discount_days":
            return env._("The terms “%(terms)s” have the discount days “%(value)s”; they must be "
                         "a whole number up to 9999.", **placeholders)  # fmt: skip
        case "net_days":
            return env._("The terms “%(terms)s” have the net days “%(value)s”; they must be a "
                         "whole number up to 9999.", **placeholders)  # fmt: skip
        case "date":
            return env._(
                "The terms “%(terms)s” are due on a date, but “%(value)s” is not a date; write "
                "it as 2026-12-31.", **placeholders)  # fmt: skip
        case "credit_limit":
            return env._(
                "The terms “%(terms)s” have the credit limit “%(value)s”; it must be a number, "
                "with a decimal point.", **placeholders)  # fmt: skip
    return env._("The terms are empty; write them like 0:0:0:30:1000.")


def terms_contradict_limit(env, name, code, limit):
    """:param str limit: the other limit, as a plain number"""
    return env._(
        "The terms “%(code)s” of %(name)s end with a credit limit other than %(limit)s, which is "
        "given next to them. Give only one of the two, or the same number in both.",
        code=code,
        name=name or "?",
        limit=limit,
    )


def terms_contradict_payment_term(env, name, code, term):
    """:param term: name of a payment term, or False for none"""
    return env._(
        "The terms “%(code)s” of %(name)s differ from the payment terms “%(term)s”, which are "
        "given next to them. Give only one of the two.",
        code=code,
        name=name or "?",
        term=term or "",
    )


def terms_without_date(env):
    return env._("“Due on a date” needs a date: choose it under Due Date.")


def terms_half_discount(env):
    return env._(
        "A discount needs both a percentage and a number of days, each more than 0; leave both "
        "at 0 for no discount."
    )


def terms_of_nobody(env):
    return env._(
        "These terms do not belong to a customer or company: open the dialog from a customer or "
        "from the settings."
    )


def credit_limit_negative(env, partners):
    return env._(
        "The credit limit of %(contact)s cannot be negative: enter 0 for no limit, or put the "
        "account on credit hold to stop its orders.",
        contact=names_of(partners.sudo()) if partners else env._("a new contact"),
    )


def credit_limit_too_large(env, partners, most):
    return env._(
        "The credit limit of %(contact)s must be below %(most)s: enter 0 for no limit.",
        contact=names_of(partners.sudo()) if partners else env._("a new contact"),
        most=f"{most:,}",
    )


def exemption_date_refused(env, partners, date):
    return env._(
        "The tax exemption of %(contact)s cannot end on %(date)s: enter a year from 1000 to 9999.",
        contact=names_of(partners.sudo()) if partners else env._("a new contact"),
        date=date.isoformat(),
    )


def due_date_out_of_range(env, term, date):
    return env._(
        "The terms “%(terms)s” lead from %(date)s beyond the year 9999: enter an earlier date.",
        terms=term.display_name,
        date=date.isoformat(),
    )


def account_change_refused(env, customer, labels, group_xmlid):
    """:param customer: a partner or a name"""
    name = customer if isinstance(customer, str) else customer and customer.display_name
    return env._(
        "You may not change the account of %(customer)s (%(fields)s): ask accounting or a Bizuno "
        "Manager, who have the right “%(right)s”.",
        customer=name or env._("a new contact"),
        fields=format_list(env, labels),
        right=_right(env, group_xmlid),
    )


def account_merge_refused(env, contact, destination, labels, group_xmlid):
    """:param contact: the name of who loses what was decided; `destination` the one that stays"""
    return env._(
        "You may not merge these contacts into %(destination)s, because what was decided about "
        "the account of %(contact)s would be lost or passed on (%(fields)s): merge them into "
        "%(contact)s instead, or ask somebody who has the right “%(right)s”.",
        contact=contact,
        destination=destination,
        fields=format_list(env, labels),
        right=_right(env, group_xmlid),
    )


def account_move_refused(env, contact, account, labels, group_xmlid):
    """:param contact: the name of who would get the account of the company `account`"""
    return env._(
        "You may not put %(contact)s under %(account)s, because what was decided about the "
        "account of %(contact)s would be lost (%(fields)s): ask accounting or a Bizuno Manager, "
        "who have the right “%(right)s”.",
        contact=contact,
        account=account,
        fields=format_list(env, labels),
        right=_right(env, group_xmlid),
    )


def account_leave_refused(env, contact, account, status, group_xmlid):
    """:param contact: the name of who would leave the account of the company `account`"""
    return env._(
        "You may not take %(contact)s out of %(account)s, whose status is “%(status)s”: ask "
        "accounting or a Bizuno Manager, who have the right “%(right)s”.",
        contact=contact,
        account=account,
        status=status,
        right=_right(env, group_xmlid),
    )


def account_limit_exceeded(env, account, group_xmlid):
    """:param account: the name of whose account would have more than the limit by a move"""
    return env._(
        "You may not do this, because what is owed and ordered would then put %(account)s over "
        "the credit limit: ask accounting or a Bizuno Manager, who have the right “%(right)s”.",
        account=account,
        right=_right(env, group_xmlid),
    )


def account_left(env, account):
    """In the chatter of a contact who is no longer one of the company's."""
    return env._(
        "Left the account of %(account)s: terms, limit and taxes are now those of a new customer.",
        account=account,
    )


def account_owner_computed(env, contact):
    return env._(
        "The account of %(contact)s follows from the company that the contact belongs to. Change "
        "that instead.",
        contact=contact or env._("a new contact"),
    )


def tax_exempt_ended(env, customer, expired_on):
    """:param expired_on: a date, or False if the customer is not exempt any more"""
    if not expired_on:
        return env._("%(customer)s is not exempt from sales tax.", customer=customer)
    return env._(
        "The tax exemption of %(customer)s ended on %(date)s: sales tax is due until there is a "
        "new certificate.",
        customer=customer,
        date=format_date(env, expired_on),
    )


def tax_exempt_expires(env, customer):
    """What the bookkeeper is told: `customer` has a date on which the exemption expires."""
    values = {
        "certificate": (customer.tax_exempt_certificate or "").strip(),
        "customer": customer.name,
        "date": format_date(env, customer.tax_exempt_expiration),
    }
    if customer._is_tax_exempt():
        if values["certificate"]:
            return env._(
                "The certificate %(certificate)s of %(customer)s expires on %(date)s.", **values
            )
        return env._(
            "The tax exemption of %(customer)s expires on %(date)s. There is no certificate.",
            **values,
        )
    if values["certificate"]:
        return env._(
            "The certificate %(certificate)s of %(customer)s expired on %(date)s. Documents have "
            "been taxed since.",
            **values,
        )
    return env._(
        "The tax exemption of %(customer)s expired on %(date)s. There is no certificate, and "
        "documents have been taxed since.",
        **values,
    )


def taxed_despite_exemption_refused(env):
    return env._(
        "Only accounting or a Bizuno Manager, who have the right “%(right)s”, can decide to tax "
        "the documents of an exempt customer.",
        right=_right(env, "bizuno_crm.group_customer_edit"),
    )
