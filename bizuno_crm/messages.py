"""The text of every refusal, in one place to reword and to translate.

Each function takes the environment (for the language of the user) and returns one text that names
the record and the remedy.
"""

from markupsafe import Markup
from odoo.tools import format_amount, format_date, format_datetime, format_list

from .logic import credit


def names_of(records, limit=3):
    """The records by name; past `limit` only how many."""
    names = [record.display_name or record.env._("New contact") for record in records[:limit]]
    if len(records) > limit:
        more = len(records) - limit
        names.append(
            records.env._("1 more") if more == 1 else records.env._("%(count)s more", count=more)
        )
    return format_list(records.env, names)


def _right(env, group):
    """A group as users find it on the user form: "Leads: Edit".

    :param group: `res.groups`, or its external id
    """
    group = (env.ref(group) if isinstance(group, str) else group).sudo()
    if not group.privilege_id:
        return group.name
    return env._("%(area)s: %(level)s", area=group.privilege_id.name, level=group.name)


def _rights(env, groups):
    """Several groups, one of which is enough: “Leads: Edit” or “Projects: Edit”."""
    return format_list(
        env, [env._("“%(right)s”", right=_right(env, group)) for group in groups], style="or"
    )


# --- first steps ---------------------------------------------------------------------------------


def setup_right_missing(env):
    return env._(
        "Only a Bizuno Manager, and for some of them an administrator, settles first steps."
    )


def setup_step_unknown(env):
    return env._("There is no such first step: choose one of those that the dashboard shows.")


def setup_defaults(env, company):
    sentence = env._("They begin with: %(terms)s.", terms=company.contact_default_terms_text)
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
        return env._("More than %(count)s customers may owe any amount.", count=most)
    if count == 1:
        return env._("1 customer may owe any amount.")
    return env._("%(count)s customers may owe any amount.", count=count)


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
        "Only administrators do. Give somebody “%(right)s” on the user form.",
        right=_right(env, "bizuno_crm.group_credit_approver"),
    )


def setup_readers(env, company):
    if company.aging_reps_see_own:
        return env._("Accounting sees all of them, sales reps those of their own customers.")
    return env._("Accounting sees them, sales reps see none.")


def setup_mail_server(env):
    return env._("Statements, reminders and promotions wait until Odoo has been told of one.")


def lost_with_addon(env):
    """What the dialog that uninstalls the addon says: Odoo's own names but a part of it."""
    return env._(
        "Lost for good with Bizuno CRM: the contact log with its authors and dates, reminders, "
        "projects, promotions with who got them, credit approvals with their reasons, statements "
        "sent, roles (lead, branch), holds and locks with their reasons, exemption certificates, "
        "newsletter consents, default revenue accounts and taxes.\n"
        "Contact IDs stay as Odoo's Reference, terms, limits, price sheets, customers and vendors "
        "stay what they are.\n"
        "To keep more, press Discard and export first: in each list tick the box in its head, "
        "Select all, then Actions / Export."
    )


def default_limit_refused(env):
    return env._("Only a Bizuno Manager gives the default credit limit to several customers.")


def default_limit_given(env, count, limit, currency):
    if not limit:
        return env._("New customers have no credit limit either: choose one in the settings first.")
    if not count:
        return env._("No customer was given another credit limit.")
    amount = format_amount(env, limit, currency)
    if count == 1:
        return env._("1 customer was given the credit limit %(amount)s.", amount=amount)
    return env._(
        "%(count)s customers were given the credit limit %(amount)s.", count=count, amount=amount
    )


# --- rights --------------------------------------------------------------------------------------


def access_right_missing(env, model, operation, groups):
    """
    :param str model: its name
    :param str operation: read, write, create or unlink
    :param groups: `res.groups`, one of which is enough; none if nobody may
    """
    what = {
        "read": env._("look at"),
        "create": env._("create"),
        "write": env._("change"),
        "unlink": env._("delete"),
    }[operation]
    kind = env["ir.model"]._get(model).name
    if not groups:
        return env._(
            "Nobody may %(do)s records of the kind “%(kind)s”: the system keeps them.",
            do=what,
            kind=kind,
        )
    return env._(
        "You may not %(do)s records of the kind “%(kind)s”: ask an administrator for the right "
        "%(rights)s, or ask somebody who has it.",
        do=what,
        kind=kind,
        rights=_rights(env, groups),
    )


