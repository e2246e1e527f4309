package org.layerwise.selection;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.UserException;

/** Form of a {@link LayerSelection.Reason} in files: the name of the rule, its value and the rest, side by side. */
record SelectionReasonContent(
        @Nullable Name rule,
        @JsonInclude(Include.NON_NULL) @Nullable Double ratio,
        @JsonInclude(Include.NON_NULL) @Nullable Integer n,
        @JsonInclude(Include.NON_NULL) @Nullable Double importance,
        @JsonInclude(Include.NON_NULL) @Nullable LayerKind kind,
        @JsonInclude(Include.NON_NULL) @Nullable SortedSet<Integer> layers,
        @Nullable SortedSet<Integer> always,
        @Nullable SortedSet<Integer> never,
        @Nullable UndefinedLayers undefined,
        @Nullable String shortfall,
        @JsonInclude(Include.NON_NULL) @Nullable RankBudget budget) {

    /** Names of the rules. */
    private enum Name {
        TOP_RATIO,
        TOP_N,
        THRESHOLD,
        OF_KIND,
        LAST_N,
        MODULE_RATIO,
        TOP_N_MODULES,
        BY_HAND;

        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static SelectionReasonContent of(LayerSelection.Reason reason) {
        SelectionRule rule = reason.rule();
        Double ratio = rule instanceof SelectionRule.TopRatio top ? top.ratio() : null;
        if (rule instanceof SelectionRule.ModuleRatio share) {
            ratio = share.ratio();
        }
        Integer n = rule instanceof SelectionRule.Counted counted ? counted.n() : null;
        Double importance = rule instanceof SelectionRule.Threshold threshold ? threshold.importance() : null;
        return new SelectionReasonContent(
                name(rule),
                ratio,
                n,
                importance,
                rule instanceof SelectionRule.OfKind of ? of.kind() : null,
                rule instanceof SelectionRule.Named named ? named.layers() : null,
                reason.locks().always(),
                reason.locks().never(),
                reason.undefined(),
                reason.shortfall(),
                reason.budget());
    }

    private static Name name(SelectionRule rule) {
        if (rule instanceof SelectionRule.TopRatio) {
            return Name.TOP_RATIO;
        }
        if (rule instanceof SelectionRule.TopN) {
            return Name.TOP_N;
        }
        if (rule instanceof SelectionRule.Threshold) {
            return Name.THRESHOLD;
        }
        if (rule instanceof SelectionRule.ModuleRatio) {
            return Name.MODULE_RATIO;
        }
        if (rule instanceof SelectionRule.TopModules) {
            return Name.TOP_N_MODULES;
        }
        if (rule instanceof SelectionRule.LastLayers) {
            return Name.LAST_N;
        }
        return rule instanceof SelectionRule.OfKind ? Name.OF_KIND : Name.BY_HAND;
    }

    /**
     * Returns the reason for a selection.
     *
     * @param selected selected layers, which a user has named if there is no rule
     * @param of M, the model's number of layers
     * @throws UserException if the value of the rule is missing, or a layer is not one of the model's
     */
    LayerSelection.Reason reason(SortedSet<Integer> selected, int of) {
        return new LayerSelection.Reason(
                rule(selected, of),
                new LayerLocks(within(of, "always", always), within(of, "never", never)),
                Objects.requireNonNullElse(undefined, UndefinedLayers.EXCLUDE),
                shortfall,
                budget);
    }

    private SelectionRule rule(SortedSet<Integer> selected, int of) {
        if (rule == null) {
            return new SelectionRule.ByHand(selected);
        }
        return switch (rule) {
            case TOP_RATIO -> new SelectionRule.TopRatio(given("ratio", ratio));
            case TOP_N -> new SelectionRule.TopN(given("n", n));
            case THRESHOLD -> new SelectionRule.Threshold(given("importance", importance));
            case OF_KIND ->
                new SelectionRule.OfKind(given("kind", kind), within(of, "layers", given("layers", layers)));
            case LAST_N -> SelectionRule.LastLayers.of(given("n", n), of);
            case MODULE_RATIO ->
                new SelectionRule.ModuleRatio(given("ratio", ratio), within(of, "layers", given("layers", layers)));
            case TOP_N_MODULES ->
                new SelectionRule.TopModules(given("n", n), within(of, "layers", given("layers", layers)));
            case BY_HAND -> new SelectionRule.ByHand(within(of, "layers", given("layers", layers)));
        };
    }

    private <T> T given(String key, @Nullable T value) {
        if (value == null) {
            throw new UserException("The rule %s needs \"%s\"."
                    .formatted(Objects.requireNonNull(rule).id(), key));
        }
        return value;
    }

    /** Returns the layers of a key, none if it is missing, after checking that the model has them. */
    static SortedSet<Integer> within(int of, String key, @Nullable SortedSet<Integer> layers) {
        SortedSet<Integer> all = Objects.requireNonNullElseGet(layers, TreeSet::new);
        if (!all.isEmpty() && (all.first() < 0 || all.last() >= of)) {
            throw new UserException("\"%s\" holds %s, which is no layer of %s; they are numbered 0 to %s."
                    .formatted(key, all.first() < 0 ? all.first() : all.last(), of, of - 1));
        }
        return all;
    }
}
