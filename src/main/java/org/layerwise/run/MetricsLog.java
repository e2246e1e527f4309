package org.layerwise.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.run.uncertainty.IntervalJson;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

/**
 * File {@code metrics.jsonl} of a run, with one line per step and one line per evaluation. Unlike other results, it is
 * written line by line during the run, so that users can follow it and it survives a crash.
 */
public final class MetricsLog implements RunLog, AutoCloseable {

    public static final String NAME = "metrics.jsonl";

    private final Path file;
    private final FileChannel channel;

    /**
     * Opens the file for appending after a number of bytes and truncates the rest.
     *
     * @param keep number of bytes to keep
     * @throws UserException if the file cannot be written, or is shorter than the number of bytes to keep
     */
    public MetricsLog(Path file, long keep) {
        this.file = file;
        WritablePaths.requireFile(file);
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.size() < keep) {
                channel.close();
                throw new UserException(
                        "%s is shorter than when the last checkpoint was written; put back the whole file, or start the training anew."
                                .formatted(file));
            }
            channel.truncate(keep);
            channel.position(keep);
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    /** Returns the length of the file in bytes. */
    long position() {
        try {
            return channel.position();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until all lines are on the disk. */
    void toDisk() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    @Override
    public void step(StepRecord step, double stepSeconds) {
        ObjectNode line = Json.object();
        line.put("step", step.step());
        line.put("loss", step.loss());
        line.put("learning_rate", step.learningRate());
        line.put("grad_norm", step.gradNorm());
        line.put("tokens_per_second", step.tokensPerSecond());
        line.put("seconds", step.seconds());
        line.put("step_seconds", stepSeconds);
        line.put("memory_bytes", step.memoryBytes());
        write(line);
    }

    @Override
    public void evaluation(int step, String prefix, Evaluation evaluation) {
        ObjectNode line = Json.object();
        line.put("step", step);
        line.put(prefix + "_loss", evaluation.loss());
        line.put(prefix + "_samples", evaluation.samples());
        evaluation.metrics().forEach((name, value) -> line.put(prefix + "_" + name, value));
        IntervalJson.put(line, prefix + "_" + IntervalJson.KEY, evaluation);
        write(line);
    }

    /**
     * Writes a line.
     *
     * @throws UserException if the file cannot be written, or was deleted or moved: what follows would be lost
     */
    private void write(ObjectNode line) {
        RunFile.requireThere(file);
        try {
            ByteBuffer bytes = ByteBuffer.wrap((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
