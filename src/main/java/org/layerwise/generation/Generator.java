package org.layerwise.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.token.TextTokenizer;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.layer.KeyValueCache;
import org.layerwise.tensor.Device;

/**
 * Generates continuations of prompts with a decoder, many rows at a time. The prompts are computed first, then one
 * token of each row at a time; keys and values of the previous tokens stay in a {@link KeyValueCache}. Each row
 * receives the same tokens as if it were generated alone.
 */
public final class Generator {

    private static final int ROWS_ON_CPU = 16;
    private static final int ROWS_ON_GPU = 64;
    private static final long MOST_CACHE_BYTES = 1L << 30;

    private final TransformerModel base;
    private final Transformer transformer;
    private final LanguageModelHead head;
    private final Set<Long> ends;
    private final @Nullable TextTokenizer tokenizer;

    /**
     * @param model model with a language-model head
     * @param ends tokens that end a row, see {@link EndTokens}
     * @param tokenizer tokenizer for texts and stop strings; null for none
     */
    public Generator(TaskModel model, Set<Long> ends, @Nullable TextTokenizer tokenizer) {
        if (!(model.head() instanceof LanguageModelHead predicting)) {
            throw new IllegalArgumentException("a classifier writes no text");
        }
        this.base = model.base();
        this.transformer = model.transformer();
        this.head = predicting;
        this.ends = Set.copyOf(ends);
        this.tokenizer = tokenizer;
    }

    /**
     * Returns the continuation of each prompt, in the order of the prompts.
     *
     * @param rowsAtOnce number of rows in parallel; null for a number that suits the device and a cache of 1 GB
     * @throws UserException if a row would exceed the model's positions, stop strings are given without a tokenizer, or
     *     the outputs of the model are NaN or infinite
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public List<GeneratedText> generate(
            TokenizedDataset prompts, GenerationSettings settings, @Nullable Integer rowsAtOnce, Progress progress) {
        requirePossible(prompts, settings);
        Set<Long> stopTokens = new HashSet<>();
        for (String stop : settings.stopStrings()) {
            OptionalLong special = tokenizer == null ? OptionalLong.empty() : tokenizer.specialToken(stop);
            special.ifPresent(stopTokens::add);
        }
        GeneratedText[] generated = new GeneratedText[prompts.size()];
        int done = 0;
        for (List<GenerationRow> rows : groups(prompts, settings, rowsAtOnce)) {
            Decoding decoding =
                    new Decoding(base, transformer, head, settings, ends, stopTokens, prompts.images(), rows);
            String message = "Generating rows %s to %s of %s".formatted(done + 1, done + rows.size(), prompts.size());
            double from = (double) done / prompts.size();
            done += rows.size();
            decoding.run(message, progress.part(from, (double) done / prompts.size()));
            rows.forEach(row -> generated[row.index()] = row.generated());
        }
        return Arrays.asList(generated);
    }

    private void requirePossible(TokenizedDataset prompts, GenerationSettings settings) {
        if (!settings.stopStrings().isEmpty() && tokenizer == null) {
            throw new UserException(
                    "%s has no tokenizer.json, so no stop string can be found; leave out the stop strings."
                            .formatted(base.checkpoint().folder()));
        }
        ModelConfig.Positions positions = base.config().positions();
        for (int row = 0; row < prompts.size(); row++) {
            if (prompts.rows().get(row).mask() != null) {
                throw new IllegalArgumentException("prompts are seen whole");
            }
            int length = prompts.rows().get(row).length();
            // the last new token is not an input
            if (positions.limited() && length + settings.maxNewTokens() - 1L > positions.most()) {
                throw new UserException(
                        "Row %s of %s has %s tokens and may get %s more, but the model has %s positions; shorten it or ask for fewer new tokens."
                                .formatted(row + 1, prompts.name(), length, settings.maxNewTokens(), positions.most()));
            }
        }
    }

    /** Returns groups of rows with similar lengths, the longest rows first. */
    private List<List<GenerationRow>> groups(
            TokenizedDataset prompts, GenerationSettings settings, @Nullable Integer rowsAtOnce) {
        List<GenerationRow> order = IntStream.range(0, prompts.size())
                .boxed()
                .sorted((a, b) ->
                        prompts.rows().get(b).length() - prompts.rows().get(a).length())
                .map(index -> row(index, prompts.rows().get(index).ids(), settings))
                .toList();
        RowPadding padding = base.config().rowPadding();
        List<List<GenerationRow>> groups = new ArrayList<>();
        int start = 0;
        while (start < order.size()) {
            int first = order.get(start).length();
            int end = Math.min(order.size(), start + rows(first + settings.maxNewTokens(), rowsAtOnce));
            // rows whose rotary angles change with the length must have the same length
            while (!padding.joins(
                    order.get(end - 1).length() + settings.maxNewTokens(), first + settings.maxNewTokens())) {
                end--;
            }
            groups.add(order.subList(start, end));
            start = end;
        }
        return groups;
    }

    private GenerationRow row(int index, long[] prompt, GenerationSettings settings) {
        return new GenerationRow(
                index, prompt, settings.seed(), tokenizer == null ? null : new Continuation(tokenizer, prompt));
    }

    private int rows(int length, @Nullable Integer rowsAtOnce) {
        if (rowsAtOnce != null) {
            return rowsAtOnce;
        }
        long fit = MOST_CACHE_BYTES / KeyValueCache.bytesPerRow(base.config(), transformer.type(), length);
        int most = base.device().kind() == Device.Kind.CPU ? ROWS_ON_CPU : ROWS_ON_GPU;
        return (int) Math.max(1, Math.min(most, fit));
    }
}
