from odoo import api, fields, models
from odoo.tools import SQL

from ...logic.promo_states import TO_SEND_AGAIN


class BizunoPromoCandidate(models.Model):
    """Everybody whom a promotion addresses, with the verdict: included, or left out and why.

    The list shown before sending and the list frozen by sending are this one query. The promotion
    comes in the context (`bizuno_promo_id`); without one there are no rows.
    """

    _name = "bizuno.promo.candidate"
    _description = "Promotion Candidate"
    _auto = False
    _order = "reason, id"

    partner_id = fields.Many2one(comodel_name="res.partner", string="Contact", readonly=True)
    email = fields.Char(string="Address", readonly=True)
    email_normalized = fields.Char(string="Sent To", readonly=True)
    has_several = fields.Boolean(
        string="Several Addresses",
        readonly=True,
        help="The contact's e-mail field has more than one address: only the first one gets it.",
    )
    reason = fields.Selection(
        selection=[
            ("included", "Gets it"),
            ("no_address", "No e-mail address"),
            ("invalid", "Invalid e-mail address"),
            ("opted_out", "Opted out"),
            ("blacklisted", "Blacklisted"),
            ("bounced", "Bounced: the mail server refuses the address"),
            ("duplicate", "Same address as another recipient"),
            ("archived", "Archived"),
            ("already", "Already had it"),
        ],
        string="Result",
        readonly=True,
        group_expand="_group_expand_reason",
    )

    @api.model
    def _group_expand_reason(self, reasons, domain):
        """Those who get it first; the reasons that nobody has are not shown."""
        return [key for key, _label in self._fields["reason"].selection if key in reasons]

    @property
    def _table_query(self):
        promo_id = self.env.context.get("bizuno_promo_id")
        promo = self.env["bizuno.promo"].browse(promo_id if type(promo_id) is int else ()).exists()
        if not promo:
            return SQL(
                "SELECT NULL::int AS id, NULL::int AS partner_id, NULL::varchar AS email,"
                " NULL::varchar AS email_normalized, NULL::boolean AS has_several,"
                " NULL::varchar AS reason WHERE FALSE"
            )
        promo.check_access("read")
        return self._get_query(promo)

    @api.model
    def _get_query(self, promo):
        """:return: the query over the contacts that this user may see"""
        # A selection may ask for values that each company has its own of.
        partners = (
            self.env["res.partner"].with_company(promo.company_id).with_context(active_test=False)
        )
        partners.flush_model([
            "email", "email_normalized", "active", "newsletter", "newsletter_date", "parent_id",
        ])  # fmt: skip
        self.env["mail.blacklist"].flush_model(["email", "active"])
        self.env["bizuno.promo.recipient"].flush_model(["email_normalized", "send_state"])
        audience = partners._search(promo._get_audience_domain())
        return SQL(
            """
            WITH audience AS (
                SELECT p.id, p.email, p.email_normalized, p.active, p.newsletter, p.parent_id
                  FROM res_partner AS p WHERE p.id IN (%(audience)s)),
            -- An address on several contacts has made the choice it made last.
            choice AS (
                SELECT DISTINCT ON (email_normalized) email_normalized, newsletter
                  FROM res_partner
                 WHERE newsletter_date IS NOT NULL AND email_normalized IS NOT NULL
                 ORDER BY email_normalized, newsletter_date DESC, newsletter NULLS FIRST, id),
            judged AS (
                SELECT a.*,
                       CASE WHEN NOT a.active THEN 'archived'
                            WHEN btrim(COALESCE(a.email, '')) = '' THEN 'no_address'
                            WHEN btrim(COALESCE(a.email_normalized, '')) = '' THEN 'invalid'
                            WHEN b.id IS NOT NULL THEN 'blacklisted'
                            WHEN c.email_normalized IS NOT NULL AND c.newsletter IS NOT TRUE
                                 THEN 'opted_out'
                            WHEN %(subscribers)s AND a.newsletter IS NOT TRUE THEN 'opted_out'
                            WHEN r.send_state = 'bounced' THEN 'bounced'
                            WHEN r.id IS NOT NULL THEN 'already'
                       END AS reason
                  FROM audience AS a
                  LEFT JOIN mail_blacklist AS b ON b.email = a.email_normalized AND b.active
                  LEFT JOIN choice AS c ON c.email_normalized = a.email_normalized
                  LEFT JOIN bizuno_promo_recipient AS r
                         ON r.promo_id = %(promo)s AND r.email_normalized = a.email_normalized
                        AND r.send_state <> ALL(%(again)s)),
            ranked AS (
                SELECT *, row_number() OVER (
                           PARTITION BY email_normalized, reason IS NULL
                           ORDER BY newsletter DESC NULLS LAST, parent_id IS NOT NULL, id) AS place
                  FROM judged)
            SELECT id, id AS partner_id, email, email_normalized,
                   regexp_replace(email, '"[^"]*"', '', 'g') ~ '@.*@' AS has_several,
                   COALESCE(reason, CASE WHEN place > 1 THEN 'duplicate' ELSE 'included' END)
                       AS reason
              FROM ranked
            """,
            audience=audience.select(SQL.identifier(audience.table, "id")),
            promo=promo.id,
            subscribers=promo.distribution == "newsletter",
            again=list(TO_SEND_AGAIN),
        )
