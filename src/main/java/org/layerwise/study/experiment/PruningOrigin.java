package org.layerwise.study.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.JsonRecords;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.run.FileHash;
import org.layerwise.run.Run;
import org.layerwise.run.RunFileNames;

/**
 * File {@code pruning-origin.json}, which ties a pruned run to the adapter that it was made from.
 *
 * @param wholeSha256 SHA-256 hash of the weights of the whole adapter; null if the file does not say it
 * @param prunedSha256 SHA-256 hash of the weights that are left; null if the file does not say it
 * @param layers layers that are left; null if the file does not say it
 */
record PruningOrigin(@Nullable String wholeSha256, @Nullable String prunedSha256, @Nullable List<Integer> layers) {

    static final String NAME = "pruning-origin.json";

    /**
     * Returns true if a folder holds a pruned run that is known to be made from the adapter that a run has now.
     *
     * @param count number of layers that stay
     * @throws org.layerwise.base.UserException if a file cannot be read
     */
    static boolean isOf(Path folder, Run whole, int count) {
        Path file = folder.resolve(NAME);
        Path pruned = folder.resolve(RunFileNames.ADAPTER);
        if (!Files.isRegularFile(file)
                || !Files.isRegularFile(pruned.resolve(PeftAdapter.WEIGHTS))
                || !Run.isRun(folder)) {
            return false;
        }
        PruningOrigin made =
                JsonRecords.read(file, PruningOrigin.class, "Delete the folder, and the adapter is pruned again.");
        return Run.open(folder).summary().isPresent()
                && made.layers() != null
                && made.layers().size() == count
                && FileHash.ofAdapter(whole.adapter()).equals(made.wholeSha256())
                && FileHash.ofAdapter(pruned).equals(made.prunedSha256());
    }

    /**
     * Writes the file for a new pruned adapter.
     *
     * @param wholeSha256 hash of the whole adapter before it was pruned
     */
    static void write(Path folder, String wholeSha256, SortedSet<Integer> layers) {
        JsonRecords.write(
                folder.resolve(NAME),
                new PruningOrigin(
                        wholeSha256, FileHash.ofAdapter(folder.resolve(RunFileNames.ADAPTER)), List.copyOf(layers)));
    }
}
