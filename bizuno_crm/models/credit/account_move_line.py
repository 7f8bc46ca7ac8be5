from odoo import api, models
from odoo.exceptions import UserError

from ... import messages
from ..base.given import with_given_defaults


class AccountMoveLine(models.Model):
    # The lines of invoices: a posted one that becomes larger lends more.

    _name = "account.move.line"
    _inherit = ["account.move.line", "bizuno.computed.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        create = super().create
        vals_list = with_given_defaults(self, vals_list, "move_id", "sale_line_ids")
        if not self.env["res.company"]._is_credit_controlled():
            return create(vals_list)
        moves = self.move_id.browse(
            sorted({vals["move_id"] for vals in vals_list if vals.get("move_id")})
        )
        billing = None
        if posted := moves._get_credit_billing():
            links = [vals["sale_line_ids"] for vals in vals_list if vals.get("sale_line_ids")]
            new = self.sudo().concat(*(self.sudo().new({"sale_line_ids": link}) for link in links))
            billing = posted.line_ids.sale_line_ids.order_id | new.sale_line_ids.order_id._origin
        return moves._change_under_credit_control(lambda: create(vals_list), billing=billing)

    def write(self, vals):
        write = super().write
        if not self.env["res.company"]._is_credit_controlled():
            return write(vals)
        if "partner_id" in vals and not vals["partner_id"]:
            self._check_somebody_owes()
        billed = self.env["sale.order.line"]
        if "sale_line_ids" in vals:
            billed = self.sudo().sale_line_ids._get_billed_with_approval()
        moves = self.move_id | self.move_id.browse(vals.get("move_id"))
        return moves._change_under_credit_control(
            lambda: billed._keep_billed_with_approval(lambda: write(vals)),
            billing=self._get_credit_billed_orders(),
        )

    def unlink(self):
        unlink = super().unlink
        if not self.env["res.company"]._is_credit_controlled():
            return unlink()
        return self.move_id._change_under_credit_control(
            unlink, billing=self._get_credit_billed_orders()
        )

    def _check_somebody_owes(self):
        """
        :raise UserError: for an item by which a customer owes an invoice: what nobody owes would be
            counted on nobody's account
        """
        owed = self.sudo().filtered(
            lambda line: (
                line.display_type == "payment_term"
                and line.parent_state == "posted"
                and line.move_id.is_sale_document(include_receipts=True)
            )
        )
        if owed:
            raise UserError(messages.debt_of_nobody(self.env, owed.move_id[0].display_name))

    def _get_credit_billed_orders(self):
        """:return: the orders of which these lines are on posted invoices, as the system"""
        products = self.sudo().filtered(lambda line: line.display_type == "product")
        billing = products.move_id._get_credit_billing()
        return products.filtered(lambda line: line.move_id in billing).sale_line_ids.order_id

    @api.model
    def _get_given_computed(self, vals):
        computed = super()._get_given_computed(vals)
        if computed and (move := self.move_id.browse(vals.get("move_id")).sudo()):
            # Odoo says of an item that rounds cash what its invoice says anyway.
            computed -= {
                name
                for name in ("company_id", "company_currency_id")
                if vals.get(name) == move[name].id
            }
        return computed

    def _is_computed_guarded(self, vals=None):
        move = self.move_id if self else self.move_id.browse(vals.get("move_id"))
        return move.sudo().is_sale_document(include_receipts=True) if self or move else False

    def _sale_create_reinvoice_sale_line(self):
        # What a vendor bill charges on to an order is spent already: it is judged on its invoice.
        create = super()._sale_create_reinvoice_sale_line
        if not self.env["res.company"]._is_credit_controlled():
            return create()

        def charge():
            created = create()
            orders = self.env["sale.order"].concat(*(line.order_id for line in created.values()))
            orders._settle_credit_watch()
            return created

        # So that what it changes is settled here, and not judged on its own before.
        return self.move_id._change_under_credit_control(charge, lends=True)
