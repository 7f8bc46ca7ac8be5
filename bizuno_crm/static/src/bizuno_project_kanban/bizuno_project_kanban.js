import { onWillStart } from "@odoo/owl";
import { rottingKanbanView } from "@mail/js/rotting_mixin/rotting_kanban_view";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { closeProject } from "./close_project";

/**
 * Dropping a card into a closed stage asks for the outcome instead of moving it at once.
 */
export class BizunoProjectKanbanRenderer extends rottingKanbanView.Renderer {
    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
        this.closedStageIds = new Set();
        onWillStart(async () => {
            const ids = await this.orm.search("bizuno.project.stage", [["is_closed", "=", true]]);
            this.closedStageIds = new Set(ids);
        });
    }

    /**
     * @override
     */
    async sortRecordDrop(dataRecordId, dataGroupId, params) {
        const { list } = this.props;
        const target = list.groups?.find((group) => group.id === params.parent?.dataset.id);
        const byStage = list.groupByField?.name === "stage_id";
        if (
            !byStage ||
            !target ||
            target.id === dataGroupId ||
            !this.closedStageIds.has(target.value)
        ) {
            return super.sortRecordDrop(dataRecordId, dataGroupId, params);
        }
        params.parent.classList.remove("o_kanban_hover");
        const record = list.groups
            .find((group) => group.id === dataGroupId)
            ?.list.records.find((candidate) => candidate.id === dataRecordId);
        if (!record) {
            return;
        }
        await closeProject(this.action, record.resId, target.value, () => list.model.load());
    }
}

registry.category("views").add("bizuno_project_kanban", {
    ...rottingKanbanView,
    Renderer: BizunoProjectKanbanRenderer,
});
