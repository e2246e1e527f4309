package org.layerwise.study.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.layerwise.base.json.Json;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.run.FileHash;
import org.layerwise.run.Run;
import org.layerwise.run.RunFileNames;

/**
 * File {@code predictions-origin.json}, which ties the predictions in the folder of a run to the adapter that made them.
 *
 * @param adapterSha256 SHA-256 hash of the adapter's weights
 * @param predictionsSha256 SHA-256 hash of the predictions
 */
record PredictionsOrigin(String adapterSha256, String predictionsSha256) {

    private static final String ADAPTER = "adapter_sha256";
    private static final String PREDICTIONS = "predictions_sha256";

    /**
     * Returns true if the predictions of a run exist and are known to be those of its adapter. Those of an earlier
     * version are of an unknown adapter.
     *
     * @throws org.layerwise.base.UserException if a file cannot be read
     */
    static boolean isOf(Run run) {
        Path file = run.folder().resolve(RunFileNames.PREDICTIONS_ORIGIN);
        if (!Files.isRegularFile(file) || !Files.isRegularFile(run.folder().resolve(Predictions.FILE))) {
            return false;
        }
        JsonNode json = Json.read(file);
        return now(run, adapter(run))
                .equals(new PredictionsOrigin(
                        json.path(ADAPTER).asText(), json.path(PREDICTIONS).asText()));
    }

    /**
     * Returns the SHA-256 hash of the weights of a run's adapter.
     *
     * @throws org.layerwise.base.UserException if the file cannot be read
     */
    static String adapter(Run run) {
        return FileHash.sha256(run.adapter().resolve(PeftAdapter.WEIGHTS));
    }

    /**
     * Writes the file for new predictions.
     *
     * @param adapterSha256 {@link #adapter} before the predictions were made
     * @throws org.layerwise.base.UserException if the file cannot be written
     */
    static void write(Run run, String adapterSha256) {
        PredictionsOrigin origin = now(run, adapterSha256);
        Json.write(
                run.folder().resolve(RunFileNames.PREDICTIONS_ORIGIN),
                Json.object().put(ADAPTER, origin.adapterSha256).put(PREDICTIONS, origin.predictionsSha256));
    }

    private static PredictionsOrigin now(Run run, String adapterSha256) {
        return new PredictionsOrigin(adapterSha256, FileHash.sha256(run.folder().resolve(Predictions.FILE)));
    }
}
