package org.layerwise.study;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Dataset;
import org.layerwise.data.EncodingRules;
import org.layerwise.data.ImageTokens;
import org.layerwise.data.ImageUse;
import org.layerwise.data.SpecialTokens;
import org.layerwise.data.TextTokenizer;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.data.image.ImagePreprocessor;
import org.layerwise.data.prompt.LlavaPrompt;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.VisionConfig;

/** Turns rows into token ids of a model, with its own tokenizer and, for one that sees images, its own prompts. */
final class ModelTokenizer implements AutoCloseable {

    private final ModelBlueprint blueprint;
    private final Checkpoint checkpoint;
    private @Nullable TextTokenizer tokenizer;

    ModelTokenizer(ModelBlueprint blueprint) {
        this.blueprint = blueprint;
        this.checkpoint = blueprint.checkpoint();
    }

    /**
     * Rows as token ids.
     *
     * @throws UserException if there is text but no tokenizer, images that the model does not see, or ids that do not fit
     */
    TokenizedDataset tokenize(Dataset data, int maxLength, Progress progress) {
        ModelConfig config = blueprint.config();
        int positions = config.positions().limited() ? config.positions().most() : Integer.MAX_VALUE;
        ImageUse images = imageUse(data);
        if (data.pretokenized()) {
            return TokenizedDataset.of(data, config.vocabularySize(), positions, config.segments(), images);
        }
        TokenizedDataset tokenized = encode(data, maxLength, positions, images, progress);
        tokenized.requireFits(config.vocabularySize(), config.segments());
        return tokenized;
    }

    private TokenizedDataset encode(
            Dataset data, int maxLength, int positions, @Nullable ImageUse images, Progress progress) {
        SpecialTokens special = SpecialTokens.read(checkpoint.folder());
        if (blueprint.description().vision() == null) {
            EncodingRules rules = new EncodingRules(true, special.truncatesLeft(), null);
            return tokenizer().encode(data, maxLength, positions, rules, progress);
        }
        Dataset prompts = LlavaPrompt.of(checkpoint.folder(), special).prompts(data);
        boolean add = special.addedTo(prompts.texts().get(0));
        EncodingRules rules = new EncodingRules(add, special.truncatesLeft(), images);
        return tokenizer().encode(prompts, maxLength, positions, rules, progress);
    }

    /** Null for a model that sees no images, or data without any that are asked for. */
    private @Nullable ImageUse imageUse(Dataset data) {
        VisionConfig vision = blueprint.description().vision();
        if (vision == null) {
            return null;
        }
        Path preprocessor = checkpoint.folder().resolve("preprocessor_config.json");
        ImageTokens tokens = new ImageTokens(vision.imageToken(), vision.tokensPerImage());
        return new ImageUse(tokens, ImagePreprocessor.read(preprocessor));
    }

    private synchronized TextTokenizer tokenizer() {
        if (tokenizer == null) {
            Path file = checkpoint.tokenizer().orElse(checkpoint.folder().resolve("tokenizer.json"));
            tokenizer = TextTokenizer.open(file, SpecialTokens.read(checkpoint.folder()));
        }
        return tokenizer;
    }

    @Override
    public synchronized void close() {
        if (tokenizer != null) {
            tokenizer.close();
            tokenizer = null;
        }
    }
}
