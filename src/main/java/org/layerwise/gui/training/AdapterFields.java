package org.layerwise.gui.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.Bias;
import org.layerwise.study.AdapterSettings;

/** The fields that say which adapters are trained. */
public final class AdapterFields {

    private static final AdapterSettings USUAL = AdapterSettings.USUAL;

    private final Field<VariantChoice> variant = Field.choice("variant", VariantChoice.of(USUAL.variant()));
    private final Field<Integer> iterations = Field.line(
                    "iterations", VariantChoice.ITERATIONS, count -> count >= 0 && count < 10_000, FieldWords.whole())
            .shownWhile(variant.valueProperty().map(chosen -> chosen == VariantChoice.PISSA_FAST));
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

    /** Kind of LoRA. */
    public Field<VariantChoice> variant() {
        return variant;
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
                List.of(variant, iterations, rank, alpha, dropout, targetModules),
                List.of(bias, rankPattern, alphaPattern, modulesToSave, initial));
    }

    void fill(AdapterSettings settings) {
        variant.set(VariantChoice.of(settings.variant()));
        iterations.set(VariantChoice.iterations(settings.variant()).orElse(VariantChoice.ITERATIONS));
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
                targetModules.get().isEmpty() ? null : targetModules.get(),
                rank.get(),
                alpha.get(),
                dropout.get(),
                variant.get().variant(iterations.get()),
                bias.get(),
                rankPattern.get(),
                alphaPattern.get(),
                modulesToSave.get(),
                initial.get().isBlank() ? null : Path.of(initial.get()));
    }
}
