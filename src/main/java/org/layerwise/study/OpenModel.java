package org.layerwise.study;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.TextTokenizer;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;

/**
 * A model in memory on a device, with its tokenizer. Jobs on one model run one at a time; closing it frees its memory.
 */
public final class OpenModel implements AutoCloseable {

    private final String reference;
    private final String device;
    private final TransformerModel model;
    private final ModelCard card;
    private @Nullable TextTokenizer tokenizer;

    /**
     * @param reference what the user called it: {@code sample} or a folder
     * @param device what the user asked for, for example {@code auto}
     */
    OpenModel(String reference, String device, TransformerModel model) {
        this.reference = reference;
        this.device = device;
        this.model = model;
        this.card = card(model);
    }

    private static ModelCard card(TransformerModel model) {
        ModelConfig config = model.config();
        long parameters = model.parameters();
        return new ModelCard(
                model.checkpoint().name(),
                model.checkpoint().folder(),
                config.family(),
                config.layers(),
                config.hiddenSize(),
                config.attention().heads(),
                config.vocabularySize(),
                config.positions().most(),
                parameters,
                parameters * DType.F32.bytes(),
                "float32",
                model.device().id(),
                model.checkpoint().tokenizer().isPresent(),
                Position.FIRST,
                model.defaultTargets(),
                model.linearModules());
    }

    /** What people see of it. */
    public ModelCard card() {
        return card;
    }

    /**
     * The number of trainable parameters of LoRA adapters, without a head. Quick: it looks at shapes only.
     *
     * @throws UserException if a target matches nothing
     */
    public long adapterParameters(Collection<Integer> layers, List<String> targetModules, int rank) {
        Set<Integer> wanted = new TreeSet<>(layers);
        return model.targets(wanted, targetModules).stream()
                .mapToLong((Linear linear) -> (long) rank * (linear.in() + linear.out()))
                .sum();
    }

    TransformerModel model() {
        return model;
    }

    /** The device that was asked for, for example {@code auto}. */
    String device() {
        return device;
    }

    /** How a configuration names the model: {@code sample}, or an absolute path. */
    String reference() {
        return reference.equals(Workbench.SAMPLE)
                ? reference
                : Path.of(reference).toAbsolutePath().normalize().toString();
    }

    /**
     * Rows as token ids of this model.
     *
     * @throws UserException if there is text but no tokenizer, or ids do not fit the model
     */
    TokenizedDataset tokenize(Dataset data, int maxLength, Progress progress) {
        int vocabulary = model.config().vocabularySize();
        int positions = model.config().positions().most();
        int segments = model.config().segments();
        if (data.pretokenized()) {
            return TokenizedDataset.of(data, vocabulary, positions, segments);
        }
        TokenizedDataset tokenized = tokenizer().encode(data, maxLength, positions, progress);
        tokenized.requireFits(vocabulary, segments);
        return tokenized;
    }

    private synchronized TextTokenizer tokenizer() {
        if (tokenizer == null) {
            Path file = model.checkpoint()
                    .tokenizer()
                    .orElseThrow(() -> new UserException(
                            "%s has no tokenizer.json, so text cannot be read; add the file or use pre-tokenised data (input_ids)."
                                    .formatted(model.checkpoint().folder())));
            tokenizer = TextTokenizer.open(file);
        }
        return tokenizer;
    }

    @Override
    public synchronized void close() {
        if (tokenizer != null) {
            tokenizer.close();
            tokenizer = null;
        }
        model.close();
    }
}
