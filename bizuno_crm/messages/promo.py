"""Promotions and the newsletter."""

from odoo.tools import format_date, format_list

from .base import _right, mail_not_sent, names_of


def promo_right_missing(env, promo, group_xmlid):
    return env._(
        "“%(promo)s” can only be sent or stopped with the right “%(right)s”. Ask an administrator "
        "for it, or ask somebody who has it.",
        promo=names_of(promo),
        right=_right(env, group_xmlid),
    )


def promo_sender_invalid(env, promo):
    return env._(
        "“%(promo)s” cannot be sent from “%(sender)s”. Enter one e-mail address in the field From.",
        sender=promo.email_from or "",
        promo=promo.name,
    )


def promo_has_history(env, promo):
    return env._(
        "“%(promo)s” cannot be deleted, because it is in the history of its recipients. Archive "
        "it instead.",
        promo=promo.name,
    )


def promo_message_missing(env, promo):
    return env._(
        "“%(promo)s” has no subject or no message yet. Write both on the page Message.",
        promo=promo.name,
    )


def promo_date_past(env, promo):
    return env._(
        "“%(promo)s” cannot be sent in the past. Enter a later time in the field Send On, or "
        "leave it empty to send now.",
        promo=promo.name,
    )


def promo_outside_window(env, promo):
    return env._(
        "“%(promo)s” can only be sent from %(start)s until %(end)s, and not while it is "
        "archived. Change its dates, or the time in the field Send On.",
        promo=promo.name,
        start=format_date(env, promo.date_start),
        end=format_date(env, promo.date_end),
    )


def promo_nobody(env, promo, reasons):
    """:param reasons: a list of (why left out, number) pairs, the former translated"""
    if not reasons:
        return env._(
            "“%(promo)s” has no recipients: there is no contact in its distribution. Choose "
            "another distribution.",
            promo=promo.name,
        )
    return env._(
        "Nobody is left to send “%(promo)s” to: %(reasons)s. Check the list of recipients, or "
        "choose another distribution.",
        promo=promo.name,
        reasons=format_list(
            env,
            [env._("%(what)s (%(count)s)", what=what, count=count) for what, count in reasons],
        ),
    )


def promo_selection_invalid(env, promo):
    return env._(
        "The selection of “%(promo)s” is not a filter of contacts. Choose its conditions again "
        "under Distribution, with fixed values.",
        promo=promo.name,
    )


def promo_selection_empty(env, promo):
    return env._(
        "The selection of “%(promo)s” is empty and would include every contact, even vendors and "
        "employees. Add a condition under Distribution.",
        promo=promo.name,
    )


def promo_under_way(env, promo):
    return env._(
        "“%(promo)s” is on its way: its message, recipients and dates cannot change. To change "
        "it, press Stop, then send it again; nobody gets it twice.",
        promo=promo.name,
    )


def promo_ended_by_itself(env, promo, history):
    if history.end_reason == "expired":
        return env._(
            "“%(promo)s” was not sent to all: the promotion ended on %(end)s. Change its dates and "
            "press Send Again.",
            promo=promo.name,
            end=format_date(env, promo.date_end),
        )
    if not history.end_reason:
        return env._(
            "“%(promo)s” reached nobody: every message failed or was refused. Ask an "
            "administrator to check Settings / General Settings / Use Custom Email Servers, and "
            "press Send Again.",
            promo=promo.name,
        )
    return env._(
        "“%(promo)s” was not sent to all: its mailing has been deleted. Press Send Again to reach "
        "the others.",
        promo=promo.name,
    )


def promo_test_failed(env, address, kind, reason):
    problem = mail_not_sent(env, address, kind, reason)
    return env._("The test was not sent. %(problem)s", problem=problem)


def promo_no_own_address(env):
    return env._(
        "There is no address to send the test to: enter an e-mail address in your own preferences."
    )


def promo_mailing_fixed(env, mailing):
    return env._(
        "The mailing “%(mailing)s” belongs to a promotion whose recipients and message are frozen. "
        "Stop it under Bizuno CRM / Promotions / History, change the promotion and send it again.",
        mailing=mailing.subject,
    )


def promo_retry(env, mailing):
    return env._(
        "The mailing “%(mailing)s” belongs to a promotion: press Send on the promotion again. It "
        "reaches those it could not be sent to, and nobody twice.",
        mailing=mailing.subject,
    )


def promo_mail_not_again(env, mail, recipient):
    if recipient.send_state == "in_doubt":
        return env._(
            "The message to %(address)s may have arrived, so it is not sent again automatically. "
            "Release those in doubt in the history of “%(promo)s”, then retry.",
            address=recipient.email,
            promo=recipient.promo_id.name,
        )
    if recipient.send_state == "bounced":
        return env._(
            "The mail server refuses %(address)s: the message to it is not sent again. Correct the "
            "address on the contact and press Send Again on “%(promo)s”.",
            address=recipient.email,
            promo=recipient.promo_id.name,
        )
    return env._(
        "The message “%(mail)s” belongs to a promotion send that was stopped or has reached this "
        "address another way. Press Send Again on the promotion: it reaches those who have not "
        "received it.",
        mail=mail.subject,
    )


def promo_interrupted(env, recipient):
    return env._(
        "Sending was interrupted in the middle of the message to %(address)s. It may have "
        "arrived, so it is not sent again automatically; release it in the history of the "
        "promotion.",
        address=recipient.email,
    )


def newsletter_facts_fixed(env):
    return env._(
        "The system records when and how a contact chose the newsletter. Tick or untick "
        "Newsletter instead."
    )


def newsletter_unsubscribed(env, partner, source):
    if source == "unsubscribe":
        return env._("Unsubscribed from promotions through the link in a message.")
    if source == "portal":
        return env._("Unsubscribed from promotions in the portal.")
    if source == "manual":
        return env._("Unsubscribed from promotions by %(user)s.", user=env.user.name)
    return env._(
        "Unsubscribed from promotions: the address was blacklisted by %(user)s.",
        user=env.user.name,
    )


def newsletter_refusal_kept(env):
    return env._(
        "A contact with this address declined promotions, and was deleted or has another address "
        "now."
    )
