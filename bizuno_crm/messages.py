"""The text of every refusal, in one place to reword and to translate.

Each function takes the environment (for the language of the user) and returns one text that names
the record and the remedy.
"""

from odoo.tools import format_date, format_datetime, format_list


def names_of(records, limit=3):
    """The records by name; past `limit` only how many."""
    names = [record.display_name or record.env._("New contact") for record in records[:limit]]
    if len(records) > limit:
        names.append(records.env._("%(count)s more", count=len(records) - limit))
    return format_list(records.env, names)


def _right(env, group_xmlid):
    """A group as users find it on the user form: "Leads: Edit"."""
    group = env.ref(group_xmlid).sudo()
    if not group.privilege_id:
        return group.name
    return env._("%(area)s: %(level)s", area=group.privilege_id.name, level=group.name)


# --- roles ---------------------------------------------------------------------------------------


def role_right_missing(env, partners, role, group_xmlid):
    return env._(
        "The role %(role)s of %(contact)s can only be changed with the right “%(right)s”. "
        "Ask an administrator for it, or ask somebody who has it.",
        role=env["res.partner"]._fields[role]._description_string(env),
        contact=names_of(partners) if partners else env._("a new contact"),
        right=_right(env, group_xmlid),
    )


def role_user_follows_logins(env):
    return env._(
        "The role User follows the logins and cannot be set on the contact: create or archive "
        "the user under Settings / Users instead."
    )


# --- Contact ID ----------------------------------------------------------------------------------


def contact_id_taken(env, contact_id, holder_name):
    """:param holder_name: empty when the user may not see who has it"""
    if not holder_name:
        return env._(
            "The Contact ID %(id)s is already used by a contact that you cannot see. Choose "
            "another one, or leave it blank for the next number.",
            id=contact_id,
        )
    return env._(
        "The Contact ID %(id)s is already used by %(name)s. Choose another one, or leave it "
        "blank for the next number.",
        id=contact_id,
        name=holder_name,
    )


def contact_id_repeated(env, contact_id):
    return env._(
        "The Contact ID %(id)s cannot be given to several contacts at once. Give each its own, "
        "or leave it blank for the next number.",
        id=contact_id,
    )


def contact_id_no_exemption(env):
    return env._(
        "No contact can be exempted from unique Contact IDs: give it a Contact ID of its own."
    )


def contact_id_too_long(env, contact_id, limit):
    return env._(
        "The Contact ID %(id)s is longer than %(limit)s characters. Shorten it.",
        id=contact_id,
        limit=limit,
    )


def contact_id_sequence_missing(env, code):
    return env._(
        "There is no sequence “%(code)s” to take a Contact ID from. Restore it under Settings / "
        "Technical / Sequences, or type a Contact ID.",
        code=code,
    )


# --- deleting a contact --------------------------------------------------------------------------


def contact_in_use(env, partner, uses):
    """:param uses: a list of (number, what) pairs, the latter translated"""
    listed = format_list(
        env, [env._("%(what)s (%(count)s)", what=what, count=count) for count, what in uses]
    )
    return env._(
        "%(contact)s cannot be deleted, because the history would lose its name: %(uses)s. "
        "Archive the contact instead: it disappears from the lists and keeps its history.",
        contact=partner.display_name,
        uses=listed,
    )


# --- receivables ---------------------------------------------------------------------------------


def aging_pdf_too_long(env, lines, most):
    return env._(
        "A PDF of %(lines)s lines would take too long: at most %(most)s are printed. Choose fewer "
        "customers or one line per customer, or download the XLSX, which has no such limit.",
        lines=lines,
        most=most,
    )


def statement_without_address(env, names):
    return env._(
        "No statement was sent: %(names)s has no e-mail address. Enter one on the customer, on its "
        "invoice address or on a contact named Accounts Receivable.",
        names=names,
    )


# --- log, lead, pipeline, reminder ----------------------------------------------------------------


def action_code_in_use(env, action, count):
    return env._(
        "The action code “%(action)s” cannot be deleted, because the contact log uses it "
        "(entries: %(count)s): archive it instead, and nobody can choose it any more.",
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


def log_author_and_date_fixed(env):
    return env._(
        "Author and date of an entry in the contact log are set by the system: leave them out, "
        "or ask a Bizuno Manager to enter it."
    )


def log_no_longer_correctable(env, entry):
    entry = entry.sudo()
    return env._(
        "The entry “%(entry)s” of %(date)s can no longer be changed by you: an entry is its "
        "author's to correct for one day. Ask a Bizuno Manager, or log a new action.",
        entry=entry.display_name,
        date=format_datetime(env, entry.date),
    )


def market_in_use(env, market, count):
    return env._(
        "The market “%(market)s” cannot be deleted, because projects are in it (%(count)s, "
        "archived ones included): archive it instead, and nobody can choose it any more.",
        market=market.name,
        count=count,
    )


def stage_in_use(env, stage, count):
    return env._(
        "The stage “%(stage)s” cannot be deleted, because projects are in it (%(count)s, archived "
        "ones included): move them to another stage first.",
        stage=stage.name,
        count=count,
    )


def stage_meaning_in_use(env, stage, count):
    return env._(
        "Whether the stage “%(stage)s” is closed, and with which outcome, cannot be changed while "
        "projects are in it (%(count)s, archived ones included): move them to another stage first.",
        stage=stage.name,
        count=count,
    )


def closing_reason_missing(env, project):
    return env._(
        "The project “%(project)s” cannot be closed as No Opportunity without a reason: use "
        "the button Close Project and enter one.",
        project=project.display_name,
    )


def project_without_customer(env, project):
    return env._(
        "The project “%(project)s” has no customer yet: enter one first.",
        project=project.display_name,
    )


def reminder_not_yours(env, reminder):
    return env._(
        "The reminder “%(reminder)s” is %(user)s's: ask for it, or for the right to edit "
        "leads or projects.",
        reminder=reminder.sudo().name,
        user=reminder.sudo().user_id.name or env._("nobody"),
    )


def reminder_snooze_to_future(env, reminder, date):
    return env._(
        "The reminder “%(reminder)s” cannot be put off to %(date)s: choose a day after today.",
        reminder=reminder.sudo().name,
        date=format_date(env, date),
    )


def reminder_on_one_record(env, reminder):
    return env._(
        "The reminder “%(reminder)s” can be on a contact or on a project, not on both: leave "
        "one of them empty.",
        reminder=reminder.name,
    )


def reminder_model_unknown(env, model):
    return env._(
        "A reminder can be on a contact (res.partner) or on a project (bizuno.project), not "
        "on “%(model)s”.",
        model=model,
    )


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
        "Choose the contact to merge the lead “%(contact)s” into, or another way to go on.",
        contact=partner.display_name,
    )


def project_sequence_missing(env, company):
    return env._(
        "There is no sequence for project numbers in %(company)s: restore the sequence with "
        "the code bizuno.project under Settings / Technical / Sequences.",
        company=company.name,
    )


def lead_with_login(env, partner):
    return env._(
        "The lead “%(contact)s” has a login, so only a user with the right to create and "
        "merge contacts (Contact / Creation) may merge it.",
        contact=partner.display_name,
    )
