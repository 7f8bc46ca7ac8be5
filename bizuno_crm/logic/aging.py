"""The buckets of aged receivables, as Bizuno has them: one table, read by every screen, report and
query.

Days late = the as-of date − the due date (or the invoice date, as the company chooses).
"""

from typing import NamedTuple

BASES = ("due_date", "invoice_date")


class Bucket(NamedTuple):
    """Days late from `low` to `high`, both included; None is without end."""

    key: str
    low: int | None
    high: int | None

    @property
    def amount_field(self):
        """The column of `bizuno.aged.receivable`."""
        return f"amount_{self.key}"

    @property
    def partner_field(self):
        """The figure of the customer."""
        return f"aged_{self.key}"

    def holds(self, days_late):
        return (self.low is None or days_late >= self.low) and (
            self.high is None or days_late <= self.high
        )


BUCKETS = (
    Bucket("current", None, 0),
    Bucket("1_30", 1, 30),
    Bucket("31_60", 31, 60),
    Bucket("61_90", 61, 90),
    Bucket("91_120", 91, 120),
    Bucket("over_120", 121, None),
)
# A payment that is not matched with a document has no age: it stands beside the buckets.
UNAPPLIED = "unapplied"
# What an open item is a part of: one of the buckets, or unapplied.
PARTS = (*(bucket.amount_field for bucket in BUCKETS), UNAPPLIED)
# Which of them add up to an amount; past due is what is not current.
PARTS_OF = {part: (part,) for part in PARTS} | {
    "amount_total": PARTS[:-1],
    "amount_past_due": PARTS[1:-1],
}
# The amounts of a row, in the order of every report's columns.
AMOUNTS = (*(bucket.amount_field for bucket in BUCKETS), "amount_total", UNAPPLIED, "balance")


def part_of(bucket):
    """Which of `PARTS` an item of this bucket adds to.

    >>> part_of("31_60"), part_of("unapplied")
    ('amount_31_60', 'unapplied')
    """
    return UNAPPLIED if bucket == UNAPPLIED else f"amount_{bucket}"


def amounts(*parts):
    """The columns of a report for a customer, from the sums of `PARTS`.

    :return: the values of `AMOUNTS`, not rounded

    >>> amounts(100.0, 200.0, 0.0, 0.0, 0.0, -50.0, 20.0)
    (100.0, 200.0, 0.0, 0.0, 0.0, -50.0, 250.0, 20.0, 230.0)
    """
    buckets, unapplied = parts[:-1], parts[-1]
    total = sum(buckets)
    return (*buckets, total, unapplied, total - unapplied)


def amounts_of(bucket, balance):
    """The columns of a report for one item.

    >>> amounts_of("31_60", 5.0)
    (0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 5.0, 0.0, 5.0)
    >>> amounts_of("unapplied", -5.0)
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0, -5.0)
    """
    if bucket == UNAPPLIED:
        return amounts(*[0.0] * len(BUCKETS), -balance)
    return amounts(
        *[balance if known_bucket.key == bucket else 0.0 for known_bucket in BUCKETS], 0.0
    )


def bucket_of(days):
    """The bucket of an item that is `days` late.

    >>> [bucket_of(days) for days in (-400, 0, 1, 30, 31, 60)]
    ['current', 'current', '1_30', '1_30', '31_60', '31_60']
    >>> [bucket_of(days) for days in (61, 90, 91, 120, 121, 4000)]
    ['61_90', '61_90', '91_120', '91_120', 'over_120', 'over_120']
    """
    return next(bucket.key for bucket in BUCKETS if bucket.holds(days))


def past_due_percent(total, past_due):
    """The past due part of what the buckets hold, in percent.

    >>> past_due_percent(200.0, 50.0)
    25.0

    Where credit notes outweigh the invoices, there is nothing to have a part of.

    >>> past_due_percent(-20.0, 50.0), past_due_percent(0.0, 0.0)
    (0.0, 0.0)
    """
    return 100.0 * past_due / total if total > 0 else 0.0
