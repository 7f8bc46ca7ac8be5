"""Somebody at the browser: acts with mouse, touch and keys, and looks at what comes of it."""

import contextlib
import re
import statistics
import time
from dataclasses import replace
from pathlib import Path

import polib
from axe_playwright_python.sync_playwright import Axe
from devkit import paths
from devkit.browser import HEIGHT, PHONE
from devkit.odoo_cli import unexpected
from playwright.sync_api import Error, TimeoutError

from .effort import Meter

HERE = Path(__file__).resolve().parent
LOOK, TEXTS, OURS = (
    # one expression each: without the comment before it and the semicolon after it
    (HERE / f"{name}.js").read_text().split("*/", 1)[1].rstrip("\n;")
    for name in ("look", "texts", "ours")
)
# A wait may be so many times as long as opening the page of a country, Odoo's own and nearly
# empty, takes in the same minute; and longer where it says so, as for printing. While the machine
# is busy with other things, so many times the work of Odoo, database and browser is what counts,
# and half as much again, because processors that are shared work more slowly.
BUDGET = 8
LIST = 16  # 80 rows of ten columns
SHARED = 1.5
# On a machine that opens an empty page at once, some multiple of that is nothing that anybody waits
# for: so much it is taken to have needed.
AT_ONCE = 0.25  # seconds
OPENINGS = 3  # of the empty page; the one in the middle is the ruler
PATIENCE = 60  # seconds until a wait is given up
# {language: whose pages are opened first}
READERS = {
    "en_US": "bookkeeper", "de_DE": "buchhalterin", "fr_FR": "comptable", "es_ES": "contable",
}  # fmt: skip
QUIET = 0.2  # seconds without a request: the page is there
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "resultTypes": ["violations"],
}
ANSWERED = {"fetch", "xhr", "document"}
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Mobile Safari/537.36"
)
AT_HOME = ".o_main_navbar, .o_portal_my_home"
PAGE = """() => [
    location.pathname.replace(/[0-9]+/g, ""),
    document.querySelector(".modal .modal-title")?.innerText || "",
    ...[...document.querySelectorAll(".o_notebook .nav-link.active")].map((tab) => tab.innerText),
]"""
REFUSAL = re.compile(r" WARNING \S+ odoo\.http: ")
SEVERE = {"serious", "critical"}
# Words that German, French and Spanish texts do not have.
ENGLISH = re.compile(r"\b(the|and|with|of|for|this|your|are|have|not yet|by|from)\b")


class Fault(Exception):
    """What the person met; ends the journey."""


