import { describe, expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts, waitFor } from "@odoo/hoot-dom";
import { advanceTime } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Contact extends models.Model {
    _name = "bizuno.test.contact";

    name = fields.Char();
    account_status = fields.Selection({
        selection: [
            ["active", "Active"],
            ["inactive", "Inactive"],
            ["locked", "Locked"],
            ["hold", "Credit Hold"],
        ],
    });
    role_customer = fields.Boolean({ string: "Customer" });
    role_vendor = fields.Boolean({ string: "Vendor" });
    role_lead = fields.Boolean({ string: "Lead" });
    role_branch = fields.Boolean({ string: "Branch" });
    role_employee = fields.Boolean({ string: "Employee" });
    role_user = fields.Boolean({ string: "User" });
    email = fields.Char({ onChange: () => {} });

    _records = [
        {
            id: 1,
            name: "Harbour Supply",
            account_status: "active",
            role_lead: true,
            role_user: true,
        },
        { id: 2, name: "Old Mill", account_status: "inactive" },
    ];
}

defineMailModels();
defineModels([Contact]);

async function openRoles() {
    await contains(".o_bizuno_roles button").click();
    // the menu is drawn when it has found its place: on a busy machine, later
    await waitFor("[role=menuitemcheckbox]", { timeout: 5000 });
}

const list = `<list js_class="bizuno_contact_list"><field name="name"/><field name="account_status"/></list>`;

test("a contact shows the roles that it has, and the menu gives and takes all but User", async () => {
    await mountView({
        type: "form",
        resModel: "bizuno.test.contact",
        resId: 1,
        arch: `<form><sheet><widget name="bizuno_role_badges"/></sheet></form>`,
    });
    expect(queryAllTexts(".o_bizuno_badge")).toEqual(["Lead", "User"]);
    await openRoles();
    expect(queryAllAttributes("[role=menuitemcheckbox]", "data-role")).toEqual([
        "role_customer",
        "role_vendor",
        "role_lead",
        "role_branch",
        "role_employee",
    ]);
    expect("[data-role=role_lead][role=menuitemcheckbox]").toHaveAttribute("aria-checked", "true");
    await contains("[data-role=role_customer][role=menuitemcheckbox]").click();
    expect(queryAllTexts(".o_bizuno_badge")).toEqual(["Customer", "Lead", "User"]);
    await openRoles();
    await contains("[data-role=role_lead][role=menuitemcheckbox]").click();
    expect(queryAllTexts(".o_bizuno_badge")).toEqual(["Customer", "User"]);
});

test("a list offers missing Contact IDs to a manager, and says what it has done", async () => {
    onRpc("has_group", ({ args }) => args[1] === "bizuno_crm.group_manager");
    onRpc("res.partner", "get_missing_contact_ids", () => "2 contacts have no Contact ID.");
    onRpc("res.partner", "assign_missing_contact_ids", () => {
        expect.step("assigned");
        return "2 contacts got a Contact ID.";
    });
    await mountView({ type: "list", resModel: "bizuno.test.contact", arch: list });
    expect(".o_bizuno_missing_ids span").toHaveText("2 contacts have no Contact ID.");
    await contains(".o_bizuno_missing_ids button").click();
    expect(".modal-body").toHaveText(/^2 contacts have no Contact ID\./);
    expect.verifySteps([]);
    await contains(".modal .btn-primary").click();
    expect.verifySteps(["assigned"]);
    expect(".o_notification").toHaveText(/2 contacts got a Contact ID\./);
    expect(".o_bizuno_missing_ids").toHaveCount(0);
});

test("a list asks for no missing Contact IDs for anybody else, and explains its colours", async () => {
    onRpc("has_group", () => false);
    onRpc("res.partner", "get_missing_contact_ids", () => expect.step("asked"));
    await mountView({ type: "list", resModel: "bizuno.test.contact", arch: list });
    expect.verifySteps([]);
    // inactive contacts are explained only where there are some
    expect(queryAllTexts(".o_bizuno_legend > *").join(" ")).toMatch(
        /Credit Hold.*Locked.*Inactive/
    );
});

test("a contact is looked up while its e-mail is typed, once it is one", async () => {
    const typed = [];
    onRpc("bizuno.test.contact", "onchange", ({ args }) => void typed.push(args[1].email));
    await mountView({
        type: "form",
        resModel: "bizuno.test.contact",
        arch: `<form><widget name="bizuno_duplicate_watch"/><field name="email" widget="email"/></form>`,
    });
    typed.length = 0; // what a new record begins with
    await contains(".o_field_widget[name=email] input").edit("office@granite", { confirm: false });
    await advanceTime(1000);
    expect(typed).toEqual([]);
    await contains(".o_field_widget[name=email] input").edit("office@granite.example", {
        confirm: false,
    });
    await advanceTime(1000);
    expect(typed).toEqual(["office@granite.example"]);
    expect(".o_field_widget[name=email] input").toBeFocused();
});
