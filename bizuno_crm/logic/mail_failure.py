"""Why an e-mail did not leave, of what the mail server or Odoo said. Pure: no database, no Odoo."""

import re

from .promo_outcome import judge_refusal

_ADDRESS = {"mail_email_invalid", "mail_email_missing"}
_SENDER = {"mail_from_invalid", "mail_from_missing"}
# What the system says of a connection: Python's way, and Odoo's, which has a line for each part.
_ERRNO = re.compile(r"^(\[Errno -?\d+\]\s*|\d{1,3}\n)")
# As the server says it, "550 5.1.1 No such user", as Python shows it, (550, b'No such user'), and
# as Odoo does, with a line for each part.
_REPLY = re.compile(r"(?<![\w.:])(?P<code>[45]\d\d)(?:,? |\n)(?:b?['\"])?(?P<text>[^'\"\n]*)")
_NAMED_ERROR = re.compile(r"^[A-Z]\w+: ")


def judge_failure(kind, reason):
    r"""
    >>> judge_failure(False, "[Errno 111] Connection refused")
    'server'
    >>> judge_failure("unknown", "111\nConnection refused")
    'server'
    >>> judge_failure("unknown", "SMTPRecipientsRefused: {'a@b.c': (550, b'No such user')}")
    'address'
    >>> judge_failure("mail_email_invalid", "…"), judge_failure("mail_from_missing", "…")
    ('address', 'sender')
    >>> judge_failure("unknown", "451 Greylisted"), judge_failure("unknown", "Hm.")
    ('refused', 'refused')

    :param kind: Odoo's `failure_type`; it gives none where it could not connect
    :param reason: Odoo's `failure_reason`
    :return: "server" (not to be reached), "address" or "sender" (not a good one), "refused"
    """
    if kind in _ADDRESS:
        return "address"
    if kind in _SENDER:
        return "sender"
    if reply := _REPLY.search(reason or ""):
        by_sender = "SMTPSenderRefused" in reason
        outcome = judge_refusal(int(reply["code"]), reply["text"], by_sender)
        return "address" if outcome == "bounced" else "refused"
    cannot_connect = not kind or kind == "mail_smtp" or _ERRNO.search(reason or "")
    return "server" if cannot_connect else "refused"


def tidy(reason):
    r"""What the server said, without what Python and Odoo put around it.

    >>> tidy("[Errno 111] Connection refused"), tidy("111\nConnection refused")
    ('Connection refused', 'Connection refused')
    >>> tidy("535\nb'5.7.8 Wrong password'")
    '535 5.7.8 Wrong password'
    >>> tidy("Delivery failed\nSMTPRecipientsRefused: {'a@b.c': (550, b'No such user here.')}")
    '550 No such user here'
    >>> tidy("Delivery failed\nTimeoutError: timed out\n"), tidy(False)
    ('timed out', '')
    """
    if reply := _REPLY.search(reason or ""):
        return f"{reply['code']} {reply['text']}".rstrip(" .")
    lines = (reason or "").strip().splitlines() or [""]
    return _ERRNO.sub("", _NAMED_ERROR.sub("", lines[-1])).strip(" .")
