package org.layerwise.study.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.lora.MissingHeadModules;
import org.layerwise.model.LinearModule;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.ModelTensor;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelConfig.Positions;
import org.layerwise.model.quantization.QuantizationFormats;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.export.ExportedModel;
import org.layerwise.selection.export.ModuleLayout;
import org.layerwise.selection.export.QuantizationMethod;
import org.layerwise.settings.Loading;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;

/**
 * Description of a model before its weights are loaded.
 *
 * @param card description for users, for computation in float32 on the CPU
 * @param inspection tensors of the model
 * @param positions kind and maximum number of positions: {@code learned, at most 512 tokens}
 * @param modules names of the modules that adapters may target
 * @param linears linear maps of the layers with their sizes
 * @param quantization method by which the weights are quantised
 * @param classifier true if the model is an encoder, or was saved with a head for sequence classification
 * @param revision commit of a model from the hub's cache; null for other models
 */
public record ModelOutline(
        ModelCard card,
        ModelInspection inspection,
        String positions,
        ModuleLayout modules,
        List<LinearModule> linears,
        QuantizationMethod quantization,
        boolean classifier,
        @Nullable String revision) {

    public static ModelOutline of(ModelBlueprint blueprint) {
        MemoryNeed memory = MemoryNeed.of(
                blueprint.bytes(DType.F32), blueprint.largestPartBytes(DType.F32), Long.MAX_VALUE, Loading.AUTO);
        ModelCard card = card(blueprint, Device.CPU, DType.F32, memory);
        return new ModelOutline(
                card,
                ModelInspection.of(blueprint),
                words(blueprint.config().positions()),
                new ModuleLayout(
                        blueprint.description().names().layersPrefix(),
                        blueprint.linearModules(),
                        MissingHeadModules.of(blueprint)),
                blueprint.linears(),
                quantization(blueprint),
                card.kind() == ModelKind.ENCODER
                        || TaskChoice.isClassifier(blueprint.checkpoint().config()),
                blueprint.checkpoint().revision().orElse(null));
    }

    private static QuantizationMethod quantization(ModelBlueprint blueprint) {
        boolean eightBits = blueprint.tensors().stream()
                .map(ModelTensor::quantized)
                .filter(Objects::nonNull)
                .anyMatch(codes -> codes.format().contains("int8"));
        return QuantizationFormats.method(blueprint.checkpoint())
                .map(method -> QuantizationMethod.of(method, eightBits))
                .orElse(QuantizationMethod.NONE);
    }

    /**
     * Returns the model as other tools load it.
     *
     * @param model name with which the model was opened: {@code sample}, a hub id with or without a revision, or a folder
     * @param known commit of the model; null for the one that was read
     * @throws org.layerwise.base.UserException if the model is neither a valid id of the hub nor an existing folder
     */
    public ExportedModel exported(String model, @Nullable String known) {
        if (model.equals(ModelLocator.SAMPLE)) {
            return exportedAs(ModelOrigin.sample().name(), null);
        }
        if (!ModelLocator.isOnHub(model)) {
            return exportedAs(card.folder().toAbsolutePath().toString(), null);
        }
        // a commit never changes, while a tag or branch may move
        ModelOrigin named = ModelOrigin.hub(model.strip());
        return exportedAs(
                named.name(),
                Stream.of(known, revision, named.revision())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null));
    }

    private ExportedModel exportedAs(String name, @Nullable String commit) {
        return new ExportedModel(name, commit, card.kind(), classifier, modules, quantization, card.targetModules());
    }

    private static Set<LayerKind> kinds(LayerConfig layer) {
        AttentionConfig attention = layer.attention();
        LayerKind seen = attention == null
                ? LayerKind.LINEAR_ATTENTION
                : attention.window() > 0 ? LayerKind.SLIDING_ATTENTION : LayerKind.FULL_ATTENTION;
        return EnumSet.of(seen, layer.experts() == null ? LayerKind.DENSE : LayerKind.MIXTURE);
    }

    private static String words(Positions positions) {
        String kind = "rotary";
        if (positions instanceof Positions.Learned) {
            kind = "learned";
        } else if (positions instanceof Positions.Relative relative) {
            kind = relative.added() > 0 ? "relative and learned" : "relative";
        }
        return "%s, %s %s tokens".formatted(kind, positions.limited() ? "at most" : "trained with", positions.most());
    }

    static ModelCard card(ModelBlueprint blueprint, Device device, DType type, MemoryNeed memory) {
        ModelConfig config = blueprint.config();
        boolean decoder = config.direction() == ModelConfig.Direction.CAUSAL;
        return new ModelCard(
                blueprint.checkpoint().name(),
                blueprint.checkpoint().folder(),
                config.family(),
                config.layers(),
                config.hiddenSize(),
                config.heads(),
                config.vocabularySize(),
                config.positions().most(),
                blueprint.parameters(),
                type.torchName(),
                device.id(),
                blueprint.checkpoint().tokenizer().isPresent(),
                decoder ? Position.LAST : Position.FIRST,
                blueprint.description().defaultTargets(),
                blueprint.linearModules(),
                blueprint.description().wrapped() ? ModelKind.VISION : decoder ? ModelKind.DECODER : ModelKind.ENCODER,
                new LayerKinds(
                        config.layerConfigs().stream().map(ModelOutline::kinds).toList()),
                blueprint.tensors().stream()
                        .map(ModelTensor::form)
                        .distinct()
                        .sorted()
                        .toList(),
                memory,
                blueprint.unused());
    }
}
