package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Folder, or link to one, that another one replaces. It keeps its name in a hidden folder beside its place until the
 * other one has the place, so that the next start can move it back if this process is killed in between.
 *
 * @param folder its place
 * @param aside hidden folder beside its place
 */
record ReplacedFolder(Path folder, Path aside) {

    private static final Pattern ASIDE = Pattern.compile("\\..*\\.earlier[0-9a-f-]{36}");

    /** Moves a folder aside, and lists it in the journal of this process. */
    static ReplacedFolder moveAside(Path folder) throws IOException {
        Path aside = folder.resolveSibling(".%s.earlier%s".formatted(UnfinishedFiles.name(folder), UUID.randomUUID()));
        TemporaryFileJournal.ofProcess().add(aside);
        ReplacedFolder replaced = new ReplacedFolder(folder, aside);
        try {
            Files.createDirectory(aside);
            AtomicFiles.move(folder, aside.resolve(folder.getFileName()));
        } catch (IOException e) {
            replaced.delete();
            throw e;
        }
        return replaced;
    }

    /** Moves the folder back to its place. */
    void moveBack() throws IOException {
        AtomicFiles.move(aside.resolve(folder.getFileName()), folder);
        delete();
    }

    /** Deletes the folder for which there is another one now. */
    void delete() {
        Folders.delete(aside);
        TemporaryFileJournal.ofProcess().remove(aside);
    }

    /** Returns true if the name of a path is one that only folders of replaced folders have. */
    static boolean isAside(Path path) {
        return ASIDE.matcher(path.getFileName().toString()).matches();
    }

    /** Moves back what a killed process moved aside if its place is empty, and deletes it otherwise. */
    static void recover(Path aside) throws IOException {
        List<Path> moved;
        try (Stream<Path> found = Files.list(aside)) {
            moved = found.toList();
        }
        for (Path one : moved) {
            Path place = aside.resolveSibling(one.getFileName());
            if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                AtomicFiles.move(one, place);
                LoggerFactory.getLogger(ReplacedFolder.class)
                        .info("moved {} back, which a process that was killed was replacing", place);
            }
        }
        Folders.delete(aside);
    }
}
