package org.layerwise.study;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a result was computed from and with, for whoever wants to repeat it.
 *
 * @param modelReference how the model is named to open it again: {@code sample}, a hub id or a folder; null if unknown
 * @param modelRevision commit of a model of the hub; null for a folder
 * @param modelSha256 over the names and contents of its weight files; null where a revision says it, or nothing was opened
 * @param dataSha256 over the rows that were used, whatever file they came from; null for representations from a file
 * @param adapter folder of an adapter that the model was analysed with; null for none
 * @param versions of what computed it, by name
 * @param computed when, as in ISO 8601
 * @param seconds that it took
 */
public record Provenance(
        @Nullable String modelReference,
        @Nullable String modelRevision,
        @Nullable String modelSha256,
        @Nullable String dataSha256,
        @Nullable String adapter,
        Map<String, String> versions,
        String computed,
        double seconds) {

    /** The time, as files hold it: in ISO 8601, to the second. */
    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
