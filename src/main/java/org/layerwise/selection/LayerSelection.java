package org.layerwise.selection;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Min;

/**
 * Layers of a model to tune, and the reason for their selection.
 *
 * @param layers selected layers, 0-based; may be empty if a rule finds none
 * @param of M, the model's number of layers
 */
@JsonPropertyOrder({"layers", "of", "one_hot", "reason"})
public record LayerSelection(SortedSet<Integer> layers, int of, Reason reason) {

    /**
     * Reason for a selection.
     *
     * @param undefined treatment of layers without importance
     * @param shortfall one sentence for users if fewer layers were selected than the rule requires, otherwise null
     */
    public record Reason(SelectionRule rule, LayerLocks locks, UndefinedLayers undefined, @Nullable String shortfall) {

        /** Returns the sentence about the shortfall, if there is one. */
        public Optional<String> shortfallSentence() {
            return Optional.ofNullable(shortfall);
        }

        @JsonValue
        SelectionReasonContent content() {
            return SelectionReasonContent.of(this);
        }
    }

    /** @throws UserException if a layer is not one of the model's, or if the number of layers is out of range */
    public LayerSelection {
        Limits.between("The number of layers of the model", of, 1, Limits.MOST_LAYERS);
        layers = LayerList.copy(layers);
        LayerList.requireWithin(layers, of);
    }

    /**
     * Returns the selection that a file holds.
     *
     * @param oneHot {@link #oneHot} in the file; null if it is missing
     * @param reason reason in the file; null if it is missing, since a user has named the layers
     * @throws UserException if the values contradict each other or are out of range
     */
    @JsonCreator
    static LayerSelection of(
            @JsonProperty(value = "layers", required = true) SortedSet<Integer> layers,
            @JsonProperty(value = "of", required = true) @Min(1) int of,
            @JsonProperty("one_hot") @Nullable String oneHot,
            @JsonProperty("reason") @Nullable SelectionReasonContent reason) {
        LayerSelection byHand = byHand(SelectionReasonContent.within(of, "layers", layers), of);
        if (oneHot != null && !oneHot.equals(byHand.oneHot())) {
            throw new UserException(
                    "\"one_hot\" is \"%s\", but \"layers\" and \"of\" make it \"%s\"; remove the wrong one."
                            .formatted(oneHot, byHand.oneHot()));
        }
        return reason == null ? byHand : new LayerSelection(layers, of, reason.reason(layers, of));
    }

    /** Returns a selection of layers that a user has named. */
    public static LayerSelection byHand(Collection<Integer> layers, int of) {
        SortedSet<Integer> sorted = new TreeSet<>(layers);
        return new LayerSelection(
                sorted,
                of,
                new Reason(new SelectionRule.ByHand(sorted), LayerLocks.none(), UndefinedLayers.EXCLUDE, null));
    }

    public boolean contains(int layer) {
        return layers.contains(layer);
    }

    /**
     * Returns M characters, {@code 1} for selected layers and {@code 0} for the others: the format of the reference
     * code.
     */
    @JsonProperty("one_hot")
    public String oneHot() {
        return IntStream.range(0, of)
                .mapToObj(layer -> contains(layer) ? "1" : "0")
                .collect(Collectors.joining());
    }

    /** Returns one line for users: the number of layers, the layers, and the rule. */
    public String summary() {
        StringBuilder summary = new StringBuilder("%s of %s layers".formatted(layers.size(), of));
        if (!layers.isEmpty()) {
            summary.append(" (").append(LayerList.format(layers)).append(")");
        }
        summary.append(", by ")
                .append(reason.rule().words())
                .append(reason.locks().words());
        return summary.toString();
    }
}
