package org.layerwise.study;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerwise.checkpoint.hub.CachedModel;
import org.layerwise.checkpoint.hub.CachedSnapshot;

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
                snapshot.problem());
    }

    /** What opens it: its name, with the commit where no branch or tag stands at it. */
    public String reference() {
        return revisions.contains("main") ? id : id + "@" + (revisions.isEmpty() ? commit : revisions.get(0));
    }
}
