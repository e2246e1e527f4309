package org.layerwise.selection;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.SimilarityMatrix;

/**
 * A selection with its origin: the content of a {@code selection.json}. All parts except the selection may be unknown,
 * if the file was written by hand.
 *
 * @param importance importance of each layer, on which the selection is based
 * @param similarity similarity of all pairs of hidden states
 * @param created time of creation, in any form; written unchanged, so that a file without it does not depend on the
 *     time of writing
 */
public record SavedSelection(
        LayerSelection selection,
        Origin origin,
        @Nullable LayerImportance importance,
        @Nullable SimilarityMatrix similarity,
        @Nullable String created) {

    /**
     * The analyzed model and data and the settings of the analysis; each part may be unknown.
     *
     * @param model name of the model
     * @param task name of the data
     * @param measure similarity measure, for example {@code linear-cka}
     * @param position token whose representation is used: {@code first}, {@code last} or {@code mean}
     * @param samples number of examples
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

    /** Returns a selection whose origin is unknown. */
    public static SavedSelection of(LayerSelection selection) {
        return new SavedSelection(selection, Origin.unknown(), null, null, null);
    }

    /**
     * Returns the reason for these layers, in words that follow "They were chosen". Unknown parts of the origin are
     * left out, and all of it if the layers were named by hand, since no measure has chosen them.
     */
    public String words() {
        StringBuilder measured = new StringBuilder();
        LayerSelection.Reason reason = selection.reason();
        if (!(reason.rule() instanceof SelectionRule.ByHand) || reason.budget() != null) {
            addOrigin(measured);
        }
        return "by " + reason.words(measured.toString());
    }

    /** Returns {@link #words}, and the model that the layers were chosen for if it is not the one of this name. */
    public String words(String model) {
        return words() + madeForOther(model).map(" for the model %s"::formatted).orElse("");
    }

    /**
     * Returns the name of the model that the selection was made for, if it is known and is not the model of a name. The
     * models may have the same number of layers.
     */
    private Optional<String> madeForOther(String model) {
        return Optional.ofNullable(origin.model()).filter(from -> !from.equals(model));
    }

    /**
     * Returns the sentence on a selection that was made for another model than the one of a name; empty if there is
     * nothing to say.
     *
     * @param subject start of the sentence: the selection or its file
     */
    public Optional<String> remark(String subject, String model) {
        return madeForOther(model)
                .map(from -> "%s was made for the model %s, but the model here is %s; its layers may not suit it."
                        .formatted(subject, from, model));
    }

    /**
     * Returns true if the words of {@link #words} say that a ratio selected the layers.
     *
     * @param words reason for the choice of layers; null if it is not known
     */
    public static boolean byRatio(@Nullable String words) {
        return words != null && words.startsWith("by " + SelectionRule.TopRatio.NAME + " ");
    }

    private void addOrigin(StringBuilder words) {
        if (origin.measure() != null) {
            words.append(" of ").append(origin.measure());
        }
        if (origin.task() != null) {
            words.append(" on ").append(origin.task());
        }
        if (origin.samples() != null) {
            words.append(" (").append(origin.samples()).append(" examples)");
        }
    }
}
