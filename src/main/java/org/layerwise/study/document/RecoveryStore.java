package org.layerwise.study.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of open studies that outlive a crash, a folder each. A folder whose lock nobody holds belongs to a program that ended
 * without saying whether its changes were to be saved.
 */
public final class RecoveryStore {

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryStore.class);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int LETTERS = 8;
    private static final Pattern NAME = Pattern.compile("\\d{8}-\\d{6}-[0-9a-f-]{" + LETTERS + "}");

    private final Path folder;
    private final Clock clock;

    /** @param folder need not exist */
    public RecoveryStore(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * A copy that was left behind.
     *
     * @param folder of the copy
     * @param original the study's own file; null if it was never saved
     * @param known {@link StudyFile#fingerprint} of that file as the study knew it; empty if that is not known
     * @param when it was written last
     * @param name what the study is called
     */
    public record Left(Path folder, @Nullable Path original, String known, Instant when, String name) {}

    /**
     * A new slot for an open study.
     *
     * @throws UserException if the folder cannot be written
     */
    public RecoverySlot open() {
        String name = STAMP.format(clock.instant()) + "-"
                + UUID.randomUUID().toString().substring(0, LETTERS);
        Path slot = folder.resolve(name);
        WholeFiles.requireWritableFolder(slot);
        return RecoverySlot.take(slot)
                .orElseThrow(() -> new UserException(
                        "Cannot lock %s, so changes are not kept in case of a crash; check".formatted(slot)
                                + " that its file system can lock files."));
    }

    /** Takes over what was left behind; empty if another program did meanwhile. */
    public Optional<RecoverySlot> adopt(Left left) {
        return RecoverySlot.take(left.folder());
    }

    /** What was left behind, the latest first; what cannot be read is passed over. Deletes slots that hold nothing. */
    public List<Left> left() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Left> found = new ArrayList<>();
        try (Stream<Path> slots = Files.list(folder)) {
            for (Path slot : slots.filter(RecoveryStore::isSlot).toList()) {
                // the lock is held while it is looked at: nobody may take a slot that is about to be deleted
                RecoverySlot.take(slot).ifPresent(taken -> look(taken, found));
            }
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
        found.sort(Comparator.comparing(Left::when).reversed());
        return found;
    }

    /** Returns false for a folder or link that somebody else put there: it is neither read nor deleted. */
    private static boolean isSlot(Path folder) {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && NAME.matcher(folder.getFileName().toString()).matches();
    }

    private static void look(RecoverySlot slot, List<Left> found) {
        try (slot) {
            slot.left().ifPresentOrElse(found::add, slot::discard);
        } catch (UserException e) {
            LOG.warn("A copy of a study is passed over: {}", e.getMessage());
        }
    }
}
