import json
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ... import messages
from ...logic.promo_states import TO_SEND_AGAIN


class BizunoPromoAudienceMixin(models.AbstractModel):
    """Whom a promotion addresses, and the list of recipients that a send freezes."""

    _name = "bizuno.promo.audience.mixin"
    _description = "Audience of a Promotion"

    distribution = fields.Selection(
        selection=[
            ("newsletter", "Newsletter subscribers"),
            ("all", "All customers and leads"),
            ("filter", "A selection"),
        ],
        required=True,
        default="newsletter",
        tracking=True,
        help="Contacts who unsubscribed are always left out.",
    )
    partner_domain = fields.Char(string="Selection", default="[]")

    @api.constrains("distribution", "partner_domain")
    def _check_partner_domain(self):
        for promo in self:
            if promo.distribution == "filter":
                promo._get_audience_domain()

    def _get_audience_domain(self):
        """Whom the promotion addresses, before anybody is left out."""
        companies = self.company_id._get_companies_of_contacts()
        own_company = Domain("company_id", "in", [False, *companies.ids])
        if self.distribution == "newsletter":
            # Who has said no is on the list as well, with that reason.
            said = Domain("newsletter", "=", True) | Domain("newsletter_date", "!=", False)
            return own_company & said
        if self.distribution == "all":
            # A lead may be a person of a company: somebody has said so.
            accounts = self.env["res.partner"]._get_own_account_domain()
            customers = accounts & Domain("role_customer", "=", True)
            return own_company & (customers | Domain("role_lead", "=", True))
        try:
            domain = Domain(literal_eval(self.partner_domain or "[]"))
            domain.validate(self.env["res.partner"])
        except (ValueError, SyntaxError, TypeError) as problem:
            raise ValidationError(messages.promo_selection_invalid(self.env, self)) from problem
        if domain.is_true():
            # An empty selection would be everybody: employees, vendors and all.
            raise ValidationError(messages.promo_selection_empty(self.env, self))
        return own_company & domain

    def _freeze(self):
        """Write down who gets this send, in one statement. The unique index on promotion and
        address decides, whatever happens at the same time in other sessions.

        :return: the new `bizuno.promo.history`
        """
        # Whoever writes the text at this moment is told so, instead of changing what is sent.
        self.env.execute_query(
            SQL(
                "UPDATE bizuno_promo SET write_date = write_date WHERE id = %s RETURNING id",
                self.id,
            )
        )
        history = self.env["bizuno.promo.history"].sudo().create({
            "promo_id": self.id, "user_id": self.env.uid, "date_scheduled": self.date_send,
        })  # fmt: skip
        # What a stopped send did not serve is free for this one.
        self.sudo().history_ids.filtered("end_reason")._release_unsent()
        # Who sees which contacts is decided by the rules of the user who sends.
        candidates = self.env["bizuno.promo.candidate"]._get_query(self)
        self.env["bizuno.promo.recipient"].flush_model()
        counts = dict(
            self.env.execute_query(
                SQL(
                    """
                WITH candidate AS MATERIALIZED (%(candidates)s),
                taken AS (
                    INSERT INTO bizuno_promo_recipient AS mine (
                           promo_id, history_id, partner_id, email, email_normalized, send_state,
                           message_bounce, create_uid, create_date, write_uid, write_date)
                    SELECT %(promo)s, %(history)s, partner_id, email_normalized, email_normalized,
                           'pending', 0, %(uid)s, now() AT TIME ZONE 'UTC',
                           %(uid)s, now() AT TIME ZONE 'UTC'
                      FROM candidate
                     WHERE reason = 'included'
                     ORDER BY id
                    ON CONFLICT (promo_id, email_normalized) DO UPDATE
                       SET history_id = EXCLUDED.history_id,
                           partner_id = EXCLUDED.partner_id,
                           send_state = 'pending'
                     WHERE mine.send_state = ANY(%(again)s)
                    RETURNING 1)
                SELECT reason, count(*) FROM candidate WHERE reason <> 'included' GROUP BY reason
                 UNION ALL
                SELECT 'included', count(*) FROM taken
                    """,
                    promo=self.id,
                    history=history.id,
                    uid=self.env.uid,
                    again=list(TO_SEND_AGAIN),
                    candidates=candidates,
                )
            )
        )
        taken = counts.pop("included")
        if not taken:
            raise UserError(messages.promo_nobody(self.env, self, self._describe_reasons(counts)))
        self.env["bizuno.promo.recipient"].invalidate_model()
        history.write({"recipient_count": taken, "left_out": json.dumps(counts)})
        # Who is tried again counts here, and no longer where it failed.
        (self.sudo().history_ids - history)._count_recipients()
        return history

    def _describe_reasons(self, counts):
        """:param dict counts: {reason: number}; :return: [(label, number)], most first"""
        field = self.env["bizuno.promo.candidate"]._fields["reason"]
        labels = dict(field._description_selection(self.env))
        return [
            (labels[reason], count)
            for reason, count in sorted(counts.items(), key=lambda item: -item[1])
        ]
