package org.layerwise.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.layerwise.base.ByteSize;
import org.layerwise.base.json.Json;

/**
 * Files that a job lists in {@code results.json} of its run, as far as they may be fetched.
 *
 * @param files files by their paths in the run's folder
 */
record JobResults(SortedMap<String, Written> files) {

    /** Name of the file in the run's folder on the cluster. */
    static final String FILE = "results.json";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * File as the job has written it.
     *
     * @param sha256 SHA-256 of its content in hexadecimal
     */
    record Written(String sha256, long bytes) {}

    /**
     * Reads the list.
     *
     * @throws BrokenResultsException if the list is broken, names a file outside the run's folder, lists none of the
     *     requested files, or one of them without its hash and size
     */
    static JobResults of(String text, JobTicket ticket, JobOutput wanted) {
        JsonNode all = tree(text, ticket).path("files");
        SortedMap<String, Written> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> file : all.properties()) {
            String name = file.getKey();
            if (name.startsWith("/") || List.of(name.split("/", -1)).contains("..")) {
                throw new BrokenResultsException("The results of the job %s name a file outside of its folder: %s."
                        .formatted(ticket.id(), JobLogText.line(name)));
            }
            if (wanted.has(name)) {
                files.put(name, written(name, file.getValue(), ticket));
            }
        }
        if (files.isEmpty()) {
            throw new BrokenResultsException(
                    "The results of the job %s list no file that a job of this kind writes; see its log."
                            .formatted(ticket.id()));
        }
        return new JobResults(files);
    }

    private static Written written(String name, JsonNode json, JobTicket ticket) {
        String sha256 = json.path("sha256").asText("");
        JsonNode bytes = json.path("bytes");
        if (!SHA256.matcher(sha256).matches() || !bytes.canConvertToLong() || bytes.longValue() < 0) {
            throw new BrokenResultsException("The results of the job %s give no SHA-256 and size of %s; see its log."
                    .formatted(ticket.id(), name));
        }
        long most = JobOutput.mostBytes(name);
        if (bytes.longValue() > most) {
            throw new BrokenResultsException(
                    "The results of the job %s give %s the size %s, more than the %s that it may have."
                            .formatted(ticket.id(), name, ByteSize.of(bytes.longValue()), ByteSize.of(most)));
        }
        return new Written(sha256, bytes.longValue());
    }

    private static JsonNode tree(String text, JobTicket ticket) {
        try {
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new BrokenResultsException(
                    "The list of the results of the job %s cannot be read; see its log.".formatted(ticket.id()), e);
        }
    }
}
