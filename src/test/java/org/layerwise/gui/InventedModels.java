package org.layerwise.gui;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.layerwise.analysis.Position;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.export.ModelSource;
import org.layerwise.selection.export.ModuleLayout;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.adapter.SelectionExport;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.ModelInspection;
import org.layerwise.study.model.ModelOutline;

/** What invented models are like: their name says which of a few they are. */
final class InventedModels {

    private static final long GIBI = 1L << 30;
    private static final List<String> ENCODER =
            List.of("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense");
    private static final List<String> DECODER =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    private InventedModels() {}

    /** A selection of an invented encoder's layers. */
    static SelectionExport export(ModelCard card, LayerSelection selection) {
        ModuleLayout modules = new ModuleLayout("bert.encoder.layer.", ENCODER, List.of());
        return new SelectionExport(
                new ModelSource("org/" + card.name(), null),
                new ModelOutline(card, inspection(card), "learned, at most 512 tokens", modules, null),
                selection);
    }

    /** "llama" is a decoder of 32 layers, "70b" one of 80 that does not fit, "llava" sees; any other is a small BERT. */
    static ModelCard card(ModelSettings settings) {
        String location = settings.model();
        String path = location.replaceFirst("@.*", "");
        String name = "sample".equals(location)
                ? "bge-small-en-v1.5"
                : Path.of(path).getFileName().toString();
        Path folder = Path.of("/home/reader/.local/share/layerwise/models").resolve(name);
        boolean decoder = Stream.of("llama", "llava", "70b", "mistral", "gemma").anyMatch(location::contains);
        if (!decoder) {
            return encoder(settings, name, folder);
        }
        boolean large = location.contains("70b");
        long parameters = large ? 68_976_648_192L : 6_738_415_616L;
        long bytes = parameters * (settings.type() == ComputeType.BF16 ? 2 : 4);
        long available = 15 * GIBI + GIBI / 3;
        boolean byLayers =
                settings.loading() == Loading.LAYERS || settings.loading() == Loading.AUTO && bytes > 0.8 * available;
        Loading loaded = settings.loading() == Loading.NONE ? Loading.NONE : byLayers ? Loading.LAYERS : Loading.WHOLE;
        return new ModelCard(
                name,
                folder,
                location.contains("llava") ? "llava" : "llama",
                large ? 80 : location.contains("gemma") ? 28 : 32,
                large ? 8192 : 4096,
                large ? 64 : 32,
                32000,
                4096,
                parameters,
                bytes,
                settings.type() == ComputeType.BF16 ? "bfloat16" : "float32",
                "cpu",
                true,
                Position.LAST,
                List.of("q_proj", "v_proj"),
                DECODER,
                location.contains("llava") ? ModelKind.VISION : ModelKind.DECODER,
                List.of("BF16"),
                new MemoryNeed(bytes, bytes / (large ? 60 : 25), available, loaded),
                List.of());
    }

    private static ModelCard encoder(ModelSettings settings, String name, Path folder) {
        return new ModelCard(
                name,
                folder,
                "bert",
                InventedEngine.LAYERS,
                384,
                12,
                30522,
                512,
                33_212_160,
                132_848_640,
                "float32",
                "cpu",
                true,
                Position.FIRST,
                ENCODER,
                ENCODER,
                ModelKind.ENCODER,
                List.of("F32"),
                new MemoryNeed(
                        132_848_640,
                        46_000_000,
                        8 * GIBI,
                        settings.loading() == Loading.AUTO ? Loading.WHOLE : settings.loading()),
                List.of("cls.predictions.bias", "cls.predictions.transform.dense.weight", "cls.seq_relationship.bias"));
    }

    static ModelInspection inspection(ModelCard card) {
        List<ModelInspection.Row> rows = new ArrayList<>();
        long width = card.hiddenSize();
        String type = card.storedTypes().get(0);
        boolean decoder = card.kind() != ModelKind.ENCODER;
        add(
                rows,
                OptionalInt.empty(),
                decoder ? "model.embed_tokens.weight" : "embeddings.word_embeddings.weight",
                type,
                card.vocabularySize(),
                width);
        for (int layer = 0; layer < card.layers(); layer++) {
            for (String module : card.linearModules()) {
                boolean wide = module.contains("gate") || module.contains("up_") || module.contains("intermediate");
                boolean narrow = module.contains("down") || module.equals("output.dense");
                String name = (module.endsWith("proj")
                                ? (wide || narrow ? "mlp." : "self_attn.")
                                : module.contains(".") ? "" : "attention.self.")
                        + module + ".weight";
                add(rows, OptionalInt.of(layer), name, type, wide ? 4 * width : width, narrow ? 4 * width : width);
            }
            add(
                    rows,
                    OptionalInt.of(layer),
                    decoder ? "input_layernorm.weight" : "output.LayerNorm.weight",
                    "F32",
                    width);
        }
        add(
                rows,
                OptionalInt.empty(),
                decoder ? "lm_head.weight" : "pooler.dense.weight",
                type,
                decoder ? card.vocabularySize() : width,
                width);
        Map<String, Long> byType = Map.of(
                type, rows.stream().mapToLong(ModelInspection.Row::parameters).sum());
        return new ModelInspection(rows, List.of(), card.unused(), byType);
    }

    private static void add(
            List<ModelInspection.Row> rows, OptionalInt layer, String module, String type, long... shape) {
        long parameters = 1;
        List<Long> dimensions = new ArrayList<>();
        for (long one : shape) {
            parameters *= one;
            dimensions.add(one);
        }
        rows.add(new ModelInspection.Row(layer, module, dimensions, type, parameters));
    }
}
