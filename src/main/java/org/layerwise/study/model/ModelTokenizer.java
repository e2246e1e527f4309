package org.layerwise.study.model;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.BackgroundTask;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Dataset;
import org.layerwise.data.TextForm;
import org.layerwise.data.TokenRow;
import org.layerwise.data.image.ImagePreprocessor;
import org.layerwise.data.prompt.LlavaPrompt;
import org.layerwise.data.prompt.Prompts;
import org.layerwise.data.token.EncodingRules;
import org.layerwise.data.token.ImageTokens;
import org.layerwise.data.token.ImageUse;
import org.layerwise.data.token.LearnedTokens;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.data.token.SpecialTokens;
import org.layerwise.data.token.TextTokenizer;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.data.token.TokenizerCheck;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.VisionConfig;
import org.layerwise.settings.DataSettings;

/** Tokenizes rows for a model, with the model's own tokenizer and, for a model that sees images, its own prompts. */
final class ModelTokenizer implements AutoCloseable {

    private final ModelBlueprint blueprint;
    private final Checkpoint checkpoint;
    private final TokenizerCheck check;
    private final ModelListener listener;
    private @Nullable TextTokenizer tokenizer;
    private @Nullable SpecialTokens special;
    private @Nullable BackgroundTask<Optional<TextTokenizer>> opening;
    private final Object specialLock = new Object();

    /**
     * Creates a tokenizer that opens its file at the first use.
     *
     * @param check check of the tokenizer before it is opened
     * @param listener receives rows that are longer than those the model was trained with
     */
    ModelTokenizer(ModelBlueprint blueprint, TokenizerCheck check, ModelListener listener) {
        this.blueprint = blueprint;
        this.check = check;
        this.listener = listener;
        this.checkpoint = blueprint.checkpoint();
    }

    /** Purpose of the tokenized rows. */
    private enum Purpose {
        /** Rows are only read. */
        READ,
        /** Rows are learned from: the tokens of the answers get labels. */
        LEARN,
        /** Rows are prompts that the model answers. */
        ANSWER
    }

    /**
     * Tokenizes rows, with the prompt of their form.
     *
     * @param settings maximum number of tokens per row, and compatibility switches of the reference implementation
     * @throws UserException if there is text but no tokenizer, images that the model does not see, or ids that do not
     *     fit
     */
    TokenizedDataset tokenize(Dataset data, DataSettings settings, Progress progress) {
        return tokenize(data, settings, Purpose.READ, 0, progress);
    }

    /**
     * Tokenizes rows with labels for a language model: the tokens of answers, or of the whole text if there is no
     * prompt. Rows of token ids keep the labels of their file, if any.
     */
    TokenizedDataset tokenizeToLearn(Dataset data, DataSettings settings, Progress progress) {
        return tokenize(data, settings, Purpose.LEARN, 0, progress);
    }

    /**
     * Tokenizes rows as prompts for generation: without their answers, and without the end-of-sequence token that the
     * tokenizer appends to a text.
     *
     * @param newTokens maximum number of generated tokens per row
     */
    TokenizedDataset prompts(Dataset data, DataSettings settings, int newTokens, Progress progress) {
        return tokenize(data, settings, Purpose.ANSWER, newTokens, progress);
    }

    /**
     * Opens the tokenizer on a thread of its own, beside other work. The first use waits for its end and
     * reports its failure; the next one then opens the tokenizer itself.
     *
     * @param text returns true if the tokenizer will be needed; called on that thread, may wait
     */
    synchronized void begin(Predicate<Progress> text) {
        opening = BackgroundTask.start(
                "open tokenizer",
                progress -> checkpoint.tokenizer().isPresent() && text.test(progress)
                        ? Optional.of(open(progress))
                        : Optional.empty());
    }

    /** Returns the tokenizer; empty if the model has none. */
    Optional<TextTokenizer> textTokenizer(Progress progress) {
        return checkpoint.tokenizer().map(file -> tokenizer(progress));
    }

    /**
     * Tokenizes rows whose remarks the listener gets when they are used.
     *
     * @param learn true for the rows of {@link #tokenizeToLearn}, false for those of {@link #tokenize}
     */
    TokenizedDataset tokenizeSilently(Dataset data, DataSettings settings, boolean learn, Progress progress) {
        return tokens(data, settings, learn ? Purpose.LEARN : Purpose.READ, progress);
    }

    private TokenizedDataset tokenize(
            Dataset data, DataSettings settings, Purpose purpose, int newTokens, Progress progress) {
        TokenizedDataset tokenized = tokens(data, settings, purpose, progress);
        int positions = blueprint.config().positions().most();
        int longest = tokenized.rows().stream().mapToInt(TokenRow::length).max().orElse(0);
        if ((long) longest + newTokens > positions) {
            listener.longRow(data.name(), longest + newTokens, positions);
        }
        int maxLength = settings.maxLength();
        if (data.pretokenized() && longest > maxLength && maxLength != DataSettings.DEFAULT_MAX_LENGTH) {
            listener.uncutRow(data.name(), longest);
        }
        return tokenized;
    }