def own_contacts_only(env, kind):
    """:param str kind: what cannot be seen, in words; its name is not for this user"""
    return env._(
        "This record of the kind “%(kind)s” belongs to the customer or lead of another sales rep, "
        "and you have “%(right)s”: ask that rep, or an administrator, to hand it over.",
        kind=kind,
        right=_right(env, "bizuno_crm.group_own_contacts_only"),
    )


def number_not_finite(env, records, name):
    return env._(
        "“%(field)s” of %(record)s is no number: enter one with digits.",
        field=records._fields[name]._description_string(env),
        record=_named(env, records),
    )


def _named(env, records):
    """The records by name, or what kind of record is about to be made."""
    if records:
        return names_of(records.sudo())
    return env._("a new record (%(kind)s)", kind=env["ir.model"]._get(records._name).name)


def computed_fields_refused(env, name, labels):
    """
    :param name: of the record, or of its kind
    :param labels: what the fields are called
    """
    return env._(
        "“%(record)s” was not saved, because nobody may enter %(fields)s: it is worked out by the "
        "system. Leave it out, and change what it is worked out from.",
        record=name,
        fields=format_list(env, [env._("“%(label)s”", label=label) for label in labels]),
    )


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


def contact_ids_missing(env, count):
    if count == 1:
        return env._("1 contact has no Contact ID yet.")
    return env._("%(count)s contacts have no Contact ID yet.", count=count)


def contact_ids_assignment_refused(env):
    return env._("Only a Bizuno Manager gives Contact IDs to all contacts that have none.")


def contact_id_no_conflict(env):
    return env._(
        "No other contact has the Contact ID of those selected: there is nothing to merge."
    )


def contact_id_conflicts(env, ids, contacts):
    """:param int ids: how many Contact IDs are shared, by how many contacts"""
    if ids == 1:
        return env._("1 Contact ID is shared by %(contacts)s contacts.", contacts=contacts)
    return env._(
        "%(ids)s Contact IDs are shared by %(contacts)s contacts.", ids=ids, contacts=contacts
    )


def contact_id_conflicts_done(env):
    return env._("That was the last conflict.")


def contact_ids_to_assign(env, new, kept, others):
    """What a dialog asks about.

    :param int new: how many contacts get another Contact ID
    :param int kept: how many keep an ID that they share, because it was theirs first
    :param int others: how many have an ID of their own, or are contacts of a company
    """
    lines = []
    if new == 1:
        lines.append(env._("1 contact gets the next number as its Contact ID."))
    elif new:
        lines.append(
            env._("%(count)s contacts get the next numbers as their Contact IDs.", count=new)
        )
    else:
        lines.append(env._("No contact gets another Contact ID."))
    if new:
        lines.append(env._("An ID that is replaced is written down in the contact's chatter."))
    if kept == 1:
        lines.append(env._("1 contact keeps the ID that it shares: it had it first."))
    elif kept:
        lines.append(
            env._(
                "%(count)s contacts keep the IDs that they share: they had them first.", count=kept
            )
        )
    if others == 1:
        lines.append(env._("1 contact has an ID of its own, or needs none."))
    elif others:
        lines.append(env._("%(count)s contacts have IDs of their own, or need none.", count=others))
    return "\n".join(lines)


def contact_ids_assigned(env, count):
    if not count:
        return env._("No contact was given another Contact ID.")
    if count == 1:
        return env._("1 contact was given the next Contact ID.")
    return env._("%(count)s contacts were given the next Contact IDs.", count=count)


def contact_id_sequence_missing(env, code):
    return env._(
        "There is no sequence “%(code)s” to take a Contact ID from. Restore it under Settings / "
        "Technical / Sequences, or type a Contact ID.",
        code=code,
    )


