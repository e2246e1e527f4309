package org.layerwise.study;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayeredExtractor;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.RepresentationExtractor;
import org.layerwise.analysis.Representations;
import org.layerwise.base.ByteWords;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Dataset;
import org.layerwise.data.EncodingRules;
import org.layerwise.data.ImageTokens;
import org.layerwise.data.ImageUse;
import org.layerwise.data.SpecialTokens;
import org.layerwise.data.TextTokenizer;
import org.layerwise.data.TokenRow;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.data.image.ImagePreprocessor;
import org.layerwise.model.LayerStream;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * A model with its tokenizer, in memory on a device or, where the memory is too small, ready to be used a layer at a time.
 * Jobs on one model run one at a time; closing it frees its memory.
 */
public final class OpenModel implements AutoCloseable {

    // hidden states between two layers may take this share of what is free
    private static final double WAITING_SHARE = 0.25;

    private static final String PREPROCESSOR = "preprocessor_config.json";

    private final ModelSettings settings;
    private final TensorEngine engine;
    private final ModelBlueprint blueprint;
    private final Device device;
    private final DType type;
    private final MemoryNeed memory;
    private final ModelListener listener;
    private final @Nullable TransformerModel model;
    private final ModelCard card;
    private @Nullable TextTokenizer tokenizer;
    private @Nullable SpecialTokens special;

    /**
     * @param memory decides whether the weights are loaded now, or a layer at a time later
     * @param listener hears of the model before that
     * @throws UserException if a tensor is missing
     */
    OpenModel(
            ModelSettings settings,
            TensorEngine engine,
            ModelBlueprint blueprint,
            Device device,
            DType type,
            MemoryNeed memory,
            ModelListener listener,
            Progress progress) {
        blueprint.requireComplete();
        this.settings = settings;
        this.engine = engine;
        this.blueprint = blueprint;
        this.device = device;
        this.type = type;
        this.memory = memory;
        this.listener = listener;
        this.card = ModelOutline.card(blueprint, device, type, memory);
        listener.described(settings, card);
        this.model = memory.byLayers() ? null : TransformerModel.load(engine, blueprint, device, type, progress);
    }

    /** What people see of it. */
    public ModelCard card() {
        return card;
    }

    /** Its architecture as a table. */
    public ModelInspection inspection() {
        return ModelInspection.of(blueprint);
    }

    /**
     * The number of trainable parameters of LoRA adapters, without a head. Quick: it looks at shapes only.
     *
     * @throws UserException if a target matches nothing
     */
    public long adapterParameters(Collection<Integer> layers, List<String> targetModules, int rank) {
        return blueprint.targets(new TreeSet<>(layers), targetModules).stream()
                .mapToLong(linear -> (long) rank * (linear.in() + linear.out()))
                .sum();
    }

    /**
     * The whole model.
     *
     * @throws UserException if it is used a layer at a time
     */
    TransformerModel model() {
        if (model == null) {
            throw new UserException(
                    "%s takes %s in %s but %s is free, so it is used a layer at a time and can only be analysed; for anything else choose --dtype bf16, --load whole or a machine with more memory."
                            .formatted(
                                    blueprint.checkpoint().name(),
                                    ByteWords.of(memory.whole()),
                                    card.dtype(),
                                    ByteWords.of(memory.available())));
        }
        return model;
    }

    /** Where it computes. */
    Device computeDevice() {
        return device;
    }

    /** The settings that it was opened with. */
    ModelSettings settings() {
        return settings;
    }

    /** How an adapter names the model that it was trained on: its name on the hub, or its folder. */
    String baseModelName() {
        return Workbench.isOnHub(settings.model())
                ? settings.model().replaceFirst("@.*", "")
                : card.folder().toAbsolutePath().normalize().toString();
    }

    /** How a configuration names the model: {@code sample}, a hub id, or an absolute path. */
    String reference() {
        return Workbench.isFolder(settings.model())
                ? Path.of(settings.model()).toAbsolutePath().normalize().toString()
                : settings.model();
    }

