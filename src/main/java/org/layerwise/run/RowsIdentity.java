package org.layerwise.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.token.TokenizedDataset;

/**
 * Identity of the rows of a training, an evaluation or an analysis. Unlike {@link org.layerwise.data.DataHash}, it also changes with
 * the labels, the tokenizer and the maximum length.
 *
 * @param sha256 SHA-256 hash over token ids, token types, masks and labels, in order; 64 hexadecimal digits
 * @param imagesSha256 SHA-256 hash over the encoded images and their preprocessing; null if there are no images, or for
 *     a file of an earlier version, which did not hash images
 */
public record RowsIdentity(String sha256, @Nullable String imagesSha256) {

    /** Name of the rows of a training or an analysis in files. */
    public static final String ROWS = "rows";

    private static final String SHA256 = "_sha256";
    private static final String IMAGES = "_images_sha256";

    /**
     * Returns the identity of token rows with their labels.
     *
     * @throws org.layerwise.base.UserException if an image cannot be read
     */
    public static RowsIdentity of(TokenizedDataset tokens) {
        return new RowsHash().add(tokens).identity();
    }

    /** Returns false if the rows are known to differ. A missing hash of the images matches every hash. */
    public boolean isSame(RowsIdentity other) {
        return sha256.equals(other.sha256)
                && (imagesSha256 == null || other.imagesSha256 == null || imagesSha256.equals(other.imagesSha256));
    }

    /** Returns true if both are null, or both are the same rows. */
    public static boolean same(@Nullable RowsIdentity one, @Nullable RowsIdentity other) {
        return one == null || other == null ? one == other : one.isSame(other);
    }

    /** Writes hashes separated by commas, under the name of the rows; those of images only if there are any. */
    public static void put(ObjectNode json, String name, List<RowsIdentity> rows) {
        json.put(
                name + SHA256,
                rows.isEmpty() ? null : rows.stream().map(RowsIdentity::sha256).collect(Collectors.joining(",")));
        if (rows.stream().anyMatch(one -> one.imagesSha256() != null)) {
            json.put(
                    name + IMAGES,
                    rows.stream()
                            .map(one -> Objects.requireNonNullElse(one.imagesSha256(), ""))
                            .collect(Collectors.joining(",")));
        }
    }

    /** Returns what {@link #put} wrote; empty if there is nothing of this name. */
    public static List<RowsIdentity> all(JsonNode json, String name) {
        String hashes = json.path(name + SHA256).textValue();
        if (hashes == null) {
            return List.of();
        }
        String[] all = hashes.split(",", -1);
        String[] images = Objects.requireNonNullElse(json.path(name + IMAGES).textValue(), "")
                .split(",", -1);
        return IntStream.range(0, all.length)
                .mapToObj(file -> new RowsIdentity(
                        all[file], file < images.length && !images[file].isEmpty() ? images[file] : null))
                .toList();
    }
}
