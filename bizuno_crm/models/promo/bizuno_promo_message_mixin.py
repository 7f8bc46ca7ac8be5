from smtplib import SMTPException

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, exception_to_unicode, html2plaintext, is_html_empty
from odoo.tools.mail import html_to_inner_content

from ... import messages
from ...logic.promo_body import FOOTER_CLASS, one_line, with_footer, without_directives
from ...logic.promo_fields import fill_text, find_unknown, join_html, split_html


class BizunoPromoMessageMixin(models.AbstractModel):
    """What a promotion says: its text, how it looks to a recipient, and the test of it."""

    _name = "bizuno.promo.message.mixin"
    _description = "Message of a Promotion"

    subject = fields.Char(help="Fields work here, too: {name}, {company}, {id} …")
    email_from = fields.Char(
        string="From", required=True, default=lambda self: self.env.user.email_formatted
    )
    body_html = fields.Html(string="Message", sanitize="email_outgoing")
    subject_preview = fields.Char(compute="_compute_body_preview")
    unknown_fields = fields.Char(
        compute="_compute_unknown_fields", help="Text that looks like a field but is not one."
    )
    body_preview = fields.Html(
        string="Preview", compute="_compute_body_preview", sanitize="email_outgoing"
    )

    @api.depends("subject", "body_html", "company_id")
    @api.depends_context("lang", "uid")
    def _compute_body_preview(self):
        for promo in self:
            promo.subject_preview, promo.body_preview = promo._get_sample()

    @api.depends("subject", "body_html")
    def _compute_unknown_fields(self):
        for promo in self:
            unknown = find_unknown(
                f"{promo.subject or ''} {html_to_inner_content(promo.body_html)}"
            )
            promo.unknown_fields = ", ".join(f"{{{name}}}" for name in unknown)

    @api.constrains("email_from")
    def _check_email_from(self):
        for promo in self:
            if not email_normalize(promo.email_from or ""):
                raise ValidationError(messages.promo_sender_invalid(self.env, promo))

    def action_send_test(self):
        """Send the message to the user's own address, which is no recipient of the promotion.

        :raise UserError: when the user has no address, or the server refused the message
        """
        self.ensure_one()
        self._check_may_send()
        self._check_message()
        address = self.env.user.email_formatted
        if not email_normalize(address or ""):
            raise UserError(messages.promo_no_own_address(self.env))
        subject, body = self._get_sample()
        body = self.env["mail.render.mixin"]._replace_local_links(body)
        server = self.env["ir.mail_server"].sudo()
        try:
            server.send_email(
                server._build_email__(
                    email_from=self.email_from,
                    email_to=[address],
                    reply_to=self.email_from,
                    subject=self.env._("[TEST] %(subject)s", subject=subject),
                    body=body,
                    body_alternative=html2plaintext(body),
                    subtype="html",
                    subtype_alternative="plain",
                )
            )
        except (MailDeliveryException, SMTPException, OSError, AssertionError) as problem:
            # an assertion is Odoo's, about the sender; what else is no refusal is the connection
            kinds = {AssertionError: "mail_from_invalid", MailDeliveryException: "unknown"}
            reason = exception_to_unicode(problem) or repr(problem)
            raise UserError(
                messages.promo_test_failed(self.env, address, kinds.get(type(problem)), reason)
            ) from problem
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("A test has been sent to %(address)s.", address=address),
            },
        }

    def action_preview(self):
        """The message as a recipient gets it, in a window."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_promo_action_preview"
        )
        return {**action, "res_id": self.id}

    @api.model
    def _with_headers_of_one_line(self, vals):
        # What is no text is refused by the field itself.
        names = [name for name in ("subject", "email_from") if isinstance(vals.get(name), str)]
        return {**vals, **{name: one_line(vals[name]) for name in names}}

    def _check_message(self):
        if not (self.subject or "").strip() or is_html_empty(self.body_html):
            raise UserError(messages.promo_message_missing(self.env, self))

    def _get_body(self):
        """The message as it is frozen: nothing to evaluate, and always a way out. Each recipient
        gets it with the fields filled in, and with the footer in their own language."""
        return Markup(without_directives(self.body_html or "")) + self._get_footer()

    def _get_footer(self, lang=None, link="/unsubscribe_from_list", link_text=None):
        """Who writes, from where, and the way out. Odoo puts the recipient's own link in the place
        of /unsubscribe_from_list."""
        promo = self.with_context(lang=lang) if lang else self
        company = promo.company_id.sudo()
        address = company.partner_id._display_address(without_company=True)
        return Markup(
            '<p class="%s" style="font-size:12px;color:#666666;text-align:center;margin-top:24px">'
            '%s<br/>%s<br/><a href="%s">%s</a></p>'
        ) % (
            FOOTER_CLASS,
            promo.env._("You received this message from %(company)s.", company=company.name),
            ", ".join(line.strip() for line in address.splitlines() if line.strip()),
            link,
            link_text or promo.env._("Unsubscribe"),
        )

    def _get_sample(self):
        """:return: subject and message as the user would get them, were they a recipient; the way
        out says that it is a test"""
        footer = self._get_footer(
            link="/bizuno/promotion/test",
            link_text=self.env._("Unsubscribe (this is a test: the link unsubscribes nobody)"),
        )
        body = with_footer(without_directives(self.body_html or ""), footer)
        values = self.env.user.partner_id._promo_field_values(self.env.user.email)
        return (
            one_line(fill_text(self.subject, values)),
            Markup(join_html(split_html(body), values)),
        )