    /**
     * The vectors of all rows in all hidden states, with the whole model or a layer at a time.
     *
     * @throws UserException if a temporary file cannot be written
     * @throws org.layerwise.base.CancelledException if the progress says so
     */
    Representations represent(TokenizedDataset tokens, Position position, Progress progress) {
        if (model != null) {
            return new RepresentationExtractor(model).extract(tokens, position, progress);
        }
        long limit = (long) (WAITING_SHARE * memory.available());
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return new LayeredExtractor(new LayerStream(engine, blueprint, device, type), limit, temporary)
                .extract(tokens, position, progress);
    }

    /**
     * Rows as token ids of this model.
     *
     * @throws UserException if there is text but no tokenizer, or ids or images do not fit the model
     */
    TokenizedDataset tokenize(Dataset data, int maxLength, Progress progress) {
        ModelConfig config = blueprint.config();
        int vocabulary = config.vocabularySize();
        int positions = config.positions().limited() ? config.positions().most() : Integer.MAX_VALUE;
        int segments = config.segments();
        ImageUse images = imageUse(data);
        TokenizedDataset tokenized;
        if (data.pretokenized()) {
            tokenized = TokenizedDataset.of(data, vocabulary, positions, segments, images);
        } else {
            TextTokenizer encoder = tokenizer();
            EncodingRules rules =
                    new EncodingRules(true, requireNonNull(special).truncatesLeft(), images);
            tokenized = encoder.encode(data, maxLength, positions, rules, progress);
            tokenized.requireFits(vocabulary, segments);
        }
        if (images == null) {
            requireNoImageTokens(tokenized, data.location());
        }
        int longest = tokenized.rows().stream().mapToInt(TokenRow::length).max().orElse(0);
        if (longest > config.positions().most()) {
            listener.longRow(data.name(), longest, config.positions().most());
        }
        return tokenized;
    }

    /** Null for models that see no images, and for data without images. */
    private @Nullable ImageUse imageUse(Dataset data) {
        if (data.images() == null) {
            return null;
        }
        return imageTokens()
                .map(tokens -> new ImageUse(tokens, ImagePreprocessor.read(preprocessor())))
                .orElse(null);
    }

    private Path preprocessor() {
        Path file = folder().resolve(PREPROCESSOR);
        if (!Files.exists(file)) {
            throw new UserException(
                    "%s has no %s, which says how images are prepared; copy or download it from where the model came from."
                            .formatted(folder(), PREPROCESSOR));
        }
        return file;
    }

    private Optional<ImageTokens> imageTokens() {
        return ImageTokens.of(
                folder().resolve(Checkpoint.CONFIG), blueprint.checkpoint().config());
    }

    private Path folder() {
        return blueprint.checkpoint().folder();
    }

    private void requireNoImageTokens(TokenizedDataset tokenized, String location) {
        imageTokens().ifPresent(tokens -> {
            for (int row = 0; row < tokenized.size(); row++) {
                if (tokens.in(tokenized.rows().get(row)) > 0) {
                    throw new UserException(
                            "Row %d of %s has image tokens (id %d) but no image; name the column of the images."
                                    .formatted(row + 1, location, tokens.tokenId()));
                }
            }
        });
    }

    private synchronized TextTokenizer tokenizer() {
        if (tokenizer == null) {
            Path file = blueprint
                    .checkpoint()
                    .tokenizer()
                    .orElseThrow(() -> new UserException(
                            "%s has no tokenizer.json, so text cannot be read; add the file or use pre-tokenised data (input_ids)."
                                    .formatted(blueprint.checkpoint().folder())));
            special = SpecialTokens.read(blueprint.checkpoint().folder());
            tokenizer = TextTokenizer.open(file, special);
        }
        return tokenizer;
    }

    @Override
    public synchronized void close() {
        if (tokenizer != null) {
            tokenizer.close();
            tokenizer = null;
        }
        if (model != null) {
            model.close();
        } else {
            blueprint.checkpoint().close();
        }
    }
}
