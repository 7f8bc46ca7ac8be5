import json

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common_promo import PromoCommon
from .common_texts import EVIL

# The page shows the text as it was typed; nothing of it has come alive.
CHECK = """
(async () => {
    const shown = () =>
        %(where)s.every((where) =>
            [...document.querySelectorAll(where)].some((node) =>
                `${node.innerText} ${node.value}`.includes("<script>window.evil=1</script>")));
    for (let tries = 0; tries < 300 && !shown(); tries++) {
        await new Promise((done) => setTimeout(done, 100));
    }
    if (!shown()) {
        throw new Error("The text is not shown: " + document.body.innerText.slice(0, 2000));
    }
    await new Promise((done) => setTimeout(done, 500));
    const alive = document.querySelector("img[src='x'], [onerror*=evil], [t-out]");
    if (window.evil || alive || document.body.innerText.includes("1337")) {
        throw new Error("It is alive: " + (alive ? alive.outerHTML : document.body.innerText));
    }
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestTextsBrowser(PromoCommon, HttpCase):
    """In a real browser, where a script would run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]
        cls.evil = cls._create_customer(EVIL, user_id=cls.rep.id)
        product = cls.env["product.product"].create({"name": "Pump"})
        # A new customer is one with a first sale.
        cls.env["sale.order"].create({
            "partner_id": cls.evil.id, "user_id": cls.rep.id,
            "order_line": [Command.create({"product_id": product.id})],
        }).action_confirm()  # fmt: skip
        cls.evil.with_user(cls.rep).log_contact_action("ret", EVIL)
        cls.env["bizuno.reminder"].with_user(cls.rep).create(
            {"name": EVIL, "partner_id": cls.evil.id}
        )
        cls.project = cls.env["bizuno.project"].with_user(cls.rep).create(
            {"name": EVIL, "partner_id": cls.evil.id, "notes": EVIL}
        )  # fmt: skip

    def _check(self, path, *where, login="bizuno_rep"):
        self.browser_js(path, CHECK % {"where": json.dumps(where)}, login=login, timeout=90)

    def test_the_dashboard(self):
        self._check(
            "/odoo/bizuno-crm",
            *(f"[data-card={card}]" for card in ("reminders", "customers", "log")),
        )

    def test_the_kanban_of_projects(self):
        self._check("/odoo/bizuno-projects", ".o_kanban_record")

    def test_a_contact_and_its_chatter(self):
        self._check(f"/odoo/bizuno-customers/{self.evil.id}", ".o-mail-Chatter")

    def test_a_promotion(self):
        promo = self._create_promo(name=EVIL, subject=EVIL, body_html="<p>Hello</p>")
        self._check(
            f"/odoo/bizuno-promotions/{promo.id}",
            ".o_field_widget[name=name] textarea, .o_field_widget[name=name] input",
            login=self.sender.login,
        )
