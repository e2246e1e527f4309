package org.layerwise.gui.app;

import org.jspecify.annotations.Nullable;

/** Maps parts of the window to pages of the user guide. */
final class HelpTopics {

    static final String TUTORIAL = "tutorial.md";

    static final String CHOOSING_LAYERS = "choosing-layers.md";

    static final String SELECTIONS = "window.md#selections";

    static final String ENGINE = "gpu.md";

    static final String CLUSTERS = "cluster.md";

    private static final String WINDOW = "window.md";

    private HelpTopics() {}

    /**
     * Returns the page of a pane.
     *
     * @param pane id of the pane; null for none
     */
    static String of(@Nullable String pane) {
        return pane == null
                ? WINDOW
                : switch (pane) {
                    case "model" -> "models.md";
                    case "data" -> "data.md";
                    case "analysis" -> "measures.md";
                    case "stability" -> "measures.md#how-far-to-trust-it";
                    case "compare" -> "measures.md#comparing-rankings";
                    case "training" -> "training.md";
                    case "runs" -> "runs.md";
                    case "experiment" -> "experiment.md";
                    default -> WINDOW;
                };
    }
}
