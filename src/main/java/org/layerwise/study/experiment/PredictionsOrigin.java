package org.layerwise.study.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.JsonRecords;
import org.layerwise.run.FileHash;
import org.layerwise.run.Run;
import org.layerwise.run.RunFileNames;

/**
 * File {@code predictions-origin.json}, which ties the predictions in the folder of a run to the adapter that made them.
 *
 * @param adapterSha256 SHA-256 hash of the adapter's weights; null if the file does not say it
 * @param predictionsSha256 SHA-256 hash of the predictions; null if the file does not say it
 */
record PredictionsOrigin(@Nullable String adapterSha256, @Nullable String predictionsSha256) {

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
        return JsonRecords.read(file, PredictionsOrigin.class, "Delete the file, and the predictions are made anew.")
                .equals(now(run, FileHash.ofAdapter(run.adapter())));
    }

    /**
     * Writes the file for new predictions.
     *
     * @param adapterSha256 hash of the weights of the adapter before the predictions were made
     * @throws org.layerwise.base.UserException if the file cannot be written
     */
    static void write(Run run, String adapterSha256) {
        JsonRecords.write(run.folder().resolve(RunFileNames.PREDICTIONS_ORIGIN), now(run, adapterSha256));
    }

    private static PredictionsOrigin now(Run run, String adapterSha256) {
        return new PredictionsOrigin(adapterSha256, FileHash.sha256(run.folder().resolve(Predictions.FILE)));
    }
}
