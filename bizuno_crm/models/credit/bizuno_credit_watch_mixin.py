from contextlib import nullcontext

from odoo import models
from odoo.exceptions import MissingError

from ...logic.credit_watch import Watch

# Where the watch of a transaction is kept: with its cursor, out of reach of any context.
_WATCH = "bizuno_crm.credit_watch"


class BizunoCreditWatchMixin(models.AbstractModel):
    """A document that is watched while it is changed: whatever makes it lend more than before, or
    to somebody else, is judged. Whether that is stopped, the credit mixin says."""

    _name = "bizuno.credit.watch.mixin"
    _description = "Document Watched for What It Lends"

    # what the models say

    def _is_credit_lent(self):
        """Whether the document is confirmed or posted, so that it lends."""
        raise NotImplementedError

    def _get_credit_claim(self, company, accepted=False):
        """
        :param bool accepted: what it comes to has been judged, and all of it may be left
        :return: `Claim` of this document, were it confirmed or posted
        """
        raise NotImplementedError

    def _get_credit_volume(self, company):
        """:return: (whose account it is, what of the document is owed, or ordered and left), as far
        as it lends, in the currency of the company, all by the rate of today"""
        raise NotImplementedError

    # doors

    def _change_under_credit_control(
        self, change, made=None, lends=False, accepted=None, billing=None, bills=None
    ):
        """Change documents, and judge by what they come to afterwards all that lend more than
        before, or to somebody else: whatever the change was, and whatever it touched on the way,
        such as a line of another order. A change within another is judged where that one ends.

        What is written under the policy "warn" costs nothing.

        :param change: does it
        :param made: takes what `change` returns and gives the documents that are new by it
        :param bool lends: some documents will lend by it that did not before
        :param accepted: documents that may lend what they come to now
        :param billing: orders that may have more left by it, because these invoices bill less
        :param bills: what bills less, if it is something else than these documents
        :return: what `change` returns
        :raise UserError: naming each document that is stopped, why, and what can be done
        """
        cache = self.env.cr.cache
        outer = cache.get(_WATCH)
        claims = self._get_credit_claims()
        if accepted:
            accepted_claims = accepted._get_credit_claims(accepted=True)
        needs_undo = bool(
            lends
            or billing
            or any(claims[record] for record in self.sudo() - (accepted or self[:0]))
        )
        if outer is not None and (outer.can_undo or not needs_undo):
            outer.add(claims)
            self._watch_credit_billing(outer, billing, bills)
            if accepted:
                outer.settle(accepted_claims)
            result = change()
            if made:
                outer.add(dict.fromkeys(made(result).sudo()))
            return result
        watch = cache[_WATCH] = Watch(can_undo=needs_undo)
        watch.add(claims)
        self._watch_credit_billing(watch, billing, bills)
        if accepted:
            watch.settle(accepted_claims)
        try:
            # Whoever catches the refusal must not find it done.
            with self.env.cr.savepoint() if needs_undo else nullcontext():
                result = change()
                if made:
                    watch.add(dict.fromkeys(made(result).sudo()))
                self._judge_credit_watch(watch)
        finally:
            # A rollback to a savepoint has emptied the cache.
            cache.pop(_WATCH, None)
            if outer is not None:
                cache[_WATCH] = outer
        return result

    def _judge_credit_watch(self, watch):
        for model in dict.fromkeys(record._name for record in watch.before):
            documents = (
                self.env[model]
                .sudo()
                .concat(*(record for record in watch.before if record._name == model))
            )
            try:
                claims = documents._get_credit_claims()
            except MissingError:
                claims = documents.exists()._get_credit_claims()
            grown = [record.id for record in watch.grown(claims)]
            self.env[model].browse(grown)._check_credit(confirmed=True)
        if watch.billed:
            self._judge_credit_billing(watch)

    def _judge_credit_billing(self, watch):
        volumes = {}
        for model in dict.fromkeys(volume._name for volume in watch.volumes):
            documents = (volume for volume in watch.volumes if volume._name == model)
            documents = self.env[model].sudo().concat(*documents).exists()
            volumes |= documents._get_credit_volumes()
        orders = self.env["sale.order"].sudo().concat(*watch.billed).exists()
        # Each line may be rounded when it is billed, and its tax.
        cents = 2 * max(orders.company_id.currency_id.mapped("rounding"), default=0.0)
        regrown = watch.regrown(
            orders._get_credit_claims(), volumes, cents * (1 + len(orders.order_line))
        )
        self.env["sale.order"].browse(record.id for record in regrown)._check_credit(confirmed=True)

    def _watch_credit_billing(self, watch, billing, bills):
        if billing or watch.billed:
            orders = (billing or self.env["sale.order"]).sudo()
            bills = self if bills is None else bills.sudo()
            volumes = {**orders._get_credit_volumes(), **bills._get_credit_volumes()}
            watch.add_billing(orders._get_credit_claims(), volumes)

    def _get_credit_volumes(self):
        return {record: record._get_credit_volume(record.company_id) for record in self.sudo()}

    def _settle_credit_watch(self):
        """What these documents come to now is incurred already: it stops nobody."""
        watch = self.env.cr.cache.get(_WATCH)
        if watch:
            watch.settle(self._get_credit_claims())

    def _get_credit_claims(self, accepted=False):
        """
        :param bool accepted: as if all of them were confirmed or posted, as they were judged
        :return: {document, as the system: its `Claim`, or None if it does not lend, or in a
            company that only warns}
        """
        claims = {}
        for document in self.sudo():
            company = document.company_id
            claims[document] = (
                document._get_credit_claim(company, accepted)
                if (accepted or document._is_credit_lent())
                and company
                and not company._get_credit_policy().is_warning_only
                else None
            )
        return claims
