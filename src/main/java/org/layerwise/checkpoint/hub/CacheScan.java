package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.layerwise.base.file.FileErrors;

/**
 * Scan of one folder {@code models--org--name} of the hub's cache. A damaged folder cannot stop the listing of the
 * other folders.
 */
final class CacheScan {

    private final Path folder;
    private final List<String> problems = new ArrayList<>();

    private CacheScan(Path folder) {
        this.folder = folder;
    }

    static CachedModel model(Path folder) {
        return new CacheScan(folder).scan();
    }

    private CachedModel scan() {
        String folderName = folder.getFileName().toString();
        Optional<HubId> id = HubId.ofFolder(folderName);
        if (id.isEmpty()) {
            problems.add("The folder's name is not that of a model of the hub.");
        }
        Tree tree = new Tree(0, Instant.EPOCH);
        List<CachedSnapshot> snapshots = List.of();
        try {
            if (Files.isDirectory(folder)) {
                // blobs that are links to other folders, as some users have them, are not counted
                tree = Tree.of(folder);
                snapshots = snapshots(references());
            } else {
                problems.add("It is a file, not a folder.");
            }
        } catch (IOException e) {
            problems.add("It cannot be read: %s.".formatted(FileErrors.reason(e)));
        } catch (UncheckedIOException e) {
            problems.add("It cannot be read: %s.".formatted(FileErrors.reason(e)));
        }
        if (snapshots.isEmpty() && problems.isEmpty()) {
            problems.add("It has no snapshot: its download was cut; download it again to finish it.");
        }
        if (!snapshots.isEmpty() && snapshots.stream().noneMatch(CachedSnapshot::usable)) {
            snapshots.get(0).problem().ifPresent(problems::add);
        }
        return new CachedModel(
                id.map(HubId::text).orElse(folderName),
                folder,
                snapshots,
                tree.bytes(),
                tree.lastUsed(),
                problems.stream().findFirst());
    }

    /** Returns the revisions by the commits that they refer to. */
    private Map<String, List<String>> references() throws IOException {
        Path root = folder.resolve("refs");
        Map<String, List<String>> references = new TreeMap<>();
        for (Path file : files(root)) {
            String revision = root.relativize(file).toString().replace('\\', '/');
            Optional<String> commit = HubCache.reference(file);
            if (commit.isEmpty()) {
                problems.add("Its revision %s names no commit; download it again.".formatted(revision));
            } else if (!Files.isDirectory(folder.resolve("snapshots").resolve(commit.get()))) {
                problems.add("Its revision %s stands at %s, which is not there; download it again."
                        .formatted(revision, commit.get()));
            } else {
                references
                        .computeIfAbsent(commit.get(), key -> new ArrayList<>())
                        .add(revision);
            }
        }
        return references;
    }

    private List<CachedSnapshot> snapshots(Map<String, List<String>> references) throws IOException {
        Path root = folder.resolve("snapshots");
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<CachedSnapshot> snapshots = new ArrayList<>();
        try (Stream<Path> found = Files.list(root)) {
            for (Path snapshot : found.filter(Files::isDirectory).sorted().toList()) {
                snapshots.add(snapshot(snapshot, references));
            }
        }
        snapshots.sort(Comparator.comparing(CachedSnapshot::lastUsed).reversed());
        return snapshots;
    }

    private static CachedSnapshot snapshot(Path snapshot, Map<String, List<String>> references) throws IOException {
        Tree tree = Tree.ofTargets(snapshot);
        SnapshotCheck check = SnapshotCheck.of(snapshot);
        String commit = snapshot.getFileName().toString();
        return new CachedSnapshot(
                commit,
                references.getOrDefault(commit, List.of()),
                snapshot,
                tree.bytes(),
                tree.lastUsed(),
                check.problem());
    }

    private static List<Path> files(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(root)) {
            return found.filter(path -> Files.isRegularFile(path) || Files.isSymbolicLink(path))
                    .filter(path -> !path.getFileName().toString().equals(".DS_Store"))
                    .sorted()
                    .toList();
        }
    }

    /** Size and last use of some files. */
    private record Tree(long bytes, Instant lastUsed) {

        /** Reads the files below a folder, without following links. */
        static Tree of(Path root) throws IOException {
            Tree tree = new Tree(0, Instant.EPOCH);
            for (Path file : files(root)) {
                tree = tree.and(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
            }
            return tree;
        }

        /** Reads the files that the links below a folder lead to, each once. */
        static Tree ofTargets(Path root) throws IOException {
            Map<Path, BasicFileAttributes> targets = new TreeMap<>();
            for (Path file : files(root)) {
                if (Files.isRegularFile(file)) {
                    targets.put(file.toRealPath(), Files.readAttributes(file, BasicFileAttributes.class));
                }
            }
            Tree tree = new Tree(0, Instant.EPOCH);
            for (BasicFileAttributes attributes : targets.values()) {
                tree = tree.and(attributes);
            }
            return tree;
        }

        private Tree and(BasicFileAttributes file) {
            if (!file.isRegularFile()) {
                return this;
            }
            Instant used = Stream.of(
                            file.lastAccessTime().toInstant(),
                            file.lastModifiedTime().toInstant(),
                            lastUsed)
                    .max(Comparator.naturalOrder())
                    .orElse(lastUsed);
            return new Tree(bytes + file.size(), used);
        }
    }
}
