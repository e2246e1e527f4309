package org.layerwise.data.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.process.NativeCalls;

/**
 * Native tokenizer whose calls can be cancelled even while it processes a long text. Calls run in a thread of their
 * own. After a cancellation that thread is abandoned with its tokenizer, and the next call loads another tokenizer.
 */
final class CancellableTokenizer implements AutoCloseable {

    /**
     * Maximum number of characters of a text that regular expressions split. Oniguruma gives up at the ten-millionth
     * retry of one match, and the native library then ends the process. The expressions of known models need one or two
     * retries for each blank or letter of a run.
     */
    private static final int MOST_CHARACTERS = 4_000_000;

    private final TokenizerFile file;
    private final @Nullable Integer limit;
    private final TokenizationRisks risks;
    private @Nullable Loaded loaded;

    /**
     * Loads a tokenizer.
     *
     * @param limit maximum number of tokens of a row, special tokens included; null for no limit
     * @throws UserException if the file is no tokenizer
     */
    CancellableTokenizer(TokenizerFile file, @Nullable Integer limit) {
        this.file = file;
        this.limit = limit;
        this.risks = TokenizationRisks.of(file); // reads the whole file, which may be large
        loaded();
    }

    /**
     * Tokenises rows of one text each, or of two each.
     *
     * @return an encoding for each row
     * @throws UserException if the tokenizer cannot encode a text, or splits texts by regular expressions and a text is
     *     too long
     * @throws CancelledException if the progress was cancelled
     */
    Encoding[] encode(List<String[]> rows, boolean specialTokens, Progress progress) {
        if (risks.expressions()) {
            rows.forEach(this::requireLength);
        }
        return call(
                by -> {
                    if (by.trial != null) {
                        by.trial.require(rows, specialTokens);
                    }
                    return encode(by.tokenizer, rows, specialTokens);
                },
                progress);
    }

    /** Tokenises one row of one or two texts, as {@link #encode(List, boolean, Progress)} does. */
    Encoding encode(String[] row, boolean specialTokens, Progress progress) {
        return encode(Collections.singletonList(row), specialTokens, progress)[0];
    }

    /**
     * Returns the text of tokens, special ones left out or not; bytes that make no character are U+FFFD.
     *
     * @throws UserException if it would end the process
     */
    String decode(long[] ids, boolean skipSpecialTokens) {
        return call(
                by -> {
                    if (by.trial != null) {
                        by.trial.requireDecodable(ids, skipSpecialTokens);
                    }
                    return by.tokenizer.decode(ids, skipSpecialTokens);
                },
                Progress.none());
    }

    /** Tokenises rows of one text each, or of two each, with a tokenizer that may have a limit. */
    private static Encoding[] encode(HuggingFaceTokenizer tokenizer, List<String[]> rows, boolean specialTokens) {
        List<String> texts = column(rows, 0);
        return rows.get(0).length == 1
                ? tokenizer.batchEncode(texts, specialTokens, false)
                : tokenizer.batchEncode(new PairList<>(texts, column(rows, 1)), specialTokens, false);
    }

    private void requireLength(String[] row) {
        for (String text : row) {
            if (text.length() > MOST_CHARACTERS) {
                throw new UserException(
                        "A text has %s characters, more than the %s that the tokenizer %s can split by its regular expressions; shorten it or leave the row out."
                                .formatted(count(text.length()), count(MOST_CHARACTERS), file.path()));
            }
        }
    }

    private static String count(int characters) {
        return String.format(Locale.ROOT, "%,d", characters);
    }

    private static List<String> column(List<String[]> rows, int index) {
        return rows.stream().map(row -> row[index]).toList();
    }

    private <T> T call(Function<Loaded, T> call, Progress progress) {
        Started<T> started = start(call);
        try {
            return started.by.calls.result(started.answer, progress);
        } catch (CancelledException e) {
            release(started.by);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof UserException refused) {
                throw refused;
            }
            throw file.failure(Objects.requireNonNull(e.getCause()));
        }
    }

    /** Starts a call before another thread can close the tokenizer that it uses. */
    private synchronized <T> Started<T> start(Function<Loaded, T> call) {
        Loaded used = loaded();
        return new Started<>(used, used.calls.start(() -> call.apply(used)));
    }

    private synchronized Loaded loaded() {
        if (loaded == null) {
            loaded = new Loaded(
                    file.load(limit),
                    risks.unknown() ? new TokenizationCheck(file, limit) : null,
                    new NativeCalls("tokenizer"));
        }
        return loaded;
    }

    private synchronized void release(Loaded used) {
        if (loaded == used) {
            loaded = null;
            used.close();
        }
    }

    @Override
    public synchronized void close() {
        if (loaded != null) {
            release(loaded);
        }
    }

    private record Started<T>(Loaded by, Future<T> answer) {}

    /** @param trial of texts; null where none can end the process */
    private record Loaded(HuggingFaceTokenizer tokenizer, @Nullable TokenizationCheck trial, NativeCalls calls) {

        void close() {
            if (trial != null) {
                trial.close(); // the trial closes first, since a call may wait for its answer
            }
            calls.atEnd(() -> {
                tokenizer.close();
                return null;
            });
            calls.close();
        }
    }
}