class Person:
    """A user with a browser window of one width. Use `step` around what he does."""

    def __init__(self, stage, login, width=1400, lang="en_US"):
        self.stage, self.login, self.width, self.lang = stage, login, width, lang
        self.is_phone = width < PHONE
        self.steps = []  # (title, seconds, budget)
        self._meter, self._waits = None, []  # each Effort, from an act until all was answered
        self._is_in = self._has_loaded = False
        self._console = []
        self._pending = set()
        self._context = stage.chromium.new_context(
            viewport={"width": width, "height": HEIGHT},
            is_mobile=self.is_phone,
            has_touch=self.is_phone,
            user_agent=ANDROID if self.is_phone else None,
            locale=lang.replace("_", "-"),
            accept_downloads=True,
        )
        self.page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE * 1_000)
        self.page.on("console", self._hear)
        self.page.on("dialog", lambda dialog: dialog.accept())  # leave this page?
        self.page.on("pageerror", lambda error: self._console.append(error.stack or str(error)))
        self.page.on("request", self._request)
        self.page.on("requestfinished", self._answered)
        self.page.on("requestfailed", self._answered)
        self.page.on("domcontentloaded", self._loaded)

    def close(self):
        self._context.close()

    # --- steps ----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def step(self, title, budget=BUDGET, refused=False):
        """What is done inside is one step: it must work, be quick, and leave a page to be proud of.

        :param budget: how many times the opening of an empty page each wait in it may take; None:
            not timed
        :param refused: Odoo's dialog that says no is what the step is for
        """
        self._meter, self._waits, self._has_loaded = Meter(self.stage.database), [], False
        try:
            yield
            self.settle()
        except (Error, TimeoutError) as error:
            self._picture(title)
            said = "; ".join([*self._faults(), *self._console])
            text = str(error).splitlines()[0]
            raise Fault(f"{title}: {text}{' | ' + said if said else ''}") from error
        except Fault as fault:
            self._picture(title)
            said = "; ".join([*self._faults(), *self._console])
            raise Fault(f"{title}: {fault}{' | ' + said if said else ''}") from fault
        waits, self._meter = self._waits, None
        longest = max(waits, key=lambda effort: effort.seconds)
        self.steps.append((title, longest.seconds, budget))
        problems = self.look(refused)
        if budget:
            problems += self.stage.judge(longest, budget)
        if problems:
            self._picture(title)
            self.stage.problems += [f"{title}: {problem}" for problem in problems]

    def look(self, refused=False):
        """:return: what is wrong with the page as it is shown, as texts"""
        problems = self._faults()
        if refused:
            problems = [text for text in problems if not text.startswith("an error dialog")]
        problems += self._console
        self._console.clear()
        trouble = self.stage.log_trouble()
        if refused:
            # Odoo logs each sentence that it shows in such a dialog.
            trouble = [text for text in trouble if not REFUSAL.search(text)]
        problems += trouble
        problems += self._axe()
        if self.lang != "en_US":
            problems += self._english()
        return problems

    def settle(self):
        """Wait until the server has answered everything."""
        end = time.monotonic() + PATIENCE
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < QUIET:
            self.page.wait_for_timeout(40)
            if self._pending:
                quiet_since = time.monotonic()
            if time.monotonic() > end:
                raise Fault(
                    f"the server does not answer: {[request.url for request in self._pending]}"
                )
        if self._meter:
            effort = replace(self._meter.read().without(QUIET), is_load=self._has_loaded)
            self._waits.append(effort)
            self._meter, self._has_loaded = Meter(self.stage.database), False

    # --- verbs ----------------------------------------------------------------------------------

    def log_in(self):
        """Type login and password, as everybody does once a day; later the day begins anew. A
        customer comes to his page in the portal."""
        if self._is_in:
            self.page.goto(f"{self.stage.url}/odoo")
            self.page.wait_for_selector(AT_HOME)
            self.settle()
            return self
        self.page.goto(f"{self.stage.url}/web/login")
        self.page.fill("input[name=login]", self.login)
        self.page.fill("input[name=password]", self.login)
        self._press_on(self.page.locator("button[type=submit]").first)
        self.page.wait_for_selector(AT_HOME)
        self.settle()
        self._console.clear()
        self._is_in = True
        return self

    def open_app(self, name="Bizuno CRM"):
        if self.is_phone:
            self._press_on(self.page.locator(".o_menu_toggle"))
            sidebar = self.page.locator(".o_app_menu_sidebar")
            self._press_on(sidebar.locator(".o_sidebar_topbar a.btn"))
            self._press_on(sidebar.locator(".o_app").get_by_text(name, exact=True).first)
        else:
            self._press_on(self.page.locator(".o_navbar_apps_menu button"))
            self._press_on(self.page.locator(".o_app").get_by_text(name, exact=True).first)
        self.settle()
        return self

    def open_menu(self, *names):
        """Choose an entry of the app's menu, for example ("Receivables", "On Hold")."""
        if self.is_phone:
            self._press_on(self.page.locator(".o_menu_toggle"))
            sidebar = self.page.locator(".o_app_menu_sidebar")
            self._press_on(sidebar.get_by_text(names[-1], exact=True).first)
        else:
            sections = self.page.locator(".o_menu_sections")
            self._press_on(sections.get_by_text(names[0], exact=True).first)
            for name in names[1:]:
                dropdown = self.page.locator(".o-dropdown--menu")
                self._press_on(dropdown.get_by_text(name, exact=True).first)
        self.settle()

    def click(self, text, within=None, nth=0):
        """Press what bears this text: a button, a link, a tab, a choice, a row."""
        self._press_on(self.find(text, within).nth(nth))
        self.settle()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def click_on(self, selector, nth=0):
        """Press what has no text of its own, such as the gear."""
        self._press_on(self.page.locator(f"{selector} >> visible=true").nth(nth))
        self.settle()

    def fill(self, label, text):
        """Type into the field that is called so, or whose placeholder it is."""
        box = self.field(label)
        self._press_on(box)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, label, text, option=None):
        """Type into a field that offers a list, and take what it offers."""
        self.fill(label, text)
        offered = self.page.locator(".o-autocomplete--dropdown-menu, .dropdown-menu.show")
        self._press_on(offered.get_by_text(option or text).first)
        self.settle()

    def search(self, text):
        if self.is_phone and not self.page.locator(".o_searchview_input >> visible=true").count():
            self._press_on(
                self.page.locator(".o_control_panel button:has(.fa-search) >> visible=true").first
            )
        box = self.page.locator(".o_searchview_input >> visible=true").first
        self._press_on(box)
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.settle()

    def filter_by(self, text):
        """Choose a filter of the search box."""
        self.click_on(".o_searchview_dropdown_toggler")
        self.click(text, within=".o_filter_menu")
        self.press("Escape")

    def tab(self, text):
        self._press_on(self.page.locator(".o_notebook .nav-link").get_by_text(text, exact=True))
        self.settle()

    def save(self):
        self.press("Alt+s")

    def download(self, text, within=None):
        """:return: the path of the file that pressing this brings"""
        with self.page.expect_download(timeout=PATIENCE * 1000) as caught:
            self._press_on(self.find(text, within).first)
        return caught.value.path()

    def upload(self, path):
        """Give the page a file, as the dialog of the operating system does."""
        self.page.locator("input[type=file]").first.set_input_files(path)
        self.settle()

    # --- eyes -----------------------------------------------------------------------------------

    def see(self, text, within="body"):
        """Wait until the text stands on the page."""
        pattern = text if isinstance(text, re.Pattern) else re.compile(re.escape(text))
        shown = self.page.locator(within).get_by_text(pattern).locator("visible=true")
        boxes = self.page.locator(f"{within} :is(input, textarea)").locator("visible=true")
        self._await(
            lambda: shown.count() or any(pattern.search(box.input_value()) for box in boxes.all()),
            f"“{pattern.pattern}” is nowhere to be seen",
        )

    def see_not(self, text, within="body"):
        shown = self.page.locator(within).get_by_text(text).locator("visible=true")
        if shown.count():
            raise Fault(f"“{text}” is there: {shown.first.inner_text()[:200]}")

    def find(self, text, within=None):
        """:return: what bears the text, in the topmost of menu, dialog and page that has it"""
        return self._await(
            lambda: self._shown(
                wanted
                for scope in ([within] if within else [".o-dropdown--menu", ".modal", "body"])
                for wanted in self._wanted(self.page.locator(scope).last, text)
            ),
            f"“{text}” is nowhere to be pressed",
        )

    def field(self, label):
        pattern = re.compile(rf"^\s*{re.escape(label)}\s*\??\s*$")
        places = [self.page.locator(scope).last for scope in (".modal", "body")]
        return self._await(
            lambda: self._shown(
                wanted
                for place in places
                for wanted in (place.get_by_label(pattern), place.get_by_placeholder(label))
            ),
            f"There is no field “{label}”",
        ).first

    # --- inside ---------------------------------------------------------------------------------

    def _await(self, look, otherwise):
        """:return: what `look` finds, asked until it finds something"""
        end = time.monotonic() + PATIENCE / 2
        while time.monotonic() < end:
            if found := look():
                return found
            self.page.wait_for_timeout(100)
        raise Fault(otherwise)

    @staticmethod
    def _shown(locators):
        """:return: the first of them that is there and visible, or None"""
        visible = (locator.locator("visible=true") for locator in locators)
        return next((locator for locator in visible if locator.count()), None)

    @staticmethod
    def _wanted(place, text):
        if isinstance(text, re.Pattern):
            yield place.get_by_text(text)
            return
        for role in ("button", "menuitem", "tab", "link", "option", "radio"):
            yield place.get_by_role(role, name=text, exact=True)
        yield place.get_by_text(text, exact=True)
        yield place.get_by_title(text, exact=True)

    def _press_on(self, locator):
        if self.is_phone:
            locator.tap(timeout=PATIENCE * 500, no_wait_after=True)
        else:
            locator.click(timeout=PATIENCE * 500, no_wait_after=True)

    def _hear(self, said):
        if said.type == "error":
            self._console.append(f"console: {said.text}")

    def _request(self, request):
        # The bus stays open as long as the page.
        if request.resource_type in ANSWERED and "/bus/" not in request.url:
            self._pending.add(request)

    def _loaded(self, _page):
        self._has_loaded = True

    def _answered(self, request):
        self._pending.discard(request)

    def _faults(self):
        return self.page.evaluate(LOOK, {"names": self.stage.names})

    def _axe(self):
        """The same page is looked at once: that takes seconds."""
        page = self.page.evaluate(PAGE) + [self.width]
        if page in self.stage.looked_at:
            return []
        self.stage.looked_at.append(page)
        # What a dialog covers is grey.
        context = ".modal" if self.page.locator(".modal").count() else None
        found = Axe().run(self.page, context=context, options=AXE).response["violations"]
        nodes = [
            (rule, node)
            for rule in found
            if rule["impact"] in SEVERE
            for node in rule["nodes"]
            if isinstance(node["target"][-1], str)
        ]
        ours = self.page.evaluate(
            OURS,
            {
                "selectors": [node["target"][-1] for _rule, node in nodes],
                "names": self.stage.names,
            },
        )
        return [
            f"axe: {rule['id']} ({rule['impact']}): {node['html'][:160]}"
            for (rule, node), is_ours in zip(nodes, ours, strict=True)
            if is_ours
        ]

    def _english(self):
        english = self.stage.english_texts(self.lang)
        return [
            f"English: “{text[:120]}”"
            for text in self.page.evaluate(TEXTS)
            if text in english or ENGLISH.search(text)
        ]

    def _picture(self, title):
        name = re.sub(r"\W+", "-", f"{self.stage.journey}-{title}").strip("-")[:90]
        with contextlib.suppress(Error):
            self.page.screenshot(path=paths.LOCAL / "journeys" / f"{name}.png")


