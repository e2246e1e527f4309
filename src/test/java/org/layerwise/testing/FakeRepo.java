package org.layerwise.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.Json;

/** A model of {@link FakeHub}: files at one commit. Filled before it is asked for. */
public final class FakeRepo {

    private final String id;
    private final Map<String, Content> files = new LinkedHashMap<>();
    private final Set<String> revisions = new HashSet<>(Set.of("main"));
    private boolean gated;

    /**
     * A file.
     *
     * @param bytes its content
     * @param etag the SHA-256 of large files, otherwise git's SHA-1
     * @param large whether it is in large-file storage
     */
    public record Content(byte[] bytes, String etag, boolean large) {}

    /** A model without files. */
    public FakeRepo(String id) {
        this.id = id;
    }

    /** A model with the files of a folder, the weights in large-file storage. */
    public static FakeRepo of(String id, Path folder) {
        FakeRepo repo = new FakeRepo(id);
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".safetensors")) {
                    repo.large(name, Files.readAllBytes(file));
                } else {
                    repo.small(name, Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return repo;
    }

    /** A file in large-file storage. */
    public FakeRepo large(String name, byte[] bytes) {
        files.put(name, new Content(bytes, hex("SHA-256", bytes), true));
        return this;
    }

    /** A file in git itself. */
    public FakeRepo small(String name, byte[] bytes) {
        files.put(name, new Content(bytes, gitHash(bytes), false));
        return this;
    }

    /** A text file in git itself. */
    public FakeRepo small(String name, String text) {
        return small(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file whose ETag is no hash of it, as on some mirrors. */
    public FakeRepo mirrored(String name, byte[] bytes, String etag) {
        files.put(name, new Content(bytes, etag, false));
        return this;
    }

    /** A file in large-file storage whose hash is told in capital letters. */
    public FakeRepo inCapitals(String name, byte[] bytes) {
        files.put(name, new Content(bytes, hex("SHA-256", bytes).toUpperCase(Locale.ROOT), true));
        return this;
    }

    /** Another name for the commit. */
    public FakeRepo revision(String name) {
        revisions.add(name);
        return this;
    }

    /** Files are given only to those who have the hub's token. */
    public FakeRepo gated() {
        gated = true;
        return this;
    }

    public String id() {
        return id;
    }

    /** The hash that stands for the files as they are now. */
    public String commit() {
        StringBuilder all = new StringBuilder(id);
        files.forEach((name, content) -> all.append(name).append(content.etag()));
        return hex("SHA-1", all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of all files together. */
    public long bytes() {
        return files.values().stream().mapToLong(file -> file.bytes().length).sum();
    }

    public @Nullable Content file(String name) {
        return files.get(name);
    }

    Set<String> names() {
        return files.keySet();
    }

    boolean has(String revision) {
        return revisions.contains(revision) || revision.equals(commit());
    }

    boolean isGated() {
        return gated;
    }

    String json(boolean contents) {
        ObjectNode root = Json.object().put("id", id).put("modelId", id).put("sha", commit());
        root.put("private", false).put("disabled", false).put("downloads", 0).put("likes", 0);
        if (gated) {
            root.put("gated", "manual");
        } else {
            root.put("gated", false);
        }
        root.putArray("tags");
        ArrayNode siblings = root.putArray("siblings");
        files.forEach((name, content) -> {
            ObjectNode file = siblings.addObject().put("rfilename", name);
            if (contents) {
                file.put("size", content.bytes().length).put("blobId", gitHash(content.bytes()));
            }
            if (contents && content.large()) {
                file.putObject("lfs")
                        .put("sha256", content.etag())
                        .put("size", content.bytes().length)
                        .put("pointerSize", 135);
            }
        });
        return Json.line(root);
    }

    private static String gitHash(byte[] bytes) {
        byte[] head = "blob %s\0".formatted(bytes.length).getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        return hex("SHA-1", all);
    }

    private static String hex(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
