from odoo import fields, http
from odoo.addons.account.controllers.portal import PortalAccount
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

from .. import messages


class AccountPortal(PortalAccount):
    """The customer's account on line: what is open, how old it is, and the statement as PDF."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "statement_count" in counters:
            own = self._get_own_account()
            values["statement_count"] = len(self._get_own_blocks()) if own.is_aging_visible else 0
        return values

    @http.route("/my/statement", type="http", auth="user", website=True)
    def my_statement(self, **_ignored):
        """The open items of the customer of whoever asks, and of nobody else."""
        blocks = self._get_own_blocks()
        move_ids = [line["move_id"] for block in blocks for line in block["lines"]]
        moves = request.env["account.move"].browse(move_ids)
        # Odoo's own rules say which documents the person may open; the figures are the account's.
        # Whether one is to be paid asks for its payments, which customers have no right to.
        readable = {move.id: move for move in moves._filtered_access("read").sudo()}
        partner = request.env.user.partner_id
        providers = request.env["payment.provider"].sudo()
        payable = {
            company.id
            for company in {block["company"] for block in blocks}
            if providers._get_compatible_providers(company.id, partner.id, 0.0)
        }
        return request.render(
            "bizuno_crm.portal_my_statement",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "statement",
                "blocks": blocks,
                "moves": readable,
                "payable_company_ids": payable,
                "labels": request.env["bizuno.statement"].sudo()._get_bucket_labels(),
                "today": fields.Date.context_today(request.env.user),
            },
        )

    @http.route("/my/statement/pdf", type="http", auth="user", website=True)
    def my_statement_pdf(self, **_ignored):
        """The same statement as the company's bookkeeper would send today."""
        account = self._get_own_account()
        statement = account.env["bizuno.statement"].create({"partner_ids": [(6, 0, account.ids)]})
        pdf, _type = (
            statement.env["ir.actions.report"]
            ._render_qweb_pdf("bizuno_crm.report_statement_document", statement.ids)
        )  # fmt: skip
        name = f"{statement._get_title()}.pdf"
        return request.make_response(
            pdf,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(pdf)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _get_own_account(self):
        # In sudo, because whoever logs in as a customer has no rights to receivables: it is the
        # account of the own contact, in the companies of the own login, and no argument says else.
        # Who works here has rights of their own; and many may put the own contact below any other.
        user = request.env.user
        companies = user.company_id | user.sudo().company_ids
        return user.partner_id.commercial_partner_id.sudo(user.share).with_context(
            allowed_company_ids=companies.ids, lang=request.env.lang
        )

    def _get_own_blocks(self):
        # Nothing is written: Odoo asks for the number in a transaction that only reads.
        account = self._get_own_account()
        if not account.is_aging_visible:
            raise AccessError(messages.receivables_hidden(request.env, account))
        today = fields.Date.context_today(account)
        blocks = account._get_statements(account.ids, today)[account.id]
        return [block for block in blocks if block["lines"]]
