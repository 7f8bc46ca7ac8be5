"""The states of a recipient in the ledger of a promotion. Pure: no database, no Odoo.

Whom the mail server has not heard of yet is still on the way, and not to be sent to again.

>>> set(UNSENT) & set(TO_SEND_AGAIN)
set()
"""

# The mail server has not heard of these yet.
UNSENT = ("pending", "queued")

# These have not got it, and a later send reaches them.
TO_SEND_AGAIN = ("failed", "left_out")
