package org.layerwise.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.token.RowImages;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.NonFiniteDiagnosis;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.input.TokenRange;
import org.layerwise.model.layer.KeyValueCache;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Generates tokens for several rows in parallel until each of them has ended; rows that have ended leave the batch. */
final class Decoding {

    private static final int PROMPT_TOKENS_ON_CPU = 512;
    private static final int PROMPT_TOKENS_ON_GPU = 16_384;
    private static final int ROOM = 64;

    /**
     * Maximum length of a prompt that is computed at once, in tokens. A longer prompt is computed in parts: one layer
     * of 100,000 tokens takes minutes on a processor, during which nobody could cancel.
     */
    private static final int WHOLE_PROMPT_ON_CPU = 4096;

    private static final int WHOLE_PROMPT_ON_GPU = 16_384;
    private static final int PART_ON_CPU = 256;
    private static final int PART_ON_GPU = 1024;

    private final TensorEngine engine;
    private final TransformerModel base;
    private final Transformer transformer;
    private final LanguageModelHead head;
    private final GenerationSettings settings;
    private final Set<Long> ends;
    private final Set<Long> stopTokens;
    private final Sampler sampler;
    private final @Nullable RowImages images;
    private final List<GenerationRow> rows;
    private List<GenerationRow> growing;

    /** @param rows rows, the longest first */
    Decoding(
            TransformerModel base,
            Transformer transformer,
            LanguageModelHead head,
            GenerationSettings settings,
            Set<Long> ends,
            Set<Long> stopTokens,
            @Nullable RowImages images,
            List<GenerationRow> rows) {
        this.engine = base.engine();
        this.base = base;
        this.transformer = transformer;
        this.head = head;
        this.settings = settings;
        this.ends = settings.ignoreEos() ? Set.of() : ends;
        this.stopTokens = stopTokens;
        this.sampler = new Sampler(settings.temperature(), settings.topP());
        this.images = images;
        this.rows = rows;
        this.growing = rows;
    }

    /** @param message message of the progress */
    void run(String message, Progress progress) {
        int longest = rows.get(0).length();
        int capacity = longest + Math.min(settings.maxNewTokens(), Math.max(ROOM, longest / 2));
        try (KeyValueCache cache =
                new KeyValueCache(engine, base.config(), rows.size(), capacity, base.device(), transformer.type())) {
            progress.report(0, message);
            take(prompts(cache, progress.silent()), cache);
            for (int step = 1; !growing.isEmpty(); step++) {
                progress.check();
                progress.report((double) step / settings.maxNewTokens(), "%s, token %s".formatted(message, step + 1));
                int length = growing.get(0).length();
                boolean kept = base.config().keepsAngles(length - 1, length);
                take(kept ? next(cache, progress.silent()) : prompts(cache, progress.silent()), cache);
            }
        }
    }

    /** Adds a token to each row; rows that end leave the batch. */
    private void take(long[] tokens, KeyValueCache cache) {
        List<GenerationRow> left = new ArrayList<>();
        int[] places = new int[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            GenerationRow row = growing.get(i);
            row.add(tokens[i], settings.maxNewTokens(), ends, stopTokens, settings.stopStrings());
            if (!row.finished()) {
                places[left.size()] = i;
                left.add(row);
            }
        }
        if (!left.isEmpty() && left.size() < growing.size()) {
            cache.keep(Arrays.copyOf(places, left.size()));
        }
        growing = left;
    }

    /** Computes all tokens of all rows, some rows at a time; returns the next token of each row. */
    private long[] prompts(KeyValueCache cache, Progress progress) {
        long[] chosen = new long[growing.size()];
        int most = onCpu() ? PROMPT_TOKENS_ON_CPU : PROMPT_TOKENS_ON_GPU;
        int start = 0;
        while (start < growing.size()) {
            int end = Math.min(
                    growing.size(),
                    start + Math.max(1, most / growing.get(start).length()));
            List<GenerationRow> some = growing.subList(start, end);
            if (some.size() == 1
                    && images == null
                    && some.get(0).length() > (onCpu() ? WHOLE_PROMPT_ON_CPU : WHOLE_PROMPT_ON_GPU)) {
                chosen[start] = longPrompt(some, cache, start, progress);
                start = end;
                continue;
            }
            try (Scope scope = engine.inference()) {
                TokenBatch batch = batch(some);
                Tensor hidden = transformer.forward(base.input(batch), cache, start, progress);
                Tensor last = hidden.reshape(-1, hidden.size(2)).indexSelect(0, lastPlaces(some, batch.length()));
                System.arraycopy(choose(head.logits(last), some), 0, chosen, start, some.size());
            }
            start = end;
        }
        return chosen;
    }

