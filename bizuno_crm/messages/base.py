"""What several areas say."""

from odoo.tools import format_list

from ..logic import mail_failure


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


def access_right_missing(env, model, operation, groups):
    """
    :param str model: its name
    :param str operation: read, write, create or unlink
    :param groups: `res.groups`, one of which is enough; none if nobody may
    """
    what = {
        "read": env._("view"),
        "create": env._("create"),
        "write": env._("change"),
        "unlink": env._("delete"),
    }[operation]
    kind = env["ir.model"]._get(model).name
    if not groups:
        return env._(
            "Nobody can %(do)s “%(kind)s” records: the system maintains them.",
            do=what,
            kind=kind,
        )
    return env._(
        "You may not %(do)s “%(kind)s” records: ask an administrator for the right %(rights)s, "
        "or ask somebody who has it.",
        do=what,
        kind=kind,
        rights=_rights(env, groups),
    )


def number_not_finite(env, records, name):
    return env._(
        "“%(field)s” of %(record)s is not a number: enter one with digits.",
        field=records._fields[name]._description_string(env),
        record=_named(env, records),
    )


def amount_too_large(env, records, names):
    """
    :param names: of the fields that are multiplied
    """
    return env._(
        "%(fields)s of %(record)s come to more than can be calculated to the cent: enter smaller "
        "numbers.",
        fields=" × ".join(f"“{records._fields[name]._description_string(env)}”" for name in names),
        record=_named(env, records),
    )


def _named(env, records):
    """The records by name, or what kind of record is about to be made."""
    if records:
        return names_of(records.sudo())
    return env._("a new record (%(kind)s)", kind=env["ir.model"]._get(records._name).name)


def values_beside_email_refused(env):
    return env._(
        "The e-mail was not taken in, because values were sent along with it: only an "
        "administrator can do that. Leave them out, or create the record yourself."
    )


def computed_fields_refused(env, name, labels):
    """
    :param name: of the record, or of its kind
    :param labels: what the fields are called
    """
    return env._(
        "“%(record)s” was not saved, because nobody can enter %(fields)s: the system calculates "
        "it. Leave it out, and change what it is calculated from.",
        record=name,
        fields=format_list(env, [env._("“%(label)s”", label=label) for label in labels]),
    )


def mail_not_sent(env, address, kind, reason):
    """Why an e-mail did not leave, and who can do what about it.

    :param str address: it was for
    :param kind: Odoo's `failure_type`, if any
    :param str reason: what the mail server or Odoo said
    """
    values = {"address": address, "reason": mail_failure.tidy(reason)}
    cause = mail_failure.judge_failure(kind, reason)
    if cause == "address":
        return env._(
            "The mail server does not accept the address %(address)s (%(reason)s). Correct it on "
            "the contact.",
            **values,
        )
    if cause == "sender":
        return env._(
            "There is no valid address to send from (%(reason)s). Enter an e-mail address in your "
            "own preferences.",
            **values,
        )
    if cause == "refused":
        return env._(
            "The mail server did not accept the message to %(address)s (%(reason)s). Try again "
            "later; if it is refused again, ask an administrator to check Settings / General "
            "Settings / Use Custom Email Servers.",
            **values,
        )
    return env._(
        "The mail server cannot be reached (%(reason)s). Ask an administrator to check Settings / "
        "General Settings / Use Custom Email Servers.",
        **values,
    )
