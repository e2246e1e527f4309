package org.layerwise.study.model;

import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.hub.CachedModel;
import org.layerwise.checkpoint.hub.CachedSnapshot;
import org.layerwise.model.family.DescriptionReader;

/**
 * Model of the HuggingFace hub in the cache of this machine, at one commit.
 *
 * @param id name on the hub
 * @param revisions branches and tags that point to the commit
 * @param commit hash of the commit
 * @param folder folder of the files
 * @param bytes size on disk in bytes
 * @param lastUsed time of the last read or write access to one of the files
 * @param problem sentence that says why the model cannot be opened; empty if it can be opened
 */
public record CachedModelCard(
        String id,
        List<String> revisions,
        String commit,
        Path folder,
        long bytes,
        Instant lastUsed,
        Optional<String> problem) {

    /** Returns one card per snapshot; a single card with a problem for a model without snapshots. */
    public static Stream<CachedModelCard> of(CachedModel model) {
        if (model.snapshots().isEmpty()) {
            return Stream.of(new CachedModelCard(
                    model.name(),
                    List.of(),
                    "",
                    model.folder(),
                    model.bytes(),
                    model.lastUsed(),
                    model.problem().or(() -> Optional.of("It has no complete revision; download it again."))));
        }
        return model.snapshots().stream().map(snapshot -> of(model, snapshot));
    }

    private static CachedModelCard of(CachedModel model, CachedSnapshot snapshot) {
        return new CachedModelCard(
                model.name(),
                snapshot.revisions(),
                snapshot.commit(),
                snapshot.folder(),
                snapshot.bytes(),
                snapshot.lastUsed(),
                snapshot.problem().or(() -> notSupported(snapshot.folder())));
    }

    // a complete snapshot may still be of an unsupported family, or quantised
    private static Optional<String> notSupported(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            DescriptionReader.read(checkpoint);
            return Optional.empty();
        } catch (UserException e) {
            return Optional.of(withoutFolder(e.getMessage(), folder));
        }
    }

    // the path of a snapshot's folder is long, and the list already shows the model's name
    private static String withoutFolder(String message, Path folder) {
        return message.replaceFirst("^" + Pattern.quote(folder + File.separator), "Its ")
                .replaceFirst("^" + Pattern.quote(folder + " "), "It ");
    }

    /**
     * Returns the reference that opens the model: its name with a branch or tag, or with the commit if no branch or tag
     * points to it. The branch {@code main} is left out.
     */
    public String reference() {
        return revisions.contains("main") ? id : id + "@" + (revisions.isEmpty() ? commit : revisions.get(0));
    }
}
