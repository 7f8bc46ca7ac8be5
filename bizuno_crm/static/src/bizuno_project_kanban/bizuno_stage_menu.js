import { Component, onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { closeProject } from "./close_project";

/**
 * The stages in the menu of a project's card: on a phone cards are not dragged. A closed stage asks
 * for the outcome, as dropping the card there does.
 */
export class BizunoStageMenu extends Component {
    static template = "bizuno_crm.StageMenu";
    static props = { ...standardWidgetProps };

    setup() {
        // Not those of `useService`, which answer no more once the component is gone: choosing a
        // stage closes the menu, and the cards are to be read again after that.
        ({ action: this.action, orm: this.orm } = this.env.services);
        this.stages = [];
        onWillStart(async () => {
            this.stages = await this.orm
                .cache()
                .searchRead("bizuno.project.stage", [], ["name", "is_closed"]);
        });
    }

    get current() {
        return this.props.record.data.stage_id?.id;
    }

    async move(stage) {
        const { record } = this.props;
        const reload = () => record.model.load();
        if (!stage.is_closed) {
            await this.orm.write(record.resModel, [record.resId], { stage_id: stage.id });
            return reload();
        }
        return closeProject(this.action, record.resId, stage.id, reload);
    }
}

registry.category("view_widgets").add("bizuno_stage_menu", {
    component: BizunoStageMenu,
    fieldDependencies: [{ name: "stage_id", type: "many2one" }],
});
