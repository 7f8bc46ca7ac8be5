"""When a promotion counts as sent to a recipient: what the answer of the mail server means. Pure:
no database, no Odoo."""

import re

# What the server has against us: our set-up is to be mended, the address may be good.
_ABOUT_US = re.compile(r"\brelay|authenticat", re.IGNORECASE)
_PROTOCOL = range(500, 505)
_LOG_IN = range(530, 540)


def judge(accepted, refusal, content_began):
    """
    >>> judge(True, None, True), judge(False, None, True), judge(False, None, False)
    ('sent', 'in_doubt', 'failed')
    >>> judge(False, (550, b"5.1.1 No such user here", False), True)
    'bounced'

    :param bool accepted: the server has taken the message
    :param refusal: (SMTP reply code, text or bytes, whether it was the sender that was refused), or
        None
    :param bool content_began: the server got the message, or a part of it
    :return: a value of the recipient's `send_state`
    """
    if accepted:
        return "sent"
    if refusal:
        code, text, by_sender = refusal
        text = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
        return judge_refusal(code, text, by_sender)
    return "in_doubt" if content_began else "failed"


def judge_refusal(code, text, by_sender=False):
    """Whether a refused message can be sent again, or the address is dead. After a refusal the
    message has not arrived, whatever the code.

    >>> judge_refusal(550, "5.1.1 No such user here")
    'bounced'
    >>> judge_refusal(554, "Message looks like spam")
    'bounced'
    >>> judge_refusal(451, "Greylisted, try again later")
    'failed'
    >>> judge_refusal(452, "Out of disk space")
    'failed'
    >>> judge_refusal(421, "Service not available")
    'failed'
    >>> judge_refusal(550, "Sender address rejected", by_sender=True)
    'failed'
    >>> judge_refusal(554, "5.7.1 Relay access denied")
    'failed'
    >>> judge_refusal(530, "Log in first")
    'failed'

    :param int code: the SMTP reply code
    :param str text: what the server said with it
    :param bool by_sender: it was the sender that was refused, not this recipient
    :return: "bounced" or "failed"
    """
    lasting = 500 <= code < 600 and code not in _PROTOCOL and code not in _LOG_IN
    if by_sender or not lasting or _ABOUT_US.search(text or ""):
        return "failed"
    return "bounced"
