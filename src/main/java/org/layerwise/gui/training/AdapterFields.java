package org.layerwise.gui.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraVariant;
import org.layerwise.study.AdapterSettings;

/** The fields that say which adapters are trained. */
public final class AdapterFields {

    private static final AdapterSettings USUAL = AdapterSettings.USUAL;

    private final Field<StartChoice> start =
            Field.choice("start", StartChoice.of(USUAL.variant().initialisation()));
    private final Field<Integer> iterations = Field.line(
                    "iterations", StartChoice.ITERATIONS, count -> count >= 0 && count < 10_000, FieldWords.whole())
            .shownWhile(start.valueProperty().map(chosen -> chosen == StartChoice.PISSA_FAST));
    private final Field<Boolean> rankStabilised =
            Field.flag("rslora", USUAL.variant().rankStabilised());
    private final Field<Boolean> decomposed = Field.flag("dora", USUAL.variant().decomposed());
    private final Field<Integer> rank = Field.line("rank", USUAL.rank(), r -> r >= 1, FieldWords.whole());
    private final Field<Double> alpha = Field.line("alpha", USUAL.alpha(), a -> a > 0, FieldWords.real());
    private final Field<Double> dropout =
            Field.line("dropout", USUAL.dropout(), p -> p >= 0 && p < 1, FieldWords.real());
    private final Field<List<String>> targetModules = Field.modules("modules");
    private final Field<Bias> bias = Field.choice("bias", USUAL.bias());
    private final Field<Map<String, Integer>> rankPattern =
            Field.line("rank-pattern", Map.of(), ranks -> true, FieldWords.ranks(label("rank-pattern")));
    private final Field<Map<String, Double>> alphaPattern =
            Field.line("alpha-pattern", Map.of(), alphas -> true, FieldWords.alphas(label("alpha-pattern")));
    private final Field<List<String>> modulesToSave =
            Field.line("modules-to-save", List.of(), names -> true, FieldWords.names());
    private final Field<String> initial = Field.folder("initial");

    private static String label(String key) {
        return org.layerwise.gui.text.Messages.text("training.field." + key);
    }

    /** What fresh adapters start as. */
    public Field<StartChoice> start() {
        return start;
    }

    /** Whether it is rsLoRA. */
    public Field<Boolean> rankStabilised() {
        return rankStabilised;
    }

    /** Whether it is DoRA. */
    public Field<Boolean> decomposed() {
        return decomposed;
    }

    /** r. */
    public Field<Integer> rank() {
        return rank;
    }

    public Field<Double> alpha() {
        return alpha;
    }

    /** Dropout of the adapters' input. */
    public Field<Double> dropout() {
        return dropout;
    }

    /** What gets adapters in a selected layer; empty for the family's default. */
    public Field<List<String>> targetModules() {
        return targetModules;
    }

    /** The folder of an adapter to start from; empty for fresh ones. */
    public Field<String> initial() {
        return initial;
    }

    Group group() {
        return new Group(
                "adapter",
                List.of(start, iterations, rank, alpha, dropout, targetModules, rankStabilised, decomposed),
                List.of(bias, rankPattern, alphaPattern, modulesToSave, initial));
    }

    void fill(AdapterSettings settings) {
        LoraVariant variant = settings.variant();
        start.set(StartChoice.of(variant.initialisation()));
        iterations.set(StartChoice.iterations(variant.initialisation()).orElse(StartChoice.ITERATIONS));
        rankStabilised.set(variant.rankStabilised());
        decomposed.set(variant.decomposed());
        rank.set(settings.rank());
        alpha.set(settings.alpha());
        dropout.set(settings.dropout());
        List<String> targets = settings.targetModules();
        targetModules.set(targets == null ? List.of() : targets);
        bias.set(settings.bias());
        rankPattern.set(settings.rankPattern());
        alphaPattern.set(settings.alphaPattern());
        modulesToSave.set(settings.modulesToSave());
        Path folder = settings.initial();
        initial.set(folder == null ? "" : folder.toString());
    }

    AdapterSettings settings(@Nullable SortedSet<Integer> layers) {
        return new AdapterSettings(
                layers,
                null,
                targetModules.get().isEmpty() ? null : targetModules.get(),
                rank.get(),
                alpha.get(),
                dropout.get(),
                new LoraVariant(
                        rankStabilised.get(), decomposed.get(), start.get().initialisation(iterations.get())),
                bias.get(),
                rankPattern.get(),
                alphaPattern.get(),
                modulesToSave.get(),
                initial.get().isBlank() ? null : Path.of(initial.get()));
    }
}
