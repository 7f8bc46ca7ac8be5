"""`dev.py shop`: customers buy in a web shop and pay, under each credit policy.

A portal customer (or a guest) puts a product into the cart, checks out and pays with Odoo's demo
provider or by wire transfer, in a browser. No page may show a refusal, the credit limit or an
error. Then the orders are looked at, and the sales rep tries to confirm those that wait.

`dev.py click-all together` does the same beside all the other apps. Pictures of what a customer on
hold sees are in .local/shots.
"""

import re

from playwright import sync_api

from devkit import console, databases, paths
from devkit.commands import run
from devkit.inside import fill, filters, shop
from devkit.odoo_cli import Odoo

APPS = ("payment_custom", "payment_demo", "website_sale")
# policy: (login, product, way to pay)
PURCHASES = {
    "block": (
        ("held", "paid", "demo"),
        ("free", "free", None),
        ("prepaying", "paid", "demo"),
        ("waiting", "paid", "wire_transfer"),
        ("good", "paid", "demo"),
        ("guest", "paid", "demo"),
    ),
    "approval": (("asking", "paid", "wire_transfer"),),
}
SECRETS = re.compile(rf"credit|{shop.LIMIT}|{shop.REASON}|Traceback|error|Oops", re.IGNORECASE)
CONFIRMED = re.compile(r"order.{0,60}has been confirmed|Sales Order", re.IGNORECASE)
GUEST = {
    "name": "Gil Guest", "email": "gil@example.com", "phone": "+32 470 12 34 56",
    "street": "2 Quay", "city": "Ghent", "zip": "9000",
}  # fmt: skip
CART = "document.querySelector('.my_cart_quantity')?.textContent.trim()"
CONFIRMATION = "[name=order_confirmation]"  # has no size
WIDTHS = (400, 1400)


def main(arguments):
    odoo = Odoo()
    name = paths.database_name("shop")
    databases.with_addon(odoo, name, extra=APPS)
    odoo.inside(name, fill.company_with_addon)
    odoo.inside(name, filters.prepare_users)
    problems = play(odoo, name)
    for problem in problems:
        print(problem)
    odoo.server.drop(name)
    return 1 if problems else 0


def play(odoo, name):
    """Buy and pay on a database with the addon, APPS and the users of `filters.prepare_users`.

    :return: what went wrong, as texts
    """
    products = odoo.inside(name, shop.prepare)
    with run.visit(odoo, name) as (browser, problems):
        for policy in shop.POLICIES:
            bought = {}
            for login, product, way in PURCHASES[policy]:
                purchase = Purchase(browser, login)
                bought[login] = purchase.buy(products[product], way)
                problems += [f"{login}: {text}" for text in purchase.problems]
            problems += odoo.inside(name, shop.check, policy=policy, bought=bought)
    count = sum(map(len, PURCHASES.values()))
    console.say(f"{count} purchases in the shop, {len(problems)} problems")
    return problems


class Purchase:
    """One visit of a customer to the shop."""

    def __init__(self, browser, login):
        self.browser = browser
        self.login = login
        self.problems = []

    def buy(self, path, way):
        """:return: the id of the order"""
        if self.login == "guest":
            self.browser.log_out()
        else:
            self.browser.log_in(self.login)
        self.browser.resize(WIDTHS[-1])
        self._fill_cart(path)
        self._open("/shop/cart")
        self._press("a[name=website_sale_main_button]")
        if self.login == "guest":
            self._give_address()
        self._pay(way)
        self._page("/shop/confirmation", CONFIRMATION, way)
        number = int(self._find(CONFIRMATION, "attached").get_attribute("data-order-id"))
        if self.login != "guest":
            self._page(f"/my/orders/{number}", ".o_portal_sale_sidebar", way)
        self._check_cart(path)
        self.problems += self.browser.problems
        self.problems += [text for kind, text in self.browser.messages if kind == "error"]
        self.browser.problems.clear()
        self.browser.messages.clear()
        return number

    def _fill_cart(self, path):
        self._open(path)
        self._press("#add_to_cart")
        self.browser.wait(f"{CART} == '1'", "a product in the cart")

    def _check_cart(self, path):
        """It is empty after the purchase, and can be filled again."""
        self._open("/shop/cart")
        if (found := self.browser.page.evaluate(CART)) != "0":
            self.problems.append(f"{found} products are in the cart after the purchase")
        self._fill_cart(path)

    def _give_address(self):
        form = self._find("form.address_autoformat")
        for name, value in GUEST.items():
            form.locator(f"[name={name}]").fill(value)
        form.locator("[name=country_id]").select_option(label="Belgium")
        self._press("a[name=website_sale_main_button]")

    def _pay(self, way):
        if way:
            radio = f"input[name=o_payment_radio][data-payment-method-code={way}]"
            self._find(radio).check(force=True)  # its label lies above it
            self._press("button[name=o_payment_submit_button]:not([disabled])")
        else:
            self._press("form[action*='/shop/payment/validate'] button")
        self._find(CONFIRMATION, "attached")

    def _page(self, path, wait_for, way):
        """Look at a page as the customer; keep pictures of it for who is on hold."""
        for width in WIDTHS:
            self.browser.resize(width)
            self._open(path, wait_for)
            if self.login in shop.HELD:
                self._picture(f"{path.split('/')[2]}-{width}")
        text = " ".join(self.browser.page.inner_text("body").split())
        waits = self.login in shop.HELD or way == "wire_transfer"
        for pattern in (SECRETS, *([CONFIRMED] if waits else [])):
            if found := pattern.search(text):
                self.problems.append(f"{path} says: …{text[max(found.start() - 80, 0) :][:200]}…")
        wanted = "Thank you for your order." if "/shop/" in path else ""
        if self.login == "held" and "/my/" in path:
            wanted = (
                "Your order will be confirmed as soon as our accounting department releases it."
            )
        if wanted not in text:
            self.problems.append(f"{path} does not say “{wanted}”, but: {text[:300]}…")

    def _picture(self, what):
        path = paths.LOCAL / "shots" / f"shop-{self.login}-{what}.png"
        self.browser.page.screenshot(path=path)

    def _open(self, path, wait_for="#wrap"):
        self.browser.open(path, f"body[is-ready=true] {wait_for}")

    def _press(self, selector):
        self._find(selector).click()

    def _find(self, selector, state="visible"):
        """:return: what is there, once the page's own code is"""
        found = self.browser.page.locator(f"body[is-ready=true] {selector}")
        found = (found.locator("visible=true") if state == "visible" else found).first
        try:
            found.wait_for(state=state, timeout=60_000)
        except sync_api.TimeoutError:
            self._picture("stopped")
            raise
        return found
