"""The text of every refusal, in one place to reword and to translate.

Each function takes the environment (for the language of the user) and returns one text that names
the record and the remedy.
"""

from odoo.tools import format_amount, format_date, format_datetime, format_list

from .logic import credit


def names_of(records, limit=3):
    """The records by name; past `limit` only how many."""
    names = [record.display_name or record.env._("New contact") for record in records[:limit]]
    if len(records) > limit:
        names.append(records.env._("%(count)s more", count=len(records) - limit))
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


def contact_ids_assigned(env, count):
    if count == 1:
        return env._("1 contact has been given a Contact ID.")
    return env._("%(count)s contacts have been given a Contact ID.", count=count)


def contact_ids_assignment_refused(env):
    return env._("Only a Bizuno Manager gives Contact IDs to all contacts that have none.")


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


def date_not_understood(env, text):
    return env._("“%(text)s” is no date: write it as 2026-12-31.", text=text)


def receivables_hidden(env, partners):
    return env._(
        "You may not see what %(customers)s owes: ask somebody who has the right “%(right)s” for "
        "the statement, or an administrator for that right.",
        customers=names_of(partners),
        right=_right(env, "bizuno_crm.group_receivable_read"),
    )


def statement_not_sent(env, partners):
    return env._(
        "You may print the statement of %(customers)s, but not send it: ask somebody who has the "
        "right “%(right)s”, or an administrator for that right.",
        customers=names_of(partners),
        right=_right(env, "bizuno_crm.group_receivable_add"),
    )


def statement_without_address(env, names):
    return env._(
        "No statement was sent: %(names)s has no e-mail address. Enter one on the customer, on its "
        "invoice address or on a contact named Accounts Receivable.",
        names=names,
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
    if not mailing.failed_count:
        return env._("%(sent)s statements have been sent.", sent=mailing.sent_count)
    return env._(
        "%(sent)s statements have been sent, %(failed)s could not be sent: see Receivables / "
        "Statements Sent for the reasons.",
        sent=mailing.sent_count,
        failed=mailing.failed_count,
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


# --- credit --------------------------------------------------------------------------------------


def credit_status(env, customer, company, account, document=0.0, label=None):
    """The credit status as a sentence, with the figures that the user may see.

    :param customer: commercial partner, readable by whoever reads this
    :param account: `logic.credit.Account`
    :param document: what the document adds to it
    :param label: what the document is called, for example “this quotation”
    :return: False for a customer who is OK
    """
    status = account.status(document)
    name, reason = customer.display_name, customer.account_status_reason
    if status == credit.OK:
        return False
    if status in (credit.LOCKED, credit.HOLD):
        return _held(env, name, reason, status)
    if not env["res.partner"]._sees_credit_figures():
        if status == credit.PAST_DUE:
            return env._("%(customer)s has invoices that are past due.", customer=name)
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
            "past_due": account.past_due,
            "unapplied": account.unapplied,
        }.items()
    }
    if status == credit.PAST_DUE:
        if account.unapplied > 0:
            return env._(
                "%(customer)s is %(past_due)s past due, less unapplied payments of %(unapplied)s.",
                customer=name,
                **amounts,
            )
        return env._("%(customer)s is %(past_due)s past due.", customer=name, **amounts)
    if document > 0:
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


def _held(env, name, reason, status):
    if status == credit.LOCKED:
        if reason:
            return env._("%(customer)s is locked: %(reason)s", customer=name, reason=reason)
        return env._("%(customer)s is locked.", customer=name)
    if reason:
        return env._("%(customer)s is on credit hold: %(reason)s", customer=name, reason=reason)
    return env._("%(customer)s is on credit hold.", customer=name)


def credit_blocked(env, document, reason):
    return env._(
        "%(document)s is stopped by the credit policy. %(reason)s Ask accounting for a payment, a "
        "higher credit limit or the release of the account.",
        document=document,
        reason=reason,
    )


def credit_approval_missing(env, document, reason, approvers):
    """:param approvers: `res.users`"""
    return env._(
        "%(document)s needs a credit approval. %(reason)s It can be approved by %(approvers)s.",
        document=document,
        reason=reason,
        approvers=format_list(env, approvers.mapped("name"), style="or")
        if approvers
        else env._("a user with the right “Credit Approver”"),
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
    return env._(
        "Unsubscribed from promotions: the address was blacklisted by %(user)s.",
        user=env.user.name,
    )
