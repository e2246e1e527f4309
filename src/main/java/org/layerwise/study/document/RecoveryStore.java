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
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovery copies of open studies that survive a crash, in one folder each. A copy whose lock is free belongs to a
 * program that ended before the user decided about saving the changes.
 *
 * @param folder folder of all copies, which need not exist
 */
public record RecoveryStore(Path folder, Clock clock) {

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryStore.class);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int LETTERS = 8;
    private static final Pattern NAME = Pattern.compile("\\d{8}-\\d{6}-[0-9a-f-]{" + LETTERS + "}");

    /**
     * Recovery copy that a program left behind.
     *
     * @param folder folder of the copy
     * @param original the study's own file; null if it was never saved
     * @param known {@link StudyFile#fingerprint} of that file when the study last read or wrote it; empty if unknown
     * @param when time of the last write
     * @param name name of the study
     */
    public record Left(Path folder, @Nullable Path original, String known, Instant when, String name) {}

    /**
     * Creates a slot for an open study.
     *
     * @throws UserException if the folder cannot be written or locked
     */
    public RecoverySlot open() {
        String name = STAMP.format(clock.instant()) + "-"
                + UUID.randomUUID().toString().substring(0, LETTERS);
        Path slot = folder.resolve(name);
        WritablePaths.requireFolder(slot);
        return RecoverySlot.take(slot)
                .orElseThrow(() -> new UserException(
                        "Cannot lock %s, so changes are not kept in case of a crash; check".formatted(slot)
                                + " that its file system can lock files."));
    }

    /** Locks a copy that was left behind; empty if another program has locked it meanwhile. */
    public Optional<RecoverySlot> adopt(Left left) {
        return RecoverySlot.take(left.folder());
    }

    /**
     * Returns the copies that were left behind, the latest first. Copies that cannot be read are skipped. Deletes slots
     * without a copy.
     */
    public List<Left> left() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Left> found = new ArrayList<>();
        try (Stream<Path> slots = Files.list(folder)) {
            for (Path slot : slots.filter(RecoveryStore::isSlot).toList()) {
                // the lock is held while a slot is inspected: nobody may take a slot that is about to be deleted
                RecoverySlot.take(slot).ifPresent(taken -> look(taken, found));
            }
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
        found.sort(Comparator.comparing(Left::when).reversed());
        return found;
    }

    /**
     * Returns true if a path is a folder that this program created as a slot. All other files, folders and links are
     * neither read nor deleted.
     */
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
