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

    static ExportedAdapter decoder() {
        return of(ModelKind.DECODER, LLAMA, List.of("q_proj", "gate_proj"));
    }

    static ExportedAdapter vision() {
        return of(
                ModelKind.VISION,
                new ModuleLayout("model.language_model.layers.", LLAMA.linearModules(), List.of()),
                List.of("q_proj"));
    }

    static ExportedAdapter encoder() {
        return of(
                ModelKind.ENCODER,
                new ModuleLayout(
                        "deberta.encoder.layer.",
                        List.of("attention.self.query_proj", "attention.output.dense", "output.dense"),
                        List.of("pooler")),
                List.of("query_proj", "output.dense"));
    }

    private static ExportedAdapter of(ModelKind kind, ModuleLayout modules, List<String> targets) {
        return new ExportedAdapter(
                new ModelSource("org/model", null),
                kind,
                LayerSelection.byHand(List.of(3, 1), 12),
                modules,
                targets,
                List.of(),
                8,
                16,
                0.05,
                ExportedVariant.LORA,
                "none",
                Map.of(),
                Map.of(),
                1e-3,
                null,
                null);
    }

    static ExportedAdapter withModel(ExportedAdapter from, ModelSource model) {
        return change(from, model, from.alpha(), from.variant(), from.bias(), from.rankPattern(), null);
    }

    static ExportedAdapter withAlpha(ExportedAdapter from, double alpha) {
        return change(from, from.model(), alpha, from.variant(), from.bias(), from.rankPattern(), null);
    }

    static ExportedAdapter withBias(ExportedAdapter from, String bias) {
        return change(from, from.model(), from.alpha(), from.variant(), bias, from.rankPattern(), null);
    }

    static ExportedAdapter withVariant(ExportedAdapter from, ExportedVariant variant, double loraPlusRatio) {
        return change(from, from.model(), from.alpha(), variant, from.bias(), from.rankPattern(), loraPlusRatio);
    }

    static ExportedAdapter withRanks(ExportedAdapter from, Map<String, Integer> ranks) {
        return change(from, from.model(), from.alpha(), from.variant(), from.bias(), ranks, null);
    }

    private static ExportedAdapter change(
            ExportedAdapter from,
            ModelSource model,
            double alpha,
            ExportedVariant variant,
            String bias,
            Map<String, Integer> ranks,
            @Nullable Double loraPlusRatio) {
        return new ExportedAdapter(
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
                from.head());
    }
}
