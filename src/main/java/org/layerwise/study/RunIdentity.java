package org.layerwise.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;

/**
 * What a run was made from: a run goes on only with the same.
 *
 * @param model how it is named: {@code sample}, a hub id or a folder
 * @param modelRevision commit of a model of the hub; null for a folder
 * @param modelSha256 over its weight files; null where a revision says it
 * @param dataSha256 over the texts of the training rows
 * @param rowsSha256 over their tokens and labels
 * @param validationSha256 over the tokens and labels of the validation rows; null for none
 * @param testSha256 over the tokens and labels of the test rows; null for none
 * @param adapterSha256 over the weights of the adapter that it started from; null for none
 */
public record RunIdentity(
        String model,
        @Nullable String modelRevision,
        @Nullable String modelSha256,
        @Nullable String dataSha256,
        String rowsSha256,
        @Nullable String validationSha256,
        @Nullable String testSha256,
        @Nullable String adapterSha256) {

    /**
     * Makes sure that nothing has changed since a run began.
     *
     * @throws UserException if something has
     */
    void requireUnchanged(RunIdentity now, Path folder) {
        require(
                Objects.equals(modelRevision, now.modelRevision) && Objects.equals(modelSha256, now.modelSha256),
                "the weights of %s".formatted(model),
                folder);
        require(rowsSha256.equals(now.rowsSha256), "the training rows, their labels or their tokens", folder);
        require(Objects.equals(validationSha256, now.validationSha256), "the validation rows", folder);
        require(Objects.equals(testSha256, now.testSha256), "the test rows", folder);
        require(Objects.equals(adapterSha256, now.adapterSha256), "the weights of the initial adapter", folder);
    }

    private static void require(boolean same, String what, Path folder) {
        if (!same) {
            throw new UserException(
                    "The run in %s cannot go on: %s have changed since it began; put back what it was made from, or start anew into another folder."
                            .formatted(folder, what));
        }
    }

    /** The hash of the first file of validation rows, which a run is told by; null for none. */
    public @Nullable String firstValidationSha256() {
        return validationSha256 == null ? null : validationSha256.split(",", 2)[0];
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("model", model);
        json.put("model_revision", modelRevision);
        json.put("model_sha256", modelSha256);
        json.put("data_sha256", dataSha256);
        json.put("rows_sha256", rowsSha256);
        json.put("validation_sha256", validationSha256);
        json.put("test_sha256", testSha256);
        json.put("adapter_sha256", adapterSha256);
        return json;
    }

    static RunIdentity of(JsonNode json) {
        return new RunIdentity(
                json.path("model").asText(""),
                text(json, "model_revision"),
                text(json, "model_sha256"),
                text(json, "data_sha256"),
                json.path("rows_sha256").asText(""),
                text(json, "validation_sha256"),
                text(json, "test_sha256"),
                text(json, "adapter_sha256"));
    }

    private static @Nullable String text(JsonNode json, String key) {
        return json.hasNonNull(key) ? json.path(key).asText() : null;
    }
}
