"""What credit control says."""

from markupsafe import Markup
from odoo.tools import format_amount, format_list

from ..logic.credit import HOLD, LOCKED, OVER_LIMIT
from .base import _right, names_of


def credit_status(
    env, customer, company, position, document=0.0, label=None, held=None, own=None, branches=()
):
    """The credit status in words: a sentence for each reason that applies, with the figures that
    the user may see. The customer is named once.

    :param customer: commercial partner, readable by whoever reads this
    :param position: `logic.credit.Position`
    :param document: what the document adds to it
    :param label: what the document is called, for example “this quotation”
    :param held: the commercial partner who is on hold, if that is not the customer
    :param own: (amount, currency) of the document, if it is in another currency than the company's
    :param branches: [(name of another company that shares the limit, what is open there)]
    :return: False for a customer who is OK
    """
    sentences, named = [], None
    for reason in position.reasons(document):
        name = None if named == customer else customer.name
        if reason in (LOCKED, HOLD):
            named = held or customer
            sentences.append(_held(env, named, reason))
            continue
        if reason == OVER_LIMIT:
            sentence = _over_limit(env, name, company, position, document, label, own, branches)
        else:
            sentence = _past_due(env, name, company, position)
        sentences.append(sentence)
        named = customer
    return " ".join(sentences) or False


def _over_limit(env, name, company, position, document, label, own, branches):
    """:param name: the customer's; None if the sentence before has it"""
    if not env["res.partner"]._sees_credit_figures():
        if not name:
            if document > 0 and position.excess() <= 0:
                return env._("The credit limit is exceeded with %(document)s.", document=label)
            return env._("The credit limit is exceeded.")
        if document > 0 and position.excess() <= 0:
            return env._(
                "%(customer)s exceeds the credit limit with %(document)s.",
                customer=name,
                document=label,
            )
        return env._("%(customer)s is over the credit limit.", customer=name)
    amounts = {
        key: format_amount(env, amount, company.currency_id)
        for key, amount in {
            "open": position.open,
            "document": document,
            "limit": position.limit,
            "excess": position.excess(document),
        }.items()
    }
    if branches:
        listed = format_list(
            env,
            [
                env._(
                    "%(amount)s at %(company)s",
                    amount=format_amount(env, amount, company.currency_id),
                    company=branch,
                )
                for branch, amount in branches
            ],
        )
        amounts["open"] = env._(
            "%(amount)s (of which %(elsewhere)s)", amount=amounts["open"], elsewhere=listed
        )
    if document > 0:
        if own:
            amounts["document"] = env._(
                "%(amount)s (%(own_amount)s)",
                amount=amounts["document"],
                own_amount=format_amount(env, *own),
            )
        if not name:
            return env._(
                "The credit limit of %(limit)s is exceeded by %(excess)s: "
                "%(open)s open, %(document)s for %(label)s.",
                label=label,
                **amounts,
            )
        return env._(
            "%(customer)s is over the credit limit of %(limit)s by %(excess)s: "
            "%(open)s open, %(document)s for %(label)s.",
            customer=name,
            label=label,
            **amounts,
        )
    if not name:
        return env._(
            "The credit limit of %(limit)s is exceeded by %(excess)s: %(open)s open.", **amounts
        )
    return env._(
        "%(customer)s is over the credit limit of %(limit)s by %(excess)s: %(open)s open.",
        customer=name,
        **amounts,
    )


def _past_due(env, name, company, position):
    """:param name: the customer's; None if the sentence before has it"""
    if not env["res.partner"]._sees_credit_figures():
        if not name:
            return env._("Invoices are past due.")
        return env._("%(customer)s has invoices that are past due.", customer=name)
    past_due = format_amount(env, position.past_due, company.currency_id)
    if position.unapplied > 0:
        unapplied = format_amount(env, position.unapplied, company.currency_id)
        if not name:
            return env._(
                "%(past_due)s is past due, less unapplied payments of %(unapplied)s.",
                past_due=past_due,
                unapplied=unapplied,
            )
        return env._(
            "%(customer)s is %(past_due)s past due, less unapplied payments of %(unapplied)s.",
            customer=name,
            past_due=past_due,
            unapplied=unapplied,
        )
    if not name:
        return env._("%(past_due)s is past due.", past_due=past_due)
    return env._("%(customer)s is %(past_due)s past due.", customer=name, past_due=past_due)


def _held(env, customer, status):
    name, reason = customer.name, (customer.account_status_reason or "").strip()
    # Whoever typed the reason need not have ended it like a sentence.
    reason = reason if not reason or reason[-1] in ".!?…" else f"{reason}."
    if status == LOCKED:
        if reason:
            return env._("%(customer)s is locked: %(reason)s", customer=name, reason=reason)
        return env._("%(customer)s is locked.", customer=name)
    if reason:
        return env._("%(customer)s is on credit hold: %(reason)s", customer=name, reason=reason)
    return env._("%(customer)s is on credit hold.", customer=name)


