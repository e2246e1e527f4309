package org.layerwise.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

/**
 * Identity of a run's inputs. A run can be resumed only with the same inputs.
 *
 * @param model reference to the model: {@code sample}, a hub id or a folder
 * @param weights identity of the model's configuration and weights
 * @param dataSha256 SHA-256 hash over the texts of the training rows
 * @param rows identity of the training rows
 * @param validation identity of the rows of each validation file; the first file provides the main validation metrics
 *     of the run
 * @param test identity of the test rows; null for none
 * @param adapterSha256 SHA-256 hash over the weights of the initial adapter; null for none
 */
public record RunIdentity(
        String model,
        ModelIdentity weights,
        @Nullable String dataSha256,
        RowsIdentity rows,
        List<RowsIdentity> validation,
        @Nullable RowsIdentity test,
        @Nullable String adapterSha256) {

    private static final String ROWS = RowsIdentity.ROWS;
    private static final String VALIDATION = "validation";
    private static final String TEST = "test";

    public RunIdentity {
        validation = List.copyOf(validation);
    }

    /** Returns the SHA-256 hash over the weight files; null if there is a revision. */
    public @Nullable String modelSha256() {
        return weights.sha256();
    }

    /**
     * Checks that the inputs have not changed since a run was started.
     *
     * @throws UserException if an input has changed
     */
    public void requireUnchanged(RunIdentity now, Path folder) {
        Optional<String> changed =
                weights.isSame(now.weights) ? changedRows(now) : Optional.of("the weights of %s".formatted(model));
        if (changed.isPresent()) {
            throw new UserException(
                    "The run in %s cannot go on: %s have changed since it began; put back what it was made from, or start anew into another folder."
                            .formatted(folder, changed.get()));
        }
    }

    /** Returns the name of the first input, apart from the base model, that is another one now; empty if there is none. */
    public Optional<String> changedRows(RunIdentity now) {
        if (!rows.sha256().equals(now.rows.sha256())) {
            return Optional.of("the training rows, their labels or their tokens");
        }
        if (!rows.isSame(now.rows)) {
            return Optional.of("the images of the training rows, or how they are prepared,");
        }
        if (!sameValidation(now)) {
            return Optional.of("the validation rows");
        }
        if (!RowsIdentity.same(test, now.test)) {
            return Optional.of("the test rows");
        }
        return Objects.equals(adapterSha256, now.adapterSha256)
                ? Optional.empty()
                : Optional.of("the weights of the initial adapter");
    }

    /** Returns this identity for a run that is not measured on test rows. */
    public RunIdentity withoutTest() {
        return new RunIdentity(model, weights, dataSha256, rows, validation, null, adapterSha256);
    }

    /** Returns this identity with another identity of the model's configuration and weights. */
    public RunIdentity withWeights(ModelIdentity identity) {
        return new RunIdentity(model, identity, dataSha256, rows, validation, test, adapterSha256);
    }

    private boolean sameValidation(RunIdentity other) {
        return validation.size() == other.validation.size()
                && IntStream.range(0, validation.size())
                        .allMatch(file -> validation.get(file).isSame(other.validation.get(file)));
    }

    /** Returns true if another run has the same model, training rows and validation rows; test rows may differ. */
    public boolean isOfSameOrigin(RunIdentity other) {
        return model.equals(other.model)
                && weights.isSame(other.weights)
                && Objects.equals(dataSha256, other.dataSha256)
                && rows.isSame(other.rows)
                && sameValidation(other)
                && Objects.equals(adapterSha256, other.adapterSha256);
    }

    /**
     * Returns the identity of the first validation file's rows, which provide the main validation metrics of the run;
     * null for none.
     */
    public @Nullable RowsIdentity firstValidation() {
        return validation.isEmpty() ? null : validation.get(0);
    }

    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("model", model);
        weights.put(json);
        json.put("data_sha256", dataSha256);
        RowsIdentity.put(json, ROWS, List.of(rows));
        RowsIdentity.put(json, VALIDATION, validation);
        RowsIdentity.put(json, TEST, test == null ? List.of() : List.of(test));
        json.put("adapter_sha256", adapterSha256);
        return json;
    }

    public static RunIdentity of(JsonNode json) {
        List<RowsIdentity> rows = RowsIdentity.all(json, ROWS);
        List<RowsIdentity> test = RowsIdentity.all(json, TEST);
        return new RunIdentity(
                json.path("model").asText(""),
                ModelIdentity.of(json),
                text(json, "data_sha256"),
                rows.isEmpty() ? new RowsIdentity("", null) : rows.get(0),
                RowsIdentity.all(json, VALIDATION),
                test.isEmpty() ? null : test.get(0),
                text(json, "adapter_sha256"));
    }

    private static @Nullable String text(JsonNode json, String key) {
        return json.hasNonNull(key) ? json.path(key).asText() : null;
    }
}