class Stage:
    """Where the journeys are played: a server, a browser, and what they have found."""

    def __init__(self, chromium, url, database, log, names, readers=READERS):
        self.chromium, self.url, self.database, self.names = chromium, url, database, names
        self._english = {}
        self._readers, self._warm = readers, set()
        self.problems, self.remarks = [], []
        self.looked_at = []  # pages that axe has seen
        self.journey = ""
        self.people = {}
        self.empty_page = None  # (seconds, seconds of work)
        self._ruler = None
        self._log, self._read = log, log.stat().st_size

    def person(self, login, **options):
        """:return: a Person, whose window stays open for other journeys"""
        self.warm_up(options.get("lang", "en_US"))
        key = (login, *options.items())
        if key not in self.people:
            self.people[key] = Person(self, login, **options)
        return self.people[key]

    def warm_up(self, lang):
        """Open the first pages in a language, so that no journey pays for what a running server
        does once: Odoo makes the files of its pages when they are asked for the first time, and
        reads views, rights and translations when it has been started."""
        login = self._readers.get(lang)
        if not login or lang in self._warm:
            return
        self._warm.add(lang)
        reader = self.person(login, lang=lang).log_in()
        reader.open_app()
        for page in ("bizuno-customers", "bizuno-aged-receivables"):
            reader.page.goto(f"{self.url}/odoo/{page}")
            reader.page.wait_for_selector(".o_data_row")
            reader.settle()
        for page in ("bizuno-customers", "action-account.action_move_out_invoice_type"):
            reader.page.goto(f"{self.url}/odoo/{page}")
            reader.click_on(".o_data_row .o_data_cell")
            reader.page.wait_for_selector(".o_form_view")
            reader.settle()

    def english_texts(self, lang):
        """:return: the addon's own texts that read otherwise in that language"""
        if lang not in self._english:
            path = paths.ROOT / paths.ADDON / "i18n" / f"{lang[:2]}.po"
            self._english[lang] = {
                entry.msgid
                for entry in polib.pofile(str(path))
                if len(entry.msgid) > 3 and entry.msgstr and entry.msgstr != entry.msgid
            }
        return self._english[lang]

    def log_trouble(self):
        """:return: what Odoo's log has complained of since the last time"""
        size = self._log.stat().st_size
        trouble = unexpected(self._log, self._read)
        self._read = size
        return [f"log: {text[:600]}" for text in trouble]

    def measure_empty_page(self):
        """Open Odoo's page of a country a few times.

        :return: (seconds, seconds of work) of an opening: the medians
        """
        if not self._ruler:
            self._ruler = Person(self, "bookkeeper").log_in()
            self._go_to_countries()
            self._open_country()
            self._back_to_countries()
        self.empty_page = self._measure(self._open_country, self._back_to_countries)
        return self.empty_page

    def _measure(self, act, afterwards=lambda: None):
        """:return: (seconds, seconds of work) that the act takes: the medians of some times"""
        efforts = []
        for _ in range(OPENINGS):
            meter = Meter(self.database)
            act()
            effort = meter.read()
            efforts.append((effort.seconds - QUIET, effort.work))
            afterwards()
        return tuple(statistics.median(values) for values in zip(*efforts, strict=True))

    def _open_country(self):
        self._ruler.click_on(".o_data_row td[name=name]")
        self._ruler.page.wait_for_selector(".o_form_view")

    def _back_to_countries(self):
        self._ruler.click_on(".o_breadcrumb a")
        self._see_countries()

    def _go_to_countries(self):
        """Load Odoo's whole client with a short list."""
        self._ruler.page.goto(f"{self.url}/odoo/action-base.action_country")
        self._see_countries()

    def _see_countries(self):
        self._ruler.page.wait_for_selector(".o_data_row td[name=name]")
        self._ruler.settle()

    def judge(self, effort, budget):
        """:return: what is to be said of a wait that took such an Effort, as texts"""
        page, seconds = self.empty_page, effort.seconds
        if not page or seconds <= budget * max(AT_ONCE, page[0]):
            return []
        # Is the machine slower than it was when the journey began?
        now = self.measure_empty_page()
        # Who comes from outside waits for Odoo's client as well, which is nobody's page.
        client = self._measure(self._go_to_countries) if effort.is_load else (0, 0)
        allowed = budget * max(AT_ONCE, page[0], now[0]) + client[0]
        if seconds <= allowed:
            return []
        allowed_work = SHARED * (budget * max(page[1], now[1]) + client[1])
        if effort.is_disturbed and effort.work <= allowed_work:
            self.remarks.append(
                f"took {seconds:.1f} s, {allowed:.1f} s are allowed; passed by its work, "
                f"{effort.work:.1f} s of {allowed_work:.1f} s, for the machine was busy with other "
                f"things ({effort.others:.1f} s)"
            )
            return []
        return [
            f"took {seconds:.1f} s, {allowed:.1f} s are allowed (work: {effort.work:.1f} s of "
            f"{allowed_work:.1f} s; of others meanwhile: {effort.others:.1f} s)"
        ]