def credit_policy_of_branch(env, branch, root):
    return env._(
        "%(branch)s is a branch of %(company)s and follows its credit policy. Change it in the "
        "settings of %(company)s.",
        branch=branch.name,
        company=root.name,
    )


def debt_of_nobody(env, invoice):
    return env._(
        "The receivable of %(invoice)s needs a customer: choose who is to pay it, or credit the "
        "invoice.",
        invoice=invoice,
    )


def credit_reason_hidden(env):
    """For whoever may not see the customer."""
    return env._("The customer's account does not allow it.")


def credit_warning_passed(env, user, warning):
    """:param user: the name of who did it"""
    return env._(
        "%(user)s let this document pass despite a warning. %(warning)s",
        user=user,
        warning=warning,
    )


def credit_delivered_goods(env, user, warning):
    """:param user: the name of who posted the invoice"""
    return env._(
        "%(user)s posted this invoice, which only bills what has already been delivered. "
        "%(warning)s",
        user=user,
        warning=warning,
    )


def credit_blocked(env, document, reason):
    return env._(
        "%(document)s is stopped by the credit policy. %(reason)s Ask accounting to collect a "
        "payment, raise the credit limit or release the account.",
        document=document,
        reason=reason,
    )


def credit_approval_missing(env, document, reason, approvers, asked=None):
    """
    :param approvers: `res.users`
    :param asked: the one of them who has been asked by an activity
    """
    names = (
        format_list(env, approvers.mapped("name"), style="or")
        if approvers
        else env._(
            "a user with the right “%(right)s”",
            right=_right(env, "bizuno_crm.group_credit_approver"),
        )
    )
    if asked:
        return env._(
            "%(document)s needs a credit approval. %(reason)s It can be approved by "
            "%(approvers)s. %(asked)s has been asked in an activity.",
            document=document,
            reason=reason,
            approvers=names,
            asked=asked.name,
        )
    return env._(
        "%(document)s needs a credit approval. %(reason)s It can be approved by %(approvers)s.",
        document=document,
        reason=reason,
        approvers=names,
    )


def credit_approver_missing(env):
    return env._(
        "Nobody has the right “%(right)s” yet.",
        right=_right(env, "bizuno_crm.group_credit_approver"),
    )


def credit_request_summary(env, document, customer, amount, currency):
    return env._(
        "Approve the credit for %(document)s of %(customer)s: %(amount)s",
        document=document,
        customer=customer,
        amount=format_amount(env, amount, currency),
    )


def credit_request(env, asker, document, customer, amount, currency, reason):
    """What an approver reads.

    :param asker: the name of who asks; None for a customer on line
    """
    values = {
        "document": document,
        "customer": customer,
        "amount": format_amount(env, amount, currency),
        "reason": reason or "",
    }
    if asker:
        return env._(
            "%(asker)s requests approval of %(document)s of %(customer)s for %(amount)s. "
            "%(reason)s",
            asker=asker,
            **values,
        )
    return env._(
        "%(customer)s accepted %(document)s for %(amount)s, which is waiting for approval. "
        "%(reason)s",
        **values,
    )


def approved_bill_parted(env, order, invoice):
    return env._(
        "%(invoice)s was posted with the credit approval of %(order)s and stays on that order. "
        "Enter a credit note first, or set the quantity on the order to 0.",
        invoice=invoice.display_name,
        order=order.display_name,
    )


def credit_approval_right_missing(env, document, approvers):
    return env._(
        "Only a credit approver can approve %(document)s: %(approvers)s.",
        document=document,
        approvers=format_list(env, approvers.mapped("name"), style="or") or env._("nobody yet"),
    )


def credit_approval_reason_missing(env, document):
    return env._(
        "Enter the reason for approving %(document)s over the credit limit.", document=document
    )


def credit_approval_amount_missing(env, document):
    return env._(
        "The amount up to which %(document)s is approved must be more than zero.", document=document
    )


def credit_released(env, document):
    return env._(
        "%(document)s can proceed: the customer's account has been released.", document=document
    )


def credit_release_not_needed(env, customers):
    return env._("%(customers)s: neither on credit hold nor locked.", customers=names_of(customers))


def credit_approval_not_needed(env, document):
    return env._("%(document)s needs no credit approval.", document=document)


def nothing_stopped(env, with_link):
    """The empty list of what waits, where the policy only warns.

    :param with_link: whether to lead to the open quotations that would be stopped
    :return: HTML
    """
    head = env._("Nothing is waiting, because the credit policy only warns")
    text = env._(
        "Quotations and invoices of customers who are over the limit, on hold or locked go "
        "through. An administrator decides in Settings, under Credit Policy, whether they wait "
        "for approval."
    )
    page = Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>') % (head, text)
    if with_link:
        page += Markup(
            '<p><a href="#" type="action" class="btn btn-secondary"'
            ' name="bizuno_crm.sale_order_action_credit_stopped">%s</a></p>'
        ) % env._("Show the quotations that would be stopped")
    return page
