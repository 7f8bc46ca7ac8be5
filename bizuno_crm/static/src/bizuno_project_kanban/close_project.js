import { _t } from "@web/core/l10n/translation";

/**
 * A closed stage asks for the outcome.
 */
export function closeProject(action, projectId, stageId, onClose) {
    return action.doAction(
        {
            type: "ir.actions.act_window",
            name: _t("Close Project"),
            res_model: "bizuno.project.close",
            views: [[false, "form"]],
            target: "new",
            context: { default_project_id: projectId, default_stage_id: stageId },
        },
        { onClose }
    );
}
