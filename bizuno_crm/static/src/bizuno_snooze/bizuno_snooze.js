import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Says until when reminders are put off; a slip of the thumb is undone where it is told. */
function snoozed(env, { params }) {
    const { action, notification, orm } = env.services;
    const undo = async () => {
        close();
        for (const [day, ids] of params.days_before) {
            await orm.call("bizuno.reminder", "action_undo_snooze", [ids, day]);
        }
        await action.doAction("soft_reload");
    };
    const close = notification.add(params.message, {
        type: "success",
        className: "o_bizuno_snoozed",
        buttons: params.days_before.length ? [{ name: _t("Undo"), onClick: undo }] : [],
    });
    // of the dialog or the button that it came from
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("bizuno_snoozed", snoozed);
