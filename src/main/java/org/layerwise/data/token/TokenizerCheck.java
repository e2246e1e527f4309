package org.layerwise.data.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Sha256;
import org.layerwise.base.process.ChildProcess;
import org.layerwise.base.process.OwnCommand;
import org.layerwise.checkpoint.SampleModel;
import org.slf4j.LoggerFactory;

/**
 * Trial of each new tokenizer in a process of its own, since the native library ends the process, or never returns, on
 * some files. The tokenizers that passed are remembered by their content. A text that is not part of the trial may
 * still end the process.
 */
public final class TokenizerCheck {

    /** Time limit of a trial: the largest tokenizers take some seconds on a busy machine. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /**
     * Version of the trial, to be increased when the trial or the refused content changes, or the version of the native
     * library.
     */
    private static final String VERSION = "3";

    private final Path remembered;
    private final ChildProcess child;

    /**
     * Creates a check.
     *
     * @param cache the folder of files that can be created again at any time
     */
    public TokenizerCheck(Path cache) {
        this(cache, new ChildProcess(OwnCommand.briefCommand(), LIMIT));
    }

    TokenizerCheck(Path cache, ChildProcess child) {
        this.remembered = cache.resolve("tokenizers").resolve(VERSION);
        this.child = child;
    }

    /**
     * Makes sure that a tokenizer can be opened in this process.
     *
     * @throws UserException if it cannot be opened, or cannot be tried
     * @throws org.layerwise.base.CancelledException if the progress was cancelled
     */
    void require(TokenizerFile file, Progress progress) {
        String hash = HexFormat.of().formatHex(Sha256.digest().digest(file.content()));
        Path seen = remembered.resolve(hash);
        if (hash.equals(SampleModel.TOKENIZER_SHA256) || Files.exists(seen)) {
            return;
        }
        TokenizerRules.check(file);
        progress.report(Progress.UNKNOWN, "Trying the tokenizer in a process of its own");
        if (tried(file, progress).equals(TokenizerTrial.WORKS)) {
            AtomicFiles.writeString(seen, "");
        }
    }

    /**
     * Returns the result of the other process. A refused tokenizer is refused again, with the reason, when this process
     * opens it.
     */
    private String tried(TokenizerFile file, Progress progress) {
        try {
            ChildProcess.Ended ended = child.run(List.of(TokenizerTrial.ARGUMENT), input(file), progress)
                    .orElseThrow(() -> new UserException(
                            "%s cannot be used: the process that tried the tokenizer had not come to an end after %s seconds; download the file again from where the model came from."
                                    .formatted(file.path(), child.limit().toSeconds())));
            String said = ended.said().strip();
            if (ended.code() != 0
                    || !List.of(TokenizerTrial.WORKS, TokenizerTrial.REFUSED).contains(said)) {
                LoggerFactory.getLogger(TokenizerCheck.class).warn("{}: {}", file.path(), ended);
                throw new UserException(
                        "%s cannot be used: the tokenizer ended the process that tried it (code %s; the log has what it said); download the file again from where the model came from."
                                .formatted(file.path(), ended.code()));
            }
            return said;
        } catch (IOException e) {
            throw new UserException("Cannot try the tokenizer %s: %s.".formatted(file.path(), FileErrors.reason(e)), e);
        }
    }

    static byte[] input(TokenizerFile file) {
        int length = file.content().length;
        return ByteBuffer.allocate(Integer.BYTES + length)
                .putInt(length)
                .put(file.content())
                .array();
    }
}
