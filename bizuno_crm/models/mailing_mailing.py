from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import messages
from .promo_lock import session_lock

# What the frozen list and the exactly-once ledger rely on.
FIXED_ONCE_FROZEN = {
    "active", "body_arch", "body_html", "subject", "preview", "mailing_domain", "mailing_model_id",
    "mailing_filter_id", "use_exclusion_list", "ab_testing_enabled", "schedule_date",
    "schedule_type", "bizuno_promo_history_id", "is_bizuno_literal",
}  # fmt: skip


class MailingMailing(models.Model):
    """A mailing that carries one send of a promotion: to the frozen list, never evaluated."""

    _inherit = "mailing.mailing"

    bizuno_promo_history_id = fields.Many2one(
        comodel_name="bizuno.promo.history",
        string="Promotion",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="cascade",
    )
    # Copied along: the copy of a promotion's mailing has the text of a rep as well.
    is_bizuno_literal = fields.Boolean(
        string="Text Only", readonly=True, help="The text is mailed as it stands."
    )

    def write(self, vals):
        """The list has been frozen with these values; the promotion's own code runs in sudo."""
        if not self.env.su and FIXED_ONCE_FROZEN & vals.keys():
            for mailing in self.filtered("bizuno_promo_history_id"):
                raise UserError(messages.promo_mailing_fixed(self.env, mailing))
        return super().write(vals)

    @api.model
    def _process_mass_mailing_queue(self):
        """The promotions in the queue are brought up to date first."""
        self.env["bizuno.promo.history"]._update_queue()
        return super()._process_mass_mailing_queue()

    def _get_remaining_recipients(self):
        """What the ledger says: no mail has been made for them yet."""
        if not self.bizuno_promo_history_id:
            return super()._get_remaining_recipients()
        return (
            self.env["bizuno.promo.recipient"]
            .sudo()
            .search(
                [
                    ("history_id", "=", self.bizuno_promo_history_id.id),
                    ("history_id.end_reason", "=", False),
                    ("send_state", "=", "pending"),
                ],
                order="id",
            )
            .ids
        )

    def _get_seen_list(self):
        """The unique index has seen to it; reading all traces once per batch would be quadratic."""
        return set() if self.bizuno_promo_history_id else super()._get_seen_list()

    def _action_send_mail(self, res_ids=None):
        """One session at a time works on a promotion; a second one leaves it to the first."""
        promos = self.filtered("bizuno_promo_history_id")
        if self - promos:
            super(MailingMailing, self - promos)._action_send_mail(res_ids)
        for mailing in promos:
            key = f"bizuno.promo.history,{mailing.bizuno_promo_history_id.id}"
            with session_lock(self.env.cr, key) as free:
                if not free:
                    continue
                super(MailingMailing, mailing)._action_send_mail(res_ids)
            # More than Odoo's limit for sending at once is left to the mail queue: wake it.
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return True

    def action_retry_failed(self):
        """Odoo would delete and remake the mails of a promotion, in doubt or not."""
        promos = self.filtered("bizuno_promo_history_id")
        if promos:
            raise UserError(messages.promo_retry(self.env, promos[0]))
        return super().action_retry_failed()

    def _render_field(self, field, res_ids, *args, **kwargs):
        if not self.is_bizuno_literal:
            return super()._render_field(field, res_ids, *args, **kwargs)
        return self.env["mail.render.mixin"]._promo_render_literally(
            self.mailing_model_real, self[field], res_ids, postprocess=field == "body_html"
        )
