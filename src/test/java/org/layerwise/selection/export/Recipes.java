package org.layerwise.selection.export;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;

/** Recipes for tests, with one thing changed at a time. */
final class Recipes {

    private static final ModuleLayout LLAMA = new ModuleLayout(
            "model.layers.", List.of("self_attn.q_proj", "self_attn.k_proj", "mlp.gate_proj"), List.of());

    private Recipes() {}

    static AdapterRecipe decoder() {
        return of(ModelKind.DECODER, LLAMA, List.of("q_proj", "gate_proj"));
    }

    static AdapterRecipe vision() {
        return of(
                ModelKind.VISION,
                new ModuleLayout("model.language_model.layers.", LLAMA.linearModules(), List.of()),
                List.of("q_proj"));
    }

    static AdapterRecipe encoder() {
        return of(
                ModelKind.ENCODER,
                new ModuleLayout(
                        "deberta.encoder.layer.",
                        List.of("attention.self.query_proj", "attention.output.dense", "output.dense"),
                        List.of("pooler")),
                List.of("query_proj", "output.dense"));
    }

    private static AdapterRecipe of(ModelKind kind, ModuleLayout modules, List<String> targets) {
        return new AdapterRecipe(
                new ModelSource("org/model", null),
                kind,
                LayerSelection.byHand(List.of(3, 1), 12),
                modules,
                targets,
                List.of(),
                8,
                16,
                0.05,
                AdapterVariant.LORA,
                "none",
                Map.of(),
                Map.of(),
                1e-3,
                null,
                null);
    }

    static AdapterRecipe withModel(AdapterRecipe from, ModelSource model) {
        return change(from, model, from.alpha(), from.variant(), from.bias(), from.rankPattern(), null);
    }

    static AdapterRecipe withAlpha(AdapterRecipe from, double alpha) {
        return change(from, from.model(), alpha, from.variant(), from.bias(), from.rankPattern(), null);
    }

    static AdapterRecipe withBias(AdapterRecipe from, String bias) {
        return change(from, from.model(), from.alpha(), from.variant(), bias, from.rankPattern(), null);
    }

    static AdapterRecipe withVariant(AdapterRecipe from, AdapterVariant variant, double loraPlusRatio) {
        return change(from, from.model(), from.alpha(), variant, from.bias(), from.rankPattern(), loraPlusRatio);
    }

    static AdapterRecipe withRanks(AdapterRecipe from, Map<String, Integer> ranks) {
        return change(from, from.model(), from.alpha(), from.variant(), from.bias(), ranks, null);
    }

    private static AdapterRecipe change(
            AdapterRecipe from,
            ModelSource model,
            double alpha,
            AdapterVariant variant,
            String bias,
            Map<String, Integer> ranks,
            @Nullable Double loraPlusRatio) {
        return new AdapterRecipe(
                model,
                from.kind(),
                from.selection(),
                from.modules(),
                from.targetModules(),
                from.modulesToSave(),
                from.rank(),
                alpha,
                from.dropout(),
                variant,
                bias,
                ranks,
                Map.of(),
                5e-8,
                loraPlusRatio,
                from.classes());
    }
}