    /** Computes one row in parts; returns its next token. */
    private long longPrompt(List<GenerationRow> one, KeyValueCache cache, int place, Progress progress) {
        long[] ids = one.get(0).ids();
        int from = 0;
        while (true) {
            int to = Math.min(ids.length, from + (onCpu() ? PART_ON_CPU : PART_ON_GPU));
            try (Scope scope = engine.inference()) {
                Tensor hidden = transformer.forward(base.input(new TokenRange(ids, from, to)), cache, place, progress);
                if (to == ids.length) {
                    return choose(head.logits(hidden.select(1, to - from - 1)), one)[0];
                }
            }
            from = to;
        }
    }

    private boolean onCpu() {
        return base.device().kind() == Device.Kind.CPU;
    }

    private TokenBatch batch(List<GenerationRow> some) {
        int length = some.stream().mapToInt(GenerationRow::length).max().orElseThrow();
        long[] ids = new long[Math.multiplyExact(some.size(), length)];
        long[] mask = new long[ids.length];
        Arrays.fill(ids, base.config().rowPadding().id());
        for (int i = 0; i < some.size(); i++) {
            for (int position = 0; position < some.get(i).length(); position++) {
                ids[i * length + position] = some.get(i).token(position);
                mask[i * length + position] = 1;
            }
        }
        int[] indices = some.stream().mapToInt(GenerationRow::index).toArray();
        return new TokenBatch(
                some.size(), length, ids, new long[ids.length], mask, images == null ? null : images.batch(indices));
    }

    private Tensor lastPlaces(List<GenerationRow> some, int length) {
        long[] places = new long[some.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = (long) i * length + some.get(i).length() - 1;
        }
        return engine.of(places, places.length).to(base.device());
    }

    /** Computes the last token of each row; returns the next token of each row. */
    private long[] next(KeyValueCache cache, Progress progress) {
        long[] ids = new long[growing.size()];
        int[] positions = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            positions[i] = growing.get(i).length() - 1;
            ids[i] = growing.get(i).token(positions[i]);
        }
        try (Scope scope = engine.inference()) {
            Tensor hidden = transformer.forward(base.next(ids, positions), cache, 0, progress);
            return choose(head.logits(hidden.reshape(ids.length, -1)), growing);
        }
    }

    /** @param logits {@code [rows, vocabulary]} */
    private long[] choose(Tensor logits, List<GenerationRow> some) {
        if (settings.greedy()) {
            // read at once, since each read waits for the device; ids are whole numbers far below 2^53
            double[] read = engine.cat(
                            List.of(
                                    logits.max().cast(DType.F64).reshape(1),
                                    logits.argmax(-1).cast(DType.F64)),
                            0)
                    .doubles();
            requireFinite(read[0], logits, some);
            return Arrays.stream(read).skip(1).mapToLong(id -> (long) id).toArray();
        }
        float[] values = logits.floats();
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            largest = Math.max(largest, value); // NaN if one is
        }
        requireFinite(largest, logits, some);
        int vocabulary = values.length / some.size();
        long[] chosen = new long[some.size()];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = sampler.draw(values, i, vocabulary, some.get(i).random());
        }
        return chosen;
    }

    private void requireFinite(double largest, Tensor logits, List<GenerationRow> some) {
        if (!Double.isFinite(largest)) {
            throw noToken(logits, some);
        }
    }

    private UserException noToken(Tensor logits, List<GenerationRow> some) {
        NonFiniteDiagnosis.requireWeights(base);
        int broken = 0;
        while (Double.isFinite(logits.select(0, broken).max().item())) {
            broken++;
        }
        return new UserException(
                "The model's outputs are NaN or infinite for row %s, so it names no next token; compute in f32 or bf16."
                        .formatted(some.get(broken).index() + 1));
    }
}
