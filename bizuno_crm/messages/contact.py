"""Roles, Contact IDs, and contacts that stay."""

from odoo.tools import format_list

from .base import _right, names_of


def own_contacts_only(env, kind):
    """:param str kind: what cannot be seen, in words; its name is not for this user"""
    return env._(
        "This “%(kind)s” record belongs to another sales rep's customer or lead, and you have "
        "“%(right)s”: ask that rep, or an administrator, to hand it over.",
        kind=kind,
        right=_right(env, "bizuno_crm.group_own_contacts_only"),
    )


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


def contact_id_of_left_person(env, person, holder_name):
    """
    :param person: of a company that is about to be deleted
    :param holder_name: empty when the user may not see who has its Contact ID
    """
    return env._(
        "%(company)s cannot be deleted: without it %(person)s is a contact of its own, and its "
        "Contact ID %(id)s is used by %(holder)s. Change the Contact ID of %(person)s first, or "
        "delete both.",
        company=person.parent_id.name,
        person=person.name or env._("one of its addresses"),
        id=person.ref,
        holder=holder_name or env._("a contact that you cannot see"),
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
    return env._("Only a Bizuno Manager can assign Contact IDs to all contacts that have none.")


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
        lines.append(env._("No contact gets a different Contact ID."))
    if new:
        lines.append(env._("A replaced ID is noted in the contact's chatter."))
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
        return env._("No contact was given a different Contact ID.")
    if count == 1:
        return env._("1 contact was given the next Contact ID.")
    return env._("%(count)s contacts were given the next Contact IDs.", count=count)


def contact_id_sequence_missing(env, code):
    return env._(
        "There is no sequence “%(code)s” to take a Contact ID from. Restore it under Bizuno CRM / "
        "Configuration / Settings / Numbering, or type a Contact ID.",
        code=code,
    )


def contact_in_use(env, partner, uses):
    """:param uses: a list of (number, what) pairs, the latter translated"""
    listed = format_list(
        env, [env._("%(what)s (%(count)s)", what=what, count=count) for count, what in uses]
    )
    return env._(
        "%(contact)s cannot be deleted because it has a history: %(uses)s. Archive the contact "
        "instead: it disappears from the lists and keeps its history.",
        contact=partner.display_name,
        uses=listed,
    )


def status_reason_missing(env, customer):
    return env._("Enter the reason for changing the account of %(customer)s.", customer=customer)
