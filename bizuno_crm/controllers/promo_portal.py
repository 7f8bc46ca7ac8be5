from odoo import http
from odoo.http import request


class PromoPortal(http.Controller):
    """The newsletter, as the contact's own decision."""

    @http.route("/my/newsletter", type="http", auth="user", website=True, methods=["GET", "POST"])
    def my_newsletter(self, **post):
        """Show the choice of the own contact; POST, with `newsletter` or without, makes it."""
        # In sudo: a portal user cannot write contacts. It is the own one, and this field alone.
        partner = request.env.user.partner_id.sudo()
        if request.httprequest.method == "POST":
            if post.get("newsletter"):
                partner._newsletter_opt_in()
            else:
                partner._newsletter_opt_out("portal")
            return request.redirect("/my/newsletter?saved=1")
        return request.render(
            "bizuno_crm.portal_my_newsletter",
            {"partner": partner, "page_name": "newsletter", "saved": post.get("saved")},
        )

    @http.route("/bizuno/promotion/test", type="http", auth="public", website=True, sitemap=False)
    def promotion_test(self):
        """Where the way out of a test message leads: it says what the real one does."""
        return request.render("bizuno_crm.portal_promo_test", {})
