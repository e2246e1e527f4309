package org.layerwise.base.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.layerwise.base.UserException;

/**
 * List of a folder and of all that is below it. Unlike {@link Files#walk}, it names the folder that cannot be read.
 * Links are listed and not followed; only the folder itself may be a link.
 */
public final class FileTree {

    private final Consumer<UserException> unreadable;
    private final List<Path> found = new ArrayList<>();

    private FileTree(Consumer<UserException> unreadable) {
        this.unreadable = unreadable;
    }

    /**
     * Returns a folder and all files and folders below it, each folder before its contents; only the path itself if it
     * is a file.
     *
     * @throws UserException if a folder cannot be read
     */
    public static List<Path> paths(Path folder) {
        return paths(folder, Integer.MAX_VALUE, unread -> {
            throw unread;
        });
    }

    /**
     * Returns the same as {@link #paths(Path)}, but without the contents of folders below that cannot be read.
     *
     * @param levels maximum number of levels below the folder
     * @param unreadable receives a sentence about each folder below that cannot be read
     * @throws UserException if the folder itself cannot be read
     */
    public static List<Path> paths(Path folder, int levels, Consumer<UserException> unreadable) {
        FileTree tree = new FileTree(unreadable);
        tree.found.add(folder);
        if (Files.isDirectory(folder)) {
            tree.addAll(contents(folder), levels);
        }
        return List.copyOf(tree.found);
    }

    private void addAll(List<Path> paths, int levels) {
        for (Path path : paths) {
            found.add(path);
            if (levels > 1 && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                addAll(readable(path), levels - 1);
            }
        }
    }

    private List<Path> readable(Path folder) {
        try {
            return contents(folder);
        } catch (UserException e) {
            unreadable.accept(e);
            return List.of();
        }
    }

    private static List<Path> contents(Path folder) {
        try (Stream<Path> contents = Files.list(folder)) {
            return contents.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of(); // another program has just deleted it
        } catch (IOException e) {
            throw unread(folder, e);
        } catch (UncheckedIOException e) {
            throw unread(folder, FileErrors.cause(e));
        }
    }

    private static UserException unread(Path folder, IOException reason) {
        return new UserException("Cannot read %s: %s.".formatted(folder, FileErrors.reason(reason)), reason);
    }
}
