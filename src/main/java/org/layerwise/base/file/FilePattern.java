package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import org.layerwise.base.UserException;

/**
 * Pattern of file names below a folder, such as {@code *.csv} or {@code data-*.parquet}, as in bash and Python's
 * {@code glob}: wildcards match no hidden files, folders that are links are followed, and {@code **} also matches no
 * folder at all.
 */
public final class FilePattern {

    private static final String ANY_FOLDERS = "**/";

    private final String pattern;
    private final List<PathMatcher> matchers;
    private final boolean withHidden;

    private FilePattern(String pattern, List<PathMatcher> matchers) {
        this.pattern = pattern;
        this.matchers = matchers;
        this.withHidden = pattern.startsWith(".") || pattern.contains("/.");
    }

    /**
     * Parses a pattern.
     *
     * @param location pattern with its folder, for messages
     * @throws UserException if it is no pattern
     */
    public static FilePattern of(String pattern, String location) {
        try {
            Set<String> variants = new TreeSet<>();
            addVariants(pattern, 0, variants);
            return new FilePattern(
                    pattern,
                    variants.stream()
                            .map(variant -> FileSystems.getDefault().getPathMatcher("glob:" + variant))
                            .toList());
        } catch (PatternSyntaxException e) {
            throw new UserException(
                    "There is no file %s, and it is not a possible pattern of several: %s."
                            .formatted(location, e.getDescription()),
                    e);
        }
    }

    /** Adds the pattern with and without each {@code **} from a position on, since Java's demands at least one folder. */
    private static void addVariants(String pattern, int from, Set<String> variants) {
        int at = pattern.indexOf(ANY_FOLDERS, from);
        if (at < 0) {
            variants.add(pattern);
            return;
        }
        addVariants(pattern, at + 1, variants);
        if (at == 0 || pattern.charAt(at - 1) == '/') {
            addVariants(pattern.substring(0, at) + pattern.substring(at + ANY_FOLDERS.length()), at, variants);
        }
    }

    /**
     * Returns the regular files that match, below a folder, sorted; none if the folder is not there. A file that two
     * paths lead to is returned once.
     *
     * @throws IOException if a folder cannot be read
     */
    public List<Path> filesIn(Path folder) throws IOException {
        SortedSet<Path> found = new TreeSet<>();
        if (Files.isDirectory(folder)) {
            int levels = pattern.contains("**")
                    ? Integer.MAX_VALUE
                    : (int) pattern.chars().filter(letter -> letter == '/').count() + 1;
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), levels, new Collector(folder, found));
        }
        Set<Path> places = new HashSet<>();
        List<Path> files = new ArrayList<>();
        for (Path file : found) {
            if (places.add(place(file))) {
                files.add(file);
            }
        }
        return files;
    }

    /** Returns the path without links of a file's folder. The file itself may be a link, as in HuggingFace's cache. */
    private static Path place(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "files are in folders");
        return folder.toRealPath().resolve(file.getFileName());
    }

    private boolean matches(Path relative) {
        return (withHidden || !isHidden(relative)) && matchers.stream().anyMatch(matcher -> matcher.matches(relative));
    }

    /** Returns true if the name of a file or of one of its folders begins with a dot. */
    public static boolean isHidden(Path relative) {
        for (Path name : relative) {
            if (name.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private final class Collector extends SimpleFileVisitor<Path> {

        private final Path folder;
        private final SortedSet<Path> found;

        Collector(Path folder, SortedSet<Path> found) {
            this.folder = folder;
            this.found = found;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && matches(folder.relativize(file))) {
                found.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException reason) throws IOException {
            if (reason instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE; // a link to a folder that is being read
            }
            throw reason;
        }
    }
}
