"""What is said to a mail server about one message, and how far that got. Whether a message may have
arrived is decided from this, not from the text of an error."""

import email.policy
import logging
import selectors
from smtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)

from ...logic.promo_outcome import judge

_logger = logging.getLogger(__name__)


class UnsubscribePolicy(type(email.policy.SMTP)):  # Odoo's
    """Python folds a long link into pieces encoded as text, which no mail program takes for one.
    See RFC 2369, section 2: the header has the link as it is."""

    def fold(self, name, value):
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}"
        return super().fold(name, value)

    def fold_binary(self, name, value):
        if name.lower() == "list-unsubscribe":
            return self.fold(name, value).encode()
        return super().fold_binary(name, value)


class Conversation:
    """Stands in for the session with a mail server while one message is sent."""

    def __init__(self, session):
        self._session = session
        self._accepted = False
        self._content_began = False
        self._refusal = None

    def __getattr__(self, name):
        return getattr(self._session, name)

    def send_message(self, message, *args, **kwargs):
        """As `smtplib.SMTP.send_message`. The link to unsubscribe stays in one piece."""
        session = self._session
        if message["List-Unsubscribe"]:
            message.policy = UnsubscribePolicy(linesep=message.policy.linesep)
        watched = isinstance(session, SMTP)
        if watched:
            session.data = self._data
        else:
            self._content_began = True  # nobody can tell
        try:
            result = session.send_message(message, *args, **kwargs)
        except SMTPRecipientsRefused as problem:
            self._refusal = (*next(iter(problem.recipients.values())), False)
            raise
        except SMTPSenderRefused as problem:
            self._refusal = (problem.smtp_code, problem.smtp_error, True)
            raise
        except SMTPDataError as problem:
            self._refusal = (problem.smtp_code, problem.smtp_error, False)
            raise
        finally:
            if watched:
                del session.data
        self._accepted = True
        return result

    def _data(self, message):
        session = self._session

        def getreply():
            reply = type(session).getreply(session)
            # From here on the server has the message, or a part of it.
            self._content_began = self._content_began or reply[0] == 354
            return reply

        session.getreply = getreply
        try:
            return type(session).data(session, message)
        finally:
            del session.getreply

    @property
    def may_have_arrived(self):
        """Whether the server got the message, or a part of it, and did not refuse it."""
        return self._content_began and not self._refusal

    @property
    def outcome(self):
        """A value of `send_state`."""
        return judge(self._accepted, self._refusal, self._content_began)


class Line:
    """The session with the mail server, made anew when the server has ended it. It is fresh until
    a message has been tried over it."""

    def __init__(self, session, connect):
        """
        :param session: the session to begin with, which whoever made it ends, or None
        :param connect: function without arguments that makes one
        """
        self._connect = connect
        self._given = session
        self._session = session
        self.is_fresh = True

    def get(self):
        """:return: a session that the server has not ended, as far as this can be known
        :raise Exception: whatever keeps it from being made
        """
        if self._session is None or self._is_dead():
            self.close()
            self._session = self._connect()
            self.is_fresh = True
        return self._session

    def close(self):
        """End the session, if it was made here."""
        session, self._session = self._session, None
        if session is None or session is self._given:
            return
        try:
            session.quit()
        except (SMTPException, OSError) as problem:
            _logger.info("The mail server had ended the session already: %s", problem)

    def _is_dead(self):
        session = self._session
        if not isinstance(session, SMTP):
            return False
        if session.sock is None:
            return True
        # Between two messages a server says nothing, unless it says good-bye.
        with selectors.DefaultSelector() as selector:
            selector.register(session.sock, selectors.EVENT_READ)
            return bool(selector.select(0))
