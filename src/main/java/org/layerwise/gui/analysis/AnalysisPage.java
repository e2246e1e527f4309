package org.layerwise.gui.analysis;

/** Page of the analysis pane below the line that chooses the measure. */
enum AnalysisPage {
    /** Heatmap of hidden states, and ranking of layers. */
    SINGLE("single"),
    /** Rankings of layers over each other. */
    OVERLAY("overlay"),
    /** Heatmap and ranking of linear maps. */
    MODULES("modules"),
    /** Map of hidden states. */
    MAP("map"),
    /** Load of experts. */
    EXPERTS("experts");

    private final String id;

    AnalysisPage(String id) {
        this.id = id;
    }

    /** Returns the end of the ids and keys of the page. */
    String id() {
        return id;
    }
}
