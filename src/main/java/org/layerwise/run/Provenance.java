package org.layerwise.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Inputs and software of a result, so that it can be reproduced.
 *
 * @param modelReference reference that opens the model again: {@code sample}, a hub id or a folder; null if unknown
 * @param weights identity of the model's configuration and weights
 * @param dataSha256 SHA-256 hash over the rows that were used, regardless of their files; null for representations from
 *     a file
 * @param rows identity of the rows with their tokens and, for gradients, their labels; null for representations from a
 *     file, and for a file of an earlier version
 * @param adapter folder of an adapter that the model was analysed with; null for none
 * @param versions versions of the software, by name
 * @param computed time of the computation in ISO 8601
 * @param seconds duration of the computation in seconds
 */
public record Provenance(
        @Nullable String modelReference,
        ModelIdentity weights,
        @Nullable String dataSha256,
        @Nullable RowsIdentity rows,
        @Nullable String adapter,
        Map<String, String> versions,
        String computed,
        double seconds) {

    /** Returns the name of an adapter: that of its folder, or of the run that contains it. */
    public static String adapterName(String folder) {
        String[] parts = folder.replace('\\', '/').split("/");
        int last = parts.length - 1;
        return last > 0 && parts[last].equals(RunFileNames.ADAPTER) ? parts[last - 1] : parts[Math.max(last, 0)];
    }

    /** Returns the commit of a model of the hub; null for a folder. */
    public @Nullable String modelRevision() {
        return weights.revision();
    }

    /** Returns the SHA-256 hash over the weight files; null if there is a revision, or no weights were opened. */
    public @Nullable String modelSha256() {
        return weights.sha256();
    }

    /** Returns the current time in ISO 8601, to the second, as files store it. */
    public static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