def first_sale_hidden(env):
    return env._(
        "You may not see when customers bought for the first time: ask an administrator for the "
        "right %(rights)s.",
        rights=_rights(
            env,
            env.ref("sales_team.group_sale_salesman") + env.ref("bizuno_crm.group_receivable_read"),
        ),
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


def aging_date_out_of_range(env, date, first, last):
    return env._(
        "Receivables cannot be shown as of %(date)s: choose a date from the year %(first)s to "
        "%(last)s.",
        date=date.isoformat(),
        first=first,
        last=last,
    )


def aging_domain_not_understood(env, text):
    return env._(
        "The search “%(text)s” cannot be read: open Receivables / Aged Receivables, search there, "
        "and print from that page.",
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
    return env._("You see the customers whose salesperson you are, not all.")


def receivables_of_own_customers_but(env, companies):
    return env._(
        "You see the customers whose salesperson you are, not all; and nothing of %(companies)s, "
        "where Settings do not allow it.",
        companies=names_of(companies),
    )


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
        "%(planned)s Not for %(customers)s: all that is past due is in dispute.",
        planned=planned,
        customers=names_of(disputed),
    )


def collection_not_planned(env, partners):
    return env._(
        "No call was planned: all that is past due of %(customers)s is in dispute.",
        customers=names_of(partners),
    )


def date_not_understood(env, text):
    return env._("“%(text)s” is no date: write it as 2026-12-31.", text=text)


def receivables_hidden(env, partners):
    return env._(
        "You may not see what %(customers)s owes: ask somebody who has the right “%(right)s” for "
        "the statement, or an administrator for that right.",
        customers=names_of(partners),
        right=_right(env, "bizuno_crm.group_receivable_read"),
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
        return env._("Enter the first day of the period that the statement is to show.")
    return env._(
        "The period of the statement begins on %(first)s, after its last day, %(last)s. Choose an "
        "earlier day in From.",
        first=format_date(env, statement.date_from),
        last=format_date(env, statement.date),
    )


def statements_in_background(env, count):
    return env._(
        "%(count)s statements are being sent in the background. You will be told when all are out.",
        count=count,
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
        "The statement of %(customer)s is not kept here: it was not made, or it was sent before "
        "statements were kept with the mailing.",
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
        "The statements of these customers as of %(date)s are being sent already: see Receivables "
        "/ Statements Sent.",
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
        return env._("1 statement is tried again.")
    return env._("%(count)s statements are tried again.", count=count)


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


def log_author_fixed(env):
    return env._(
        "Who entered an entry of the contact log, and when, is set by the system: leave it out, or "
        "ask a Bizuno Manager to enter it."
    )


def log_date_in_future(env, entry):
    entry = entry.sudo()
    return env._(
        "The entry “%(entry)s” is dated %(date)s, which is yet to come: the contact log tells what "
        "was done. Choose a date up to now, or set a reminder.",
        entry=entry.display_name,
        date=format_datetime(env, entry.date, dt_format="short"),
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
        return env._("Its quotation is not confirmed: no order says what was won.")
    return env._(
        "None of its %(count)s quotations is confirmed: no order says what was won.", count=count
    )


def lead_person_without_name(env, lead):
    return env._(
        "The job position of “%(lead)s” is somebody's: enter the contact's name as well.",
        lead=lead.name or "",
    )


def project_without_customer(env, project):
    return env._(
        "The project “%(project)s” has no customer yet: enter one first.",
        project=project.display_name,
    )


def reminder_not_yours(env, reminder):
    return env._(
        "The reminder “%(reminder)s” is %(user)s's: ask for it, or ask an administrator for the "
        "right %(rights)s.",
        reminder=reminder.sudo().name,
        user=reminder.sudo().user_id.name or env._("nobody"),
        rights=_rights(
            env, env.ref("bizuno_crm.group_lead_edit") + env.ref("bizuno_crm.group_project_edit")
        ),
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


def user_external(env, record, user):
    """:param record: a reminder or a project; `user` who has it, but works elsewhere"""
    return env._(
        "“%(record)s” cannot be given to %(user)s, who has a portal login and works elsewhere: "
        "choose somebody who works here.",
        record=record.display_name,
        user=user.name,
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


def project_number_fixed(env, number):
    return env._(
        "The project number %(number)s cannot be chosen: leave it out for the next number, or ask "
        "a Bizuno Manager to enter it.",
        number=number,
    )


def reminder_of_activity_fixed(env):
    return env._(
        "An activity cannot be made one of a reminder that is not yours. Mark the reminder itself "
        "as done, or ask its user."
    )


def lead_with_login(env, partner):
    return env._(
        "The lead “%(contact)s” has a login, so only a user with the right to create and "
        "merge contacts (Contact / Creation) may merge it.",
        contact=partner.display_name,
    )


# --- terms, credit, tax exemption, price sheet ---------------------------------------------------


def terms_refused(env, error):
    """:param error: a `logic.terms.TermsError`"""
    given = {"terms": error.text, "value": error.value}
    match error.part:
        case "parts":
            return env._("The terms “%(terms)s” have %(value)s parts; five are expected, "
                         "for example 3:2:10:30:1000.", **given)  # fmt: skip
        case "type":
            return env._("The terms “%(terms)s” begin with the type “%(value)s”; it must be a "
                         "number from 0 to 6.", **given)  # fmt: skip
        case "discount":
            return env._("The terms “%(terms)s” have the discount “%(value)s”; it must be a "
                         "number from 0 to 100, with a point for decimals.", **given)  # fmt: skip
        case "discount_days":
            return env._("The terms “%(terms)s” have the discount days “%(value)s”; they must be "
                         "a whole number up to 9999.", **given)  # fmt: skip
        case "net_days":
            return env._("The terms “%(terms)s” have the net days “%(value)s”; they must be a "
                         "whole number up to 9999.", **given)  # fmt: skip
        case "date":
            return env._("The terms “%(terms)s” are due on a date, but “%(value)s” is none; "
                         "write it as 2026-12-31.", **given)  # fmt: skip
        case "credit_limit":
            return env._("The terms “%(terms)s” have the credit limit “%(value)s”; it must be a "
                         "number, with a point for decimals.", **given)  # fmt: skip
    return env._("Empty terms cannot be read; write for example 0:0:0:30:1000.")


def terms_contradict_limit(env, name, code, limit):
    """:param str limit: the other limit, as a plain number"""
    return env._(
        "The terms “%(code)s” of %(name)s end with another credit limit than %(limit)s, which is "
        "given beside them. Give one of the two, or the same number in both.",
        code=code,
        name=name or "?",
        limit=limit,
    )


def terms_contradict_payment_term(env, name, code, term):
    """:param term: name of a payment term, or False for none"""
    return env._(
        "The terms “%(code)s” of %(name)s say something else than the payment terms “%(term)s”, "
        "which are given beside them. Give one of the two.",
        code=code,
        name=name or "?",
        term=term or "",
    )


def terms_without_date(env):
    return env._("“Due on a date” needs the date: choose it under Due Date.")


def terms_half_discount(env):
    return env._(
        "A discount needs both a percentage and the days within which it is taken, and each more "
        "than 0; leave both at 0 for no discount."
    )


def terms_of_nobody(env):
    return env._("These terms are nobody's: open the dialog from a customer or from the settings.")


def credit_limit_negative(env, partners):
    return env._(
        "The credit limit of %(contact)s cannot be negative: enter 0 for no limit, or put the "
        "account on credit hold to stop its orders.",
        contact=names_of(partners.sudo()) if partners else env._("a new contact"),
    )


def account_change_refused(env, customer, labels, group_xmlid):
    """:param customer: a partner or a name"""
    name = customer if isinstance(customer, str) else customer and customer.display_name
    return env._(
        "You may not change the account of %(customer)s (%(fields)s): ask accounting or the "
        "Bizuno manager, who have the right “%(right)s”.",
        customer=name or env._("a new contact"),
        fields=format_list(env, labels),
        right=_right(env, group_xmlid),
    )


def account_merge_refused(env, contact, destination, labels, group_xmlid):
    """:param contact: the name of who loses what was decided; `destination` the one that stays"""
    return env._(
        "You may not merge these contacts into %(destination)s, because what was decided about the "
        "account of %(contact)s would be lost or passed on (%(fields)s): let %(contact)s be the "
        "contact that stays, or ask somebody who has the right “%(right)s”.",
        contact=contact,
        destination=destination,
        fields=format_list(env, labels),
        right=_right(env, group_xmlid),
    )


def account_move_refused(env, contact, account, labels, group_xmlid):
    """:param contact: the name of who would get the account of the company `account`"""
    return env._(
        "You may not put %(contact)s below %(account)s, because what was decided about the account "
        "of %(contact)s would be lost (%(fields)s): ask accounting or the Bizuno manager, who have "
        "the right “%(right)s”.",
        contact=contact,
        account=account,
        fields=format_list(env, labels),
        right=_right(env, group_xmlid),
    )


def account_leave_refused(env, contact, account, status, group_xmlid):
    """:param contact: the name of who would leave the account of the company `account`"""
    return env._(
        "You may not take %(contact)s out of %(account)s, whose status is “%(status)s”: ask "
        "accounting or the Bizuno manager, who have the right “%(right)s”.",
        contact=contact,
        account=account,
        status=status,
        right=_right(env, group_xmlid),
    )


def account_limit_exceeded(env, account, group_xmlid):
    """:param account: the name of whose account would have more than the limit by a move"""
    return env._(
        "You may not do this, because %(account)s would be over the credit limit with what is owed "
        "and ordered then: ask accounting or the Bizuno manager, who have the right “%(right)s”.",
        account=account,
        right=_right(env, group_xmlid),
    )


def account_left(env, account):
    """In the chatter of a contact who is no longer one of the company's."""
    return env._(
        "Left the account of %(account)s: terms, limit and taxes are those of a new customer.",
        account=account,
    )


def account_owner_computed(env, contact):
    return env._(
        "Whose account %(contact)s belongs to follows from the company that the contact stands "
        "below. Change that instead.",
        contact=contact or env._("a new contact"),
    )


# --- tax exemption -------------------------------------------------------------------------------


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
            "The certificate %(certificate)s of %(customer)s expired on %(date)s. Documents are "
            "taxed since.",
            **values,
        )
    return env._(
        "The tax exemption of %(customer)s expired on %(date)s. There is no certificate, and "
        "documents are taxed since.",
        **values,
    )


def taxed_despite_exemption_refused(env):
    return env._(
        "Whether the documents of an exempt customer are taxed all the same is decided by "
        "accounting or the Bizuno manager, who have the right “%(right)s”.",
        right=_right(env, "bizuno_crm.group_customer_edit"),
    )


# --- credit --------------------------------------------------------------------------------------


def credit_status(
    env, customer, company, account, document=0.0, label=None, held=None, own=None, branches=()
):
    """The credit status in words: a sentence for each reason that applies, with the figures that
    the user may see.

    :param customer: commercial partner, readable by whoever reads this
    :param account: `logic.credit.Account`
    :param document: what the document adds to it
    :param label: what the document is called, for example “this quotation”
    :param held: the commercial partner who is on hold, if that is not the customer
    :param own: (amount, currency) of the document, if it is in another currency than the company's
    :param branches: [(name of another company that shares the limit, what is open there)]
    :return: False for a customer who is OK
    """
    sentences = []
    for reason in account.reasons(document):
        if reason in (credit.LOCKED, credit.HOLD):
            sentences.append(_held(env, held or customer, reason))
        elif reason == credit.OVER_LIMIT:
            sentences.append(
                _over_limit(env, customer, company, account, document, label, own, branches)
            )
        else:
            sentences.append(_past_due(env, customer, company, account))
    return " ".join(sentences) or False


def _over_limit(env, customer, company, account, document, label, own, branches):
    name = customer.name
    if not env["res.partner"]._sees_credit_figures():
        if document > 0 and account.excess() <= 0:
            return env._(
                "%(customer)s exceeds the credit limit with %(document)s.",
                customer=name,
                document=label,
            )
        return env._("%(customer)s is over the credit limit.", customer=name)
    amounts = {
        key: format_amount(env, amount, company.currency_id)
        for key, amount in {
            "open": account.open,
            "document": document,
            "limit": account.limit,
            "excess": account.excess(document),
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
        return env._(
            "%(customer)s is over the credit limit of %(limit)s by %(excess)s: "
            "%(open)s open, %(document)s for %(label)s.",
            customer=name,
            label=label,
            **amounts,
        )
    return env._(
        "%(customer)s is over the credit limit of %(limit)s by %(excess)s: %(open)s open.",
        customer=name,
        **amounts,
    )


def _past_due(env, customer, company, account):
    name = customer.name
    if not env["res.partner"]._sees_credit_figures():
        return env._("%(customer)s has invoices that are past due.", customer=name)
    past_due = format_amount(env, account.past_due, company.currency_id)
    if account.unapplied > 0:
        return env._(
            "%(customer)s is %(past_due)s past due, less unapplied payments of %(unapplied)s.",
            customer=name,
            past_due=past_due,
            unapplied=format_amount(env, account.unapplied, company.currency_id),
        )
    return env._("%(customer)s is %(past_due)s past due.", customer=name, past_due=past_due)


def _held(env, customer, status):
    name, reason = customer.name, (customer.account_status_reason or "").strip()
    # Whoever typed the reason need not have ended it like a sentence.
    reason = reason if not reason or reason[-1] in ".!?…" else f"{reason}."
    if status == credit.LOCKED:
        if reason:
            return env._("%(customer)s is locked: %(reason)s", customer=name, reason=reason)
        return env._("%(customer)s is locked.", customer=name)
    if reason:
        return env._("%(customer)s is on credit hold: %(reason)s", customer=name, reason=reason)
    return env._("%(customer)s is on credit hold.", customer=name)


def credit_policy_of_branch(env, branch, root):
    return env._(
        "%(branch)s is a branch of %(company)s and lends by its credit policy. Change it in the "
        "settings of %(company)s.",
        branch=branch.name,
        company=root.name,
    )


def credit_reason_hidden(env):
    """For whoever may not see the customer."""
    return env._("The customer's account does not allow it.")


def credit_warning_passed(env, user, warning):
    """:param user: the name of who did it"""
    return env._(
        "%(user)s let this document pass against a warning. %(warning)s",
        user=user,
        warning=warning,
    )


def credit_delivered_goods(env, user, warning):
    """:param user: the name of who posted the invoice"""
    return env._(
        "%(user)s posted this invoice, which only bills what is delivered already. %(warning)s",
        user=user,
        warning=warning,
    )


def credit_blocked(env, document, reason):
    return env._(
        "%(document)s is stopped by the credit policy. %(reason)s Ask accounting for a payment, a "
        "higher credit limit or the release of the account.",
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
            "%(approvers)s. %(asked)s has been asked by an activity.",
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
            "%(asker)s asks to approve %(document)s of %(customer)s over %(amount)s. %(reason)s",
            asker=asker,
            **values,
        )
    return env._(
        "%(customer)s has accepted %(document)s over %(amount)s, which waits for an approval. "
        "%(reason)s",
        **values,
    )


def credit_approval_right_missing(env, document, approvers):
    return env._(
        "Only a credit approver can approve %(document)s: %(approvers)s.",
        document=document,
        approvers=format_list(env, approvers.mapped("name"), style="or") or env._("nobody yet"),
    )


def credit_approval_reason_missing(env, document):
    return env._("Write why %(document)s is approved over the credit limit.", document=document)


def credit_approval_amount_missing(env, document):
    return env._(
        "The amount up to which %(document)s is approved must be more than zero.", document=document
    )


def status_reason_missing(env, customer):
    return env._("Write why the account of %(customer)s is changed.", customer=customer)


def credit_released(env, document):
    return env._(
        "%(document)s may go on: the customer's account has been released.", document=document
    )


def credit_release_not_needed(env, customers):
    return env._("%(customers)s: neither on credit hold nor locked.", customers=names_of(customers))


def credit_approval_not_needed(env, document):
    return env._("%(document)s needs no credit approval.", document=document)


# --- promotions ----------------------------------------------------------------------------------


def promo_right_missing(env, promo, group_xmlid):
    return env._(
        "“%(promo)s” can only be sent or stopped with the right “%(right)s”. Ask an administrator "
        "for it, or ask somebody who has it.",
        promo=names_of(promo),
        right=_right(env, group_xmlid),
    )


def promo_sender_invalid(env, promo):
    return env._(
        "“%(sender)s” is no address that “%(promo)s” could be sent from. Enter one e-mail address "
        "in the field From.",
        sender=promo.email_from or "",
        promo=promo.name,
    )


def promo_has_history(env, promo):
    return env._(
        "“%(promo)s” cannot be deleted, because it is in the history of those who got it. Archive "
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
        "“%(promo)s” cannot be sent at a moment that is past. Enter a later one in the field Send "
        "On, or leave it empty to send now.",
        promo=promo.name,
    )


def promo_outside_window(env, promo):
    return env._(
        "“%(promo)s” is sent from %(start)s until %(end)s only, and not while it is archived. "
        "Change its dates, or the moment in the field Send On.",
        promo=promo.name,
        start=format_date(env, promo.date_start),
        end=format_date(env, promo.date_end),
    )


def promo_nobody(env, promo, reasons):
    """:param reasons: a list of (why left out, number) pairs, the former translated"""
    if not reasons:
        return env._(
            "“%(promo)s” addresses nobody: there is no contact in its distribution. Choose another "
            "distribution.",
            promo=promo.name,
        )
    return env._(
        "Nobody is left to send “%(promo)s” to: %(reasons)s. Look at the list of recipients, or "
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
        "The selection of “%(promo)s” is empty and would address every contact, vendors and "
        "employees too. Add a condition under Distribution.",
        promo=promo.name,
    )


def promo_under_way(env, promo):
    return env._(
        "“%(promo)s” is on its way: its message, recipients and dates stay as they are. To change "
        "it press Stop, then send it again; nobody gets it twice.",
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
            "“%(promo)s” reached nobody: every message failed or was refused. Ask an administrator "
            "to look at Settings / Technical / Outgoing Mail Servers, and press Send Again.",
            promo=promo.name,
        )
    return env._(
        "“%(promo)s” was not sent to all: its mailing has been deleted. Press Send Again to reach "
        "the others.",
        promo=promo.name,
    )


def promo_test_failed(env, address, reason):
    return env._(
        "The test could not be sent to %(address)s: %(reason)s. Ask an administrator to look at "
        "Settings / Technical / Outgoing Mail Servers.",
        address=address,
        reason=reason.rstrip(" .\n"),
    )


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
        "reaches those whom it could not be sent to, and nobody twice.",
        mailing=mailing.subject,
    )


def promo_mail_not_again(env, mail, recipient):
    if recipient.send_state == "in_doubt":
        return env._(
            "The message to %(address)s may have arrived, so it is not sent again by itself. "
            "Release those in doubt on the history of “%(promo)s”, then retry.",
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
        "The message “%(mail)s” belongs to a send of a promotion that has been stopped or has "
        "reached this address otherwise. Press Send Again on the promotion: it reaches those who "
        "have not had it.",
        mail=mail.subject,
    )


def promo_interrupted(env, recipient):
    return env._(
        "Sending was interrupted in the middle of the message to %(address)s. It may have arrived, "
        "so it is not sent again by itself; release it on the history of the promotion.",
        address=recipient.email,
    )


def newsletter_facts_fixed(env):
    return env._(
        "When and how a contact chose the newsletter is written down by the system. Tick or untick "
        "Newsletter instead."
    )


def newsletter_unsubscribed(env, partner, source):
    if source == "unsubscribe":
        return env._("Unsubscribed from promotions by the link in a message.")
    if source == "portal":
        return env._("Unsubscribed from promotions in the portal.")
    if source == "manual":
        return env._("Unsubscribed from promotions by %(user)s.", user=env.user.name)
    return env._(
        "Unsubscribed from promotions: the address was blacklisted by %(user)s.",
        user=env.user.name,
    )
