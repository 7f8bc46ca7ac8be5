from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import messages
from ..base.withhold import withhold
from .promo_lock import session_lock

# All that may be changed on a mailing whose recipients and message are frozen: how it looks in a
# list, and what is said about it.
FREE_WHEN_FROZEN = {
    "favorite", "favorite_date", "color", "message_main_attachment_id", "message_follower_ids",
    "message_ids", "activity_ids", "website_message_ids", "rating_ids",
}  # fmt: skip


class MailingMailing(models.Model):
    # A mailing that carries one send of a promotion: to the frozen list, never evaluated.

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
        string="Text Only", readonly=True, help="The text is sent exactly as typed."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A mailing on the history of a promotion is made by the promotion alone.

        :raise UserError: by anybody else, whether by a value or by a default of the context
        """
        mailings = super().create(vals_list)
        if not self.env.su:
            mailings._check_not_frozen()
        return mailings

    def write(self, vals):
        """The list has been frozen with these values; the promotion's own code runs in sudo.

        :raise UserError: for anything but what FREE_WHEN_FROZEN names, and for a mailing that would
            become one of a promotion
        """
        if self.env.su or not vals.keys() - FREE_WHEN_FROZEN:
            return super().write(vals)
        self._check_not_frozen()
        result = super().write(vals)
        self._check_not_frozen()
        return result

    def copy(self, default=None):
        """A promotion is copied, not the mailing that carries one of its sends.

        :raise UserError: for a mailing of a promotion
        """
        if not self.env.su:
            self._check_not_frozen()
        return super().copy(default)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promo(self):
        if not self.env.su:
            self._check_not_frozen()

    def _check_not_frozen(self):
        self.check_access("read")  # what is refused is told by its name
        for mailing in self.sudo().filtered("bizuno_promo_history_id"):
            raise UserError(messages.promo_mailing_fixed(self.env, mailing))

    @api.model
    def _process_mass_mailing_queue(self):
        """The promotions in the queue are brought up to date first."""
        self.env["bizuno.promo.history"]._update_queue()
        result = super()._process_mass_mailing_queue()
        self.env["bizuno.promo.history"]._tell_of_failures()
        return result

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
                    ("history_id.mailing_id", "=", self.id),
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
        if not self.env.su:
            promos._check_not_frozen()  # when it is sent is decided on the promotion
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
        if field not in ("subject", "body_html"):
            return dict.fromkeys(res_ids, self[field] or "")
        options = kwargs.get("options") or {}
        return self.env["mail.render.mixin"]._promo_render(
            self.sudo(),
            self[field],
            res_ids,
            as_html=field == "body_html",
            postprocess=options.get("post_process", True),
        )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("is_bizuno_literal",))
