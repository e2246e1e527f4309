package org.layerwise.study.experiment.rules;

import org.layerwise.analysis.Measure;

/** Rule by which an arm chooses its layers. */
public sealed interface LayerChoice {

    /** Returns the name in settings and files. */
    String id();

    /** Returns the name for people. */
    String words();

    /** Choices that need no measure of their own. */
    enum Plain implements LayerChoice {
        /** All layers, the baseline of the other arms. */
        ALL("all", "all layers"),
        /** Layers that the analysis proposes by its first measure. */
        SELECTED("selected", "selected layers"),
        /** Random layers, as many as are selected, drawn again for each seed. */
        RANDOM("random", "random layers"),
        /** Last layers (nearest to the output), as many as are selected. */
        LAST("last", "last layers"),
        /** All layers while they are trained, of which those with the most energy stay; as many as are selected. */
        PRUNED("pruned", "pruned after training");

        private final String id;
        private final String words;

        Plain(String id, String words) {
            this.id = id;
            this.words = words;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String words() {
            return words;
        }
    }

    /** Layers that one measure of the analysis proposes. */
    record ByMeasure(Measure measure) implements LayerChoice {

        @Override
        public String id() {
            return measure.id();
        }

        @Override
        public String words() {
            return "layers by " + measure.shortName();
        }
    }
}
