package org.layerwise.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.run.uncertainty.RowMetrics;

/**
 * Run whose adapter was made from that of another run, without a training. Its files are those of a finished run, with
 * the settings, inputs, steps, times and memory of the training, and without its log and checkpoints.
 */
public final class DerivedRun {

    private DerivedRun() {}

    /**
     * Writes {@code run.json}, {@code config.yaml}, {@code summary.json} and {@code evaluated-rows.json} into the folder of
     * a summary.
     *
     * @param source finished run that trained the adapter
     * @param name display name of the run
     * @param summary summary of the run
     * @param layersReason reason for its layers, in words that follow "They were chosen"; null if no reason is
     *     known
     * @param rows results of each row by the name of the evaluation in the summary
     * @throws UserException if a file of the training is missing or broken
     * @throws IOException if a file cannot be written
     */
    public static void write(
            Run source,
            String name,
            TrainingSummary summary,
            @Nullable String layersReason,
            Map<String, RowMetrics> rows)
            throws IOException {
        Path folder = summary.folder();
        ObjectNode run = object(source.folder().resolve(RunFile.NAME));
        run.put("id", UUID.randomUUID().toString());
        run.put("name", name);
        run.put("created", Instant.now().toString());
        run.put("started", Provenance.now());
        run.set("layers", Json.tree(summary.layers()));
        run.put(RunFile.LAYERS_REASON, layersReason);
        Json.write(folder.resolve(RunFile.NAME), run);
        RunFile.open(folder).end(RunState.FINISHED, null);
        Path config = source.folder().resolve(RunConfig.NAME);
        if (Files.isRegularFile(config)) {
            Files.copy(config, folder.resolve(RunConfig.NAME));
        }
        SummaryFile.writeDerived(
                object(source.folder().resolve(SummaryFile.NAME)), summary, SummaryFile.writeRows(folder, rows));
    }

    private static ObjectNode object(Path file) {
        if (Json.read(file) instanceof ObjectNode json) {
            return json;
        }
        throw new UserException("%s is not the file of a run.".formatted(file));
    }
}
