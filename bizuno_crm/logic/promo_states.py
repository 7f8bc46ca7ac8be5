"""The states of a recipient in the ledger of a promotion. Pure: no database, no Odoo."""

# The mail server has not heard of these yet.
UNSENT = ("pending", "queued")

# These have not got it, and a later send reaches them.
TO_SEND_AGAIN = ("failed", "left_out")
