import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { pivotView } from "@web/views/pivot/pivot_view";
import { agedPage } from "./bizuno_aged";

// Odoo loads pivot and graph when one is opened, and so these.
const views = registry.category("views");
views.add("bizuno_aged_pivot", { ...pivotView, ...agedPage });
views.add("bizuno_aged_graph", { ...graphView, ...agedPage });
