package org.layerwise.selection.export;

import java.util.List;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.SelectedModules;
import org.layerwise.training.OptimiserSettings;

/**
 * Adapters to export in tests.
 *
 * @param model model to export for
 * @param values settings that differ from the defaults
 */
record TestExport(ExportedModel model, SettingValues values) {

    /** Two of twelve layers. */
    private static final LayerSelection LAYERS = LayerSelection.byHand(List.of(3, 1), 12);

    private static final ModuleLayout LLAMA = new ModuleLayout(
            "model.layers.", List.of("self_attn.q_proj", "self_attn.k_proj", "mlp.gate_proj"), List.of());

    static TestExport decoder() {
        return of(ModelKind.DECODER, LLAMA, List.of("q_proj", "gate_proj"));
    }

    static TestExport vision() {
        return of(
                ModelKind.VISION,
                new ModuleLayout("model.language_model.layers.", LLAMA.linearModules(), List.of()),
                List.of("q_proj"));
    }

    static TestExport encoder() {
        return of(
                ModelKind.ENCODER,
                new ModuleLayout(
                        "deberta.encoder.layer.",
                        List.of("attention.self.query_proj", "attention.output.dense", "output.dense"),
                        List.of("pooler")),
                List.of("query_proj", "output.dense"));
    }

    private static TestExport of(ModelKind kind, ModuleLayout modules, List<String> targets) {
        return new TestExport(
                new ExportedModel(
                        "org/model", null, kind, kind == ModelKind.ENCODER, modules, QuantizationMethod.NONE, targets),
                SettingValues.none().with(LoraSettings.DROPOUT, 0.05).with(OptimiserSettings.LEARNING_RATE, 5e-8));
    }

    /** Returns a decoder that was saved with a head for classes. */
    static TestExport decoderOfClasses() {
        return new TestExport(
                new ExportedModel(
                        "org/model", null, ModelKind.DECODER, true, LLAMA, QuantizationMethod.NONE, List.of("q_proj")),
                SettingValues.none());
    }

    TestExport named(String name, String revision) {
        return new TestExport(
                new ExportedModel(
                        name,
                        revision,
                        model.kind(),
                        model.classifier(),
                        model.modules(),
                        model.quantization(),
                        model.defaultTargets()),
                values);
    }

    /** Returns the model with quantised weights. */
    TestExport quantized(QuantizationMethod method) {
        return new TestExport(
                new ExportedModel(
                        model.name(),
                        model.revision(),
                        model.kind(),
                        model.classifier(),
                        model.modules(),
                        method,
                        model.defaultTargets()),
                values);
    }

    <T> TestExport with(Setting<T> setting, T value) {
        return new TestExport(model, values.with(setting, value));
    }

    TestExport variant(String variant, double loraPlusRatio) {
        return with(LoraSettings.VARIANT, LoraVariant.of(variant))
                .with(OptimiserSettings.LORA_PLUS_RATIO, loraPlusRatio);
    }

    /** Returns the adapter on two of twelve layers. */
    ExportedAdapter adapter() {
        return ExportedAdapter.of(model, LAYERS, values, null);
    }

    /** Returns the text for modules of the two layers. */
    String text(ExportFormat format, SelectedModules modules) {
        return format.text(ExportedAdapter.of(model, LAYERS.withModules(modules, null), values, null));
    }

    String text(ExportFormat format) {
        return format.text(adapter());
    }
}
