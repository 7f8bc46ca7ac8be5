"""First steps, log, leads, projects and reminders."""

from babel.dates import format_skeleton
from odoo.tools import babel_locale_parse, format_amount, format_date, format_datetime
from odoo.tools.misc import get_lang

from .base import _right, _rights, names_of
from .contact import contact_ids_missing


def setup_right_missing(env):
    return env._(
        "Only a Bizuno Manager, or for some steps an administrator, can complete or skip first "
        "steps."
    )


def setup_step_unknown(env):
    return env._("There is no such first step: choose one of the steps on the dashboard.")


def setup_defaults(env, company):
    sentence = env._("They start with: %(terms)s.", terms=company.contact_default_terms_text)
    if company.contact_limit_undecided:
        return (
            f"{sentence} {env._('Nobody has decided yet whether this limit suits your currency.')}"
        )
    return sentence


def setup_contact_ids(env, count, most):
    if count > most:
        return env._("More than %(count)s contacts have no Contact ID yet.", count=most)
    return contact_ids_missing(env, count)


def setup_limits(env, count, most):
    if count > most:
        return env._("More than %(count)s customers have no credit limit.", count=most)
    if count == 1:
        return env._("1 customer has no credit limit.")
    return env._("%(count)s customers have no credit limit.", count=count)


def setup_policies(env, company):
    """:param company: the main one"""

    def label(name):
        return dict(company._fields[name]._description_selection(env))[company[name]]

    return env._(
        "Over the limit: %(limit)s. On credit hold or locked: %(hold)s.",
        limit=label("credit_policy"),
        hold=label("hold_policy"),
    )


def setup_approvers(env, approvers, is_appointed):
    if is_appointed:
        return env._("Credit approvers: %(names)s.", names=names_of(approvers))
    return env._(
        "Only administrators can. Give somebody “%(right)s” on the user form.",
        right=_right(env, "bizuno_crm.group_credit_approver"),
    )


def setup_readers(env, company):
    if company.aging_reps_see_own:
        return env._("Accounting sees all of them; sales reps see those of their own customers.")
    return env._("Accounting sees them; sales reps see none.")


def setup_mail_server(env):
    return env._("Statements, reminders and promotions wait until one is set up.")


def lost_with_addon(env):
    """What the dialog that uninstalls the addon says: Odoo's own names but a part of it."""
    return env._(
        "Permanently lost with Bizuno CRM: the contact log with its authors and dates, "
        "reminders, projects, promotions and who received them, credit approvals with their "
        "reasons, statements sent, roles (lead, branch), holds and locks with their reasons, "
        "exemption certificates, newsletter consents, default revenue accounts and taxes.\n"
        "Contact IDs stay as Odoo's Reference; terms, limits, price sheets, customers and "
        "vendors stay as they are; analytic accounts of projects and everything booked on them "
        "stay, too.\n"
        "To keep more, press Discard and export first: in each list, tick the box in the header, "
        "click Select all, then Actions / Export."
    )


def default_limit_refused(env):
    return env._("Only a Bizuno Manager can give the default credit limit to several customers.")


def default_limit_given(env, count, limit, currency):
    if not limit:
        return env._("New customers have no credit limit either: choose one in the settings first.")
    if not count:
        return env._("No customer was given a different credit limit.")
    amount = format_amount(env, limit, currency)
    if count == 1:
        return env._("1 customer was given the credit limit %(amount)s.", amount=amount)
    return env._(
        "%(count)s customers were given the credit limit %(amount)s.", count=count, amount=amount
    )


def action_code_in_use(env, action, count):
    return env._(
        "The action code “%(action)s” cannot be deleted, because the contact log uses it "
        "(entries: %(count)s): archive it instead, so that nobody can choose it anymore.",
        action=action.name,
        count=count,
    )


def action_code_unknown(env, code):
    return env._(
        "There is no active action code “%(code)s”: choose one of %(codes)s, or add it under "
        "Configuration / Action Codes.",
        code=code,
        codes=", ".join(env["bizuno.action.code"].sudo().search([]).mapped("code")),
    )


def log_author_fixed(env):
    return env._(
        "The system sets who entered a contact log entry, and when: leave it out, or ask a "
        "Bizuno Manager to enter it."
    )


def log_date_in_future(env, entry):
    entry = entry.sudo()
    return env._(
        "The entry “%(entry)s” is dated %(date)s, which is in the future: the contact log "
        "records what was done. Choose a date that is not in the future, or set a reminder.",
        entry=entry.display_name,
        date=format_datetime(env, entry.date, dt_format="short"),
    )


def log_no_longer_correctable(env, entry):
    entry = entry.sudo()
    return env._(
        "You can no longer change the entry “%(entry)s” of %(date)s: its author can correct it "
        "for one day. Ask a Bizuno Manager, or log a new action.",
        entry=entry.display_name,
        date=format_datetime(env, entry.date),
    )


def market_in_use(env, market, count):
    return env._(
        "The market “%(market)s” cannot be deleted, because projects use it (%(count)s, "
        "including archived ones): archive it instead, so that nobody can choose it anymore.",
        market=market.name,
        count=count,
    )


