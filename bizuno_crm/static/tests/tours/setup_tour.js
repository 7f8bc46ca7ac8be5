import { registry } from "@web/core/registry";

const CARD = "section[data-card=setup]";
const step = (code) => `${CARD} [data-step=${code}]`;

registry.category("web_tour.tours").add("bizuno_first_steps", {
    steps: () => [
        {
            content: "the step leads to its setting",
            trigger: `${step("policies")} button:contains(Open)`,
            run: "click",
        },
        { trigger: "#credit_policy.o_setting_highlight" },
        { trigger: ".o_menu_brand:contains(Bizuno CRM)", run: "click" },
        { trigger: `${step("policies")} button:contains(Done)`, run: "click" },
        { trigger: `${CARD}:not(:has([data-step=policies]))` },
        { trigger: `${step("mail_server")} button:contains(Skip)`, run: "click" },
        { trigger: `${CARD}:not(:has([data-step=mail_server]))` },
        { trigger: `${CARD} button:contains(Skip all)`, run: "click" },
        { trigger: `.o_bizuno_dashboard:not(:has(${CARD})) section[data-card=reminders]` },
    ],
});
