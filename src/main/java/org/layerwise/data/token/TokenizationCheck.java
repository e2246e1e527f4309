package org.layerwise.data.token;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.process.OwnCommand;
import org.layerwise.base.process.PipedProcess;
import org.layerwise.data.Excerpt;

/**
 * Encodes each text and decodes all tokens in another process before this one does, for tokenizers that may end the process by it
 * ({@link TokenizationRisks}): a regular expression that goes back too often does. The other process starts with the first text and lives
 * until this is closed.
 */
final class TokenizationCheck implements AutoCloseable {

    private final TokenizerFile file;
    private final @Nullable Integer limit;
    private final List<String> program;
    private @Nullable PipedProcess process;
    private boolean closed;

    /**
     * Creates a trial for a tokenizer.
     *
     * @param limit maximum number of tokens of a row; null for no limit
     */
    TokenizationCheck(TokenizerFile file, @Nullable Integer limit) {
        this(file, limit, OwnCommand.briefCommand());
    }

    TokenizationCheck(TokenizerFile file, @Nullable Integer limit, List<String> program) {
        this.file = file;
        this.limit = limit;
        this.program = List.copyOf(program);
    }

    /**
     * Makes sure that rows do not end the process that encodes them.
     *
     * @param rows one or two texts each
     * @throws UserException if a row ends the process, or the other process cannot be started
     */
    void require(List<String[]> rows, boolean specialTokens) {
        for (String[] row : rows) {
            require(row, specialTokens);
        }
    }

    private void require(String[] row, boolean specialTokens) {
        boolean stood = stands(out -> {
            out.writeByte(specialTokens ? TokenizationProbe.ENCODE_SPECIAL : TokenizationProbe.ENCODE);
            out.writeByte(row.length);
            for (String text : row) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
        });
        if (!stood) {
            throw new UserException(
                    "The regular expressions of the tokenizer %s end the process that encodes the text \"%s\"; leave the row out, or download the tokenizer again from where the model came from."
                            .formatted(file.path(), Excerpt.text(String.join(" ", row))));
        }
    }

    /**
     * Makes sure that tokens do not end the process that decodes them.
     *
     * @throws UserException if they do, or the other process cannot be started
     */
    void requireDecodable(long[] ids, boolean skipSpecialTokens) {
        boolean stood = stands(out -> {
            out.writeByte(skipSpecialTokens ? TokenizationProbe.DECODE_WITHOUT_SPECIAL : TokenizationProbe.DECODE);
            out.writeInt(ids.length);
            for (long id : ids) {
                out.writeLong(id);
            }
        });
        if (!stood) {
            throw new UserException(
                    "The decoder of the tokenizer %s ends the process that makes text of %s; download the tokenizer again from where the model came from."
                            .formatted(file.path(), Excerpt.count(ids.length, "token")));
        }
    }

    /** Tells if the other process goes on after a request. */
    private boolean stands(Request request) {
        PipedProcess other;
        try {
            other = process();
        } catch (IOException e) {
            throw new UserException(
                    "The tokenizer %s may end the process that uses it, and the process to try texts in cannot be started: %s."
                            .formatted(file.path(), e.getMessage()),
                    e);
        }
        int answer;
        try {
            request.write(other.requests());
            other.requests().flush();
            answer = other.answers().read();
        } catch (IOException e) {
            answer = -1; // the process ended during the writing
        }
        if (answer != TokenizationProbe.DONE) {
            end();
        }
        return answer == TokenizationProbe.DONE;
    }

    /** Writes what the other process shall try. */
    @FunctionalInterface
    private interface Request {
        void write(DataOutputStream out) throws IOException;
    }

    private synchronized PipedProcess process() throws IOException {
        if (closed) {
            throw new IOException("it was closed");
        }
        if (process == null) {
            process = PipedProcess.start(program, TokenizationProbe.ARGUMENT);
            process.requests().writeInt(limit == null ? TokenizationProbe.UNLIMITED : limit);
            process.requests().writeInt(file.content().length);
            process.requests().write(file.content());
        }
        return process;
    }

    /** Ends the other process; the next text starts another one. */
    private synchronized void end() {
        if (process != null) {
            process.kill();
        }
        process = null;
    }

    /** Ends the other process, even while it encodes a text. */
    @Override
    public synchronized void close() {
        closed = true;
        end();
    }
}
