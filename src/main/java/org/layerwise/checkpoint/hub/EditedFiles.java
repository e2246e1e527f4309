package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.layerwise.base.Progress;

/**
 * Files in the cache whose length differs from the one that the hub lists, and that are about to be replaced by the
 * hub's: edited by the user, or cut off by another program. Small files are copied first, so that no edit is lost.
 */
final class EditedFiles {

    /** Maximum length of a file that is copied, in bytes. */
    static final long MOST_BYTES = 1 << 20;

    private static final String EDITED = ".edited";

    private EditedFiles() {}

    /**
     * Prepares the replacement of a file by the hub's: copies a small file that is not weights to {@code NAME.edited},
     * or to {@code NAME.edited.2} and so on if such files exist, and tells the user.
     *
     * @param file path of the old file, which may be missing; a link is neither copied nor told
     * @param listed the file that replaces it
     * @throws IOException if the file cannot be copied
     */
    static void replacing(Path file, RemoteFile listed, HubId id, Progress progress) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        long bytes = Files.size(file);
        String kept = "";
        if (bytes > 0 && bytes <= MOST_BYTES && !ModelFiles.isWeights(listed.name())) {
            Path copy = free(file);
            Files.copy(file, copy);
            kept = "; the earlier content is in " + copy;
        }
        progress.note(
                "%s of %s had %s bytes in the cache instead of the %s that the hub lists, and was fetched again%s."
                        .formatted(listed.name(), id, bytes, listed.size(), kept));
    }

    /** Tells the user that a link to a missing file is replaced by the hub's file. */
    static void replacingLink(Path link, RemoteFile listed, HubId id, Progress progress) throws IOException {
        progress.note("%s of %s was a link to %s, which does not exist, and was fetched again."
                .formatted(listed.name(), id, Files.readSymbolicLink(link)));
    }

    private static Path free(Path file) {
        String name = file.getFileName() + EDITED;
        Path copy = file.resolveSibling(name);
        for (int number = 2; Files.exists(copy, LinkOption.NOFOLLOW_LINKS); number++) {
            copy = file.resolveSibling(name + "." + number);
        }
        return copy;
    }
}
