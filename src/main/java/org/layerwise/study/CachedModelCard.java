package org.layerwise.study;

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
import org.layerwise.model.config.ModelDescription;

/**
 * A model of the HuggingFace hub that is on this machine, at one commit.
 *
 * @param id its name on the hub
 * @param revisions branches and tags that stood at the commit
 * @param commit the hash
 * @param folder of the files
 * @param bytes that it takes on disk
 * @param lastUsed when one of its files was last read or written
 * @param problem why it cannot be opened, one sentence; empty if it can
 */
public record CachedModelCard(
        String id,
        List<String> revisions,
        String commit,
        Path folder,
        long bytes,
        Instant lastUsed,
        Optional<String> problem) {

    /** A card a snapshot; one that says what is wrong for a model without any. */
    static Stream<CachedModelCard> of(CachedModel model) {
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

    // what the files themselves say: complete ones may still be of a kind that is not known, or quantised
    private static Optional<String> notSupported(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            ModelDescription.read(checkpoint);
            return Optional.empty();
        } catch (UserException e) {
            return Optional.of(withoutFolder(e.getMessage(), folder));
        }
    }

    // a snapshot's folder is long, and the list names the model already
    private static String withoutFolder(String message, Path folder) {
        return message.replaceFirst("^" + Pattern.quote(folder + File.separator), "Its ")
                .replaceFirst("^" + Pattern.quote(folder + " "), "It ");
    }

    /** What opens it: its name, with the commit where no branch or tag stands at it. */
    public String reference() {
        return revisions.contains("main") ? id : id + "@" + (revisions.isEmpty() ? commit : revisions.get(0));
    }
}