    private TokenizedDataset tokens(Dataset data, DataSettings settings, Purpose purpose, Progress progress) {
        int maxLength = settings.maxLength();
        ModelConfig config = blueprint.config();
        int positions = config.positions().limited() ? config.positions().most() : Integer.MAX_VALUE;
        ImageUse images = imageUse(data);
        TokenizedDataset tokenized;
        if (data.pretokenized()) {
            tokenized = TokenizedDataset.of(data, config.vocabularySize(), positions, config.segments(), images);
        } else {
            tokenized = encode(data, purpose, maxLength, positions, images, progress);
            tokenized =
                    special().typed() ? tokenized : tokenized.with(Set.of(ReferenceCompatibility.NO_TOKEN_TYPES), null);
            tokenized.requireFits(config.vocabularySize(), config.segments());
        }
        if (images == null) {
            requireNoImageTokens(tokenized, data);
        }
        if (settings.compatibility().isEmpty()) {
            return tokenized;
        }
        SpecialTokens.Token end = special().eos();
        return tokenized.with(settings.compatibility(), end == null ? null : end.id());
    }

    private TokenizedDataset encode(
            Dataset data, Purpose purpose, int maxLength, int positions, @Nullable ImageUse images, Progress progress) {
        boolean learn = purpose == Purpose.LEARN;
        SpecialTokens special = special();
        boolean left = special.truncatesLeft();
        Long dropped = purpose == Purpose.ANSWER && special.eos() != null
                ? special.eos().id()
                : null;
        boolean sees = blueprint.description().vision() != null;
        if (data.form() == TextForm.IMAGE_QUESTION && !sees) {
            throw new UserException(
                    blueprint.description().wrapped()
                            ? "%s asks about images, but of %s models Layerwise computes the language model alone; take rows of text, or a llava model."
                                    .formatted(
                                            data.location(), blueprint.config().family())
                            : "%s asks about images, but the model sees none; take a vision model."
                                    .formatted(data.location()));
        }
        if (data.form() == TextForm.PLAIN && !sees) {
            EncodingRules rules = new EncodingRules(true, left, null, learn ? new LearnedTokens.All() : null, dropped);
            return tokenizer(progress).encode(data, maxLength, positions, rules, progress);
        }
        boolean plain = data.form() == TextForm.PLAIN;
        Prompts forms = new Prompts(checkpoint.folder(), special);
        Prompts.Rendered rendered =
                purpose == Purpose.ANSWER ? forms.questions(data, progress) : forms.render(data, progress);
        if (learn && rendered.remark() != null) {
            progress.note(rendered.remark());
        }
        Dataset prompts =
                plain ? LlavaPrompt.of(checkpoint.folder(), special).prompts(data, progress) : rendered.rows();
        // to the text of a template, tokenizers of transformers add no special tokens; its processors add those that
        // the first row lacks
        boolean written = plain || rendered.templated();
        boolean add = !written || sees && special.addedTo(prompts.texts().get(0));
        LearnedTokens learned =
                rendered.answers().isEmpty() ? new LearnedTokens.All() : new LearnedTokens.InParts(rendered.answers());
        EncodingRules rules = new EncodingRules(add, left, images, learn ? learned : null, dropped);
        return tokenizer(progress).encode(prompts, maxLength, positions, rules, progress);
    }

    /** Returns the use of images; null for a model that sees no images, and for data without images. */
    private @Nullable ImageUse imageUse(Dataset data) {
        return data.images() == null
                ? null
                : imageTokens()
                        .map(tokens -> new ImageUse(tokens, ImagePreprocessor.ofModel(checkpoint.folder())))
                        .orElse(null);
    }

    private Optional<ImageTokens> imageTokens() {
        VisionConfig vision = blueprint.description().vision();
        return vision == null
                ? Optional.empty()
                : Optional.of(new ImageTokens(vision.imageToken(), vision.tokensPerImage()));
    }

    private void requireNoImageTokens(TokenizedDataset tokenized, Dataset data) {
        imageTokens().ifPresent(tokens -> {
            for (int row = 0; row < tokenized.size(); row++) {
                if (tokens.in(tokenized.rows().get(row)) > 0) {
                    throw new UserException(
                            "The text in %s has image tokens (id %s) but no image; name the column of the images."
                                    .formatted(data.place(row), tokens.tokenId()));
                }
            }
        });
    }

    // a large tokenizer.json is parsed for the special tokens, once
    private SpecialTokens special() {
        synchronized (specialLock) {
            if (special == null) {
                special = SpecialTokens.read(checkpoint.folder());
            }
            return special;
        }
    }

    private synchronized TextTokenizer tokenizer(Progress progress) {
        if (tokenizer == null) {
            tokenizer = ahead(progress).orElseGet(() -> open(progress));
        }
        return tokenizer;
    }

    /** Returns the tokenizer that was opened ahead, for which it waits. After a failure the next use opens it again. */
    private Optional<TextTokenizer> ahead(Progress progress) {
        if (opening == null) {
            return Optional.empty();
        }
        try {
            Optional<TextTokenizer> opened = opening.await(progress);
            opening = null;
            return opened;
        } catch (CancelledException e) {
            throw e; // the opening goes on
        } catch (RuntimeException | Error e) {
            opening = null;
            throw e;
        }
    }

    private TextTokenizer open(Progress progress) {
        progress.report(Progress.UNKNOWN, "Opening the tokenizer");
        Path file = checkpoint.tokenizer().orElse(checkpoint.folder().resolve("tokenizer.json"));
        return TextTokenizer.open(file, special(), check, progress);
    }

    @Override
    public synchronized void close() {
        if (opening != null) {
            opening.close();
            opening.finished().flatMap(opened -> opened).ifPresent(TextTokenizer::close);
            opening = null;
        }
        if (tokenizer != null) {
            tokenizer.close();
            tokenizer = null;
        }
    }
}
