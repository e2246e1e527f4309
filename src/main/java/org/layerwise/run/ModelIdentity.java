package org.layerwise.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.JsonRecords;

/**
 * Identity of a model's configuration and weights.
 *
 * @param revision commit of a model of the hub; null for a folder
 * @param sha256 SHA-256 hash over the names and contents of config.json and the weight files; null if there is a
 *     revision, or the weights are not on this computer
 * @param snapshotSha256 SHA-256 hash over the names and hashes of these files in the hub's cache, since the files of a
 *     commit can be edited there; null if there is no revision, or the weights are not on this computer, or for a file
 *     of an earlier version
 */
public record ModelIdentity(
        @JsonProperty(REVISION) @Nullable String revision,
        @JsonProperty(SHA256) @Nullable String sha256,
        @JsonProperty(SNAPSHOT) @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String snapshotSha256) {

    /** Identity of a model that nothing is known about. */
    public static final ModelIdentity UNKNOWN = new ModelIdentity(null, null, null);

    private static final String REVISION = "model_revision";
    private static final String SHA256 = "model_sha256";
    private static final String SNAPSHOT = "model_snapshot_sha256";

    /** Returns true if the model can be compared with another one. */
    public boolean isKnown() {
        return revision != null || sha256 != null;
    }

    /** Returns false if the models are known to differ. A missing hash of the snapshot matches every hash. */
    public boolean isSame(ModelIdentity other) {
        return Objects.equals(revision, other.revision)
                && Objects.equals(sha256, other.sha256)
                && (snapshotSha256 == null
                        || other.snapshotSha256 == null
                        || snapshotSha256.equals(other.snapshotSha256));
    }

    /** Writes the identity; the hash of the snapshot only if there is one. */
    public void put(ObjectNode json) {
        json.setAll(JsonRecords.tree(this));
    }

    /** Returns the identity that {@link #put} wrote. */
    public static ModelIdentity of(JsonNode json) {
        return new ModelIdentity(
                json.path(REVISION).textValue(),
                json.path(SHA256).textValue(),
                json.path(SNAPSHOT).textValue());
    }
}