def stage_in_use(env, stage, count):
    return env._(
        "The stage “%(stage)s” cannot be deleted, because projects are in it (%(count)s, "
        "including archived ones): move them to another stage first.",
        stage=stage.name,
        count=count,
    )


def stage_meaning_in_use(env, stage, count):
    return env._(
        "You cannot change whether the stage “%(stage)s” is closed, or its outcome, while "
        "projects are in it (%(count)s, including archived ones): move them to another stage "
        "first.",
        stage=stage.name,
        count=count,
    )


def closing_reason_missing(env, project):
    return env._(
        "The project “%(project)s” cannot be closed as No Opportunity without a reason: use "
        "the button Close Project and enter one.",
        project=project.display_name,
    )


def project_probability_range(env, project):
    return env._(
        "The probability of “%(project)s” is a percentage: enter a number from 0 to 100.",
        project=project.display_name,
    )


def project_quotations_unconfirmed(env, count):
    """A warning when a project is closed as won.

    :param int count: of its quotations; none of them is an order
    """
    if count == 1:
        return env._("Its quotation is not confirmed, so no order shows what was won.")
    return env._(
        "None of its %(count)s quotations is confirmed, so no order shows what was won.",
        count=count,
    )


def lead_person_without_name(env, lead):
    return env._(
        "The job position of “%(lead)s” needs a person: enter the contact's name as well.",
        lead=lead.name or "",
    )


def project_without_customer(env, project):
    return env._(
        "The project “%(project)s” has no customer yet: enter one first.",
        project=project.display_name,
    )


def reminder_not_yours(env, reminder):
    return env._(
        "The reminder “%(reminder)s” belongs to %(user)s: ask for it, or ask an administrator "
        "for the right %(rights)s.",
        reminder=reminder.sudo().name,
        user=reminder.sudo().user_id.name or env._("nobody"),
        rights=_rights(
            env, env.ref("bizuno_crm.group_lead_edit") + env.ref("bizuno_crm.group_project_edit")
        ),
    )


def reminders_put_off(env, reminders):
    if len(reminders) == 1:
        return env._(
            # no full stop: in some languages the date ends with one
            "%(reminder)s: snoozed until %(date)s",
            reminder=reminders.name,
            # in the order of the language, as lists show it
            date=format_skeleton(
                "MMMEd", reminders.date_due, locale=babel_locale_parse(get_lang(env).code)
            ),
        )
    return env._("%(count)s reminders snoozed.", count=len(reminders))


def reminder_snooze_to_future(env, reminder, date):
    return env._(
        "The reminder “%(reminder)s” cannot be snoozed until %(date)s: choose a day after today.",
        reminder=reminder.sudo().name,
        date=format_date(env, date),
    )


def reminder_undo_to_past(env, reminder, date):
    return env._(
        "The reminder “%(reminder)s” cannot be moved back to %(date)s: choose a day before its "
        "due date, or snooze it.",
        reminder=reminder.sudo().name,
        date=format_date(env, date),
    )


def reminder_on_one_record(env, reminder):
    return env._(
        "The reminder “%(reminder)s” can be on a contact or on a project, not on both: leave "
        "one of them empty.",
        reminder=reminder.name,
    )


def user_external(env, record, user):
    """:param record: a reminder or a project; `user` who has it, but works elsewhere"""
    return env._(
        "“%(record)s” cannot be assigned to %(user)s, who only has a portal login: choose an "
        "internal user.",
        record=record.display_name,
        user=user.name,
    )


def reminder_model_unknown(env, model):
    return env._(
        "A reminder can be on a contact (res.partner) or on a project (bizuno.project), not "
        "on “%(model)s”.",
        model=model,
    )


def leads_converted(env, leads):
    if len(leads) == 1:
        return env._("%(lead)s is now a customer.", lead=leads.display_name)
    return env._("%(count)s leads are now customers.", count=len(leads))


def lead_not_a_lead(env, partner):
    return env._(
        "“%(contact)s” is not a lead, so there is nothing to convert: give it the role "
        "Customer directly.",
        contact=partner.display_name,
    )


def lead_conversion_not_allowed(env, partner):
    return env._(
        "The lead %(contact)s can only be converted to a customer with the right “%(right)s”: ask "
        "somebody who has it.",
        contact=partner.display_name,
        right=_right(env, "bizuno_crm.group_lead_edit"),
    )


def lead_merge_target_missing(env, partner):
    return env._(
        "Choose the contact to merge the lead “%(contact)s” into, or choose another option.",
        contact=partner.display_name,
    )


def project_sequence_missing(env, company):
    return env._(
        "There is no sequence for project numbers in %(company)s: restore the sequence with "
        "the code bizuno.project under Settings / Technical / Sequences (in developer mode).",
        company=company.name,
    )


def project_number_fixed(env, number):
    return env._(
        "You cannot choose the project number %(number)s: leave it out for the next number, or "
        "ask a Bizuno Manager to enter it.",
        number=number,
    )


def reminder_of_activity_fixed(env):
    return env._(
        "You cannot link an activity to a reminder that is not yours. Mark the reminder itself "
        "as done, or ask its user."
    )


def lead_with_login(env, partner):
    return env._(
        "The lead “%(contact)s” has a login, so only a user with the right to create and "
        "merge contacts (Contact / Creation) may merge it.",
        contact=partner.display_name,
    )
