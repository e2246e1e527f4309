package org.layerwise.selection;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
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
 * @param modules linear maps of these layers to tune; null for those that the settings of the adapters target
 */
@JsonPropertyOrder({"layers", "of", "one_hot", "modules", "reason"})
public record LayerSelection(
        SortedSet<Integer> layers,
        int of,
        @JsonInclude(Include.NON_NULL) @Nullable SelectedModules modules,
        Reason reason) {

    /**
     * Reason for a selection.
     *
     * @param undefined treatment of layers without importance
     * @param shortfall one sentence for users if fewer layers were selected than the rule requires, otherwise null
     * @param budget budget within which ranks were spread; null if they were not
     */
    public record Reason(
            SelectionRule rule,
            LayerLocks locks,
            UndefinedLayers undefined,
            @Nullable String shortfall,
            @Nullable RankBudget budget) {

        /** Creates the reason for a selection whose ranks were not spread. */
        public Reason(SelectionRule rule, LayerLocks locks, UndefinedLayers undefined, @Nullable String shortfall) {
            this(rule, locks, undefined, shortfall, null);
        }

        /** Returns the rule, the budget of ranks and the locks for users, in words that follow "by". */
        public String words() {
            return words("");
        }

        /**
         * Returns {@link #words()} with the origin of the importance after the rule.
         *
         * @param origin words that follow the rule, with a space before them; may be empty
         */
        String words(String origin) {
            return rule.words() + origin + (budget == null ? "" : ", with ranks " + budget.words()) + locks.words();
        }

        /** Returns the sentence about the shortfall, if there is one. */
        public Optional<String> shortfallSentence() {
            return Optional.ofNullable(shortfall);
        }

        @JsonValue
        SelectionReasonContent content() {
            return SelectionReasonContent.of(this);
        }
    }

    /**
     * @throws UserException if a layer is not one of the model's, the number of layers is out of range, or the modules
     *     are in other layers
     */
    public LayerSelection {
        Limits.between("The number of layers of the model", of, 1, Limits.MOST_LAYERS);
        layers = LayerList.copy(layers);
        LayerList.requireWithin(layers, of);
        if (modules != null && !modules.layers().equals(layers)) {
            throw new UserException(
                    "The modules are in the layers %s, but the selected layers are %s; mend one of the two."
                            .formatted(LayerList.format(modules.layers()), LayerList.format(layers)));
        }
    }

    /** Creates a selection of whole layers. */
    public LayerSelection(SortedSet<Integer> layers, int of, Reason reason) {
        this(layers, of, null, reason);
    }

    /**
     * Returns the selection of some linear maps of its layers, for the same reason.
     *
     * @param budget budget within which their ranks were spread; null if they were not
     */
    public LayerSelection withModules(SelectedModules some, @Nullable RankBudget budget) {
        return new LayerSelection(
                some.layers(),
                of,
                some,
                new Reason(reason.rule, reason.locks, reason.undefined, reason.shortfall, budget));
    }

    /**
     * Returns the selection that a file holds.
     *
     * @param oneHot {@link #oneHot} in the file; null if it is missing
     * @param modules linear maps in the file; null if it is missing
     * @param reason reason in the file; null if it is missing, since a user has named the layers
     * @throws UserException if the values contradict each other or are out of range
     */
    @JsonCreator
    static LayerSelection of(
            @JsonProperty(value = "layers", required = true) SortedSet<Integer> layers,
            @JsonProperty(value = "of", required = true) @Min(1) int of,
            @JsonProperty("one_hot") @Nullable String oneHot,
            @JsonProperty("modules") @Nullable SelectedModules modules,
            @JsonProperty("reason") @Nullable SelectionReasonContent reason) {
        LayerSelection byHand = byHand(SelectionReasonContent.within(of, "layers", layers), of);
        if (oneHot != null && !oneHot.equals(byHand.oneHot())) {
            throw new UserException(
                    "\"one_hot\" is \"%s\", but \"layers\" and \"of\" make it \"%s\"; remove the wrong one."
                            .formatted(oneHot, byHand.oneHot()));
        }
        return new LayerSelection(layers, of, modules, reason == null ? byHand.reason : reason.reason(layers, of));
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

    /** Returns one line for users: the number of linear maps if they are named, the layers, and the rule. */
    public String summary() {
        return "%s%s of %s layers%s, by %s"
                .formatted(
                        modules == null ? "" : modules.words() + ", in ",
                        layers.size(),
                        of,
                        layers.isEmpty() ? "" : " (" + LayerList.format(layers) + ")",
                        reason.words());
    }
}
