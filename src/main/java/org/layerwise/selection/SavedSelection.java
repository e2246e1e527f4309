package org.layerwise.selection;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.SimilarityMatrix;

/**
 * A selection with what it was made from: the content of a {@code selection.json}. All but the selection may be unknown,
 * in a file written by hand.
 *
 * @param importance of each layer, on which the selection rests
 * @param similarity of all pairs
 * @param created when, in any form; written as it is given, so that a file without it is the same whenever it is written
 */
public record SavedSelection(
        LayerSelection selection,
        Origin origin,
        @Nullable LayerImportance importance,
        @Nullable SimilarityMatrix similarity,
        @Nullable String created) {

    /**
     * What was analyzed, and how; each part may be unknown.
     *
     * @param model the model's name
     * @param task the data's name
     * @param measure the similarity measure, for example {@code linear-cka}
     * @param position whose representation: {@code first}, {@code last} or {@code mean}
     * @param samples how many examples were used
     */
    public record Origin(
            @Nullable String model,
            @Nullable String task,
            @Nullable String measure,
            @Nullable String position,
            @Nullable Integer samples) {

        public static Origin unknown() {
            return new Origin(null, null, null, null, null);
        }
    }

    /** A selection of which nothing else is known. */
    public static SavedSelection of(LayerSelection selection) {
        return new SavedSelection(selection, Origin.unknown(), null, null, null);
    }

    /** Returns the reason for these layers, in words that follow "They were chosen"; empty where it is not known. */
    public String words() {
        StringBuilder words =
                new StringBuilder("by ").append(selection.reason().rule().words());
        if (origin.measure() != null) {
            words.append(" of ").append(origin.measure());
        }
        if (origin.task() != null) {
            words.append(" on ").append(origin.task());
        }
        if (origin.samples() != null) {
            words.append(" (").append(origin.samples()).append(" examples)");
        }
        return words.toString();
    }

    public Optional<LayerImportance> knownImportance() {
        return Optional.ofNullable(importance);
    }

    public Optional<SimilarityMatrix> knownSimilarity() {
        return Optional.ofNullable(similarity);
    }
}
