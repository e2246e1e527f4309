package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.base.UserException;

/** Reference to a model as users name it: a folder on this machine or a model of the hub. */
public sealed interface ModelReference {

    /**
     * Existing folder on this machine.
     *
     * @param path the folder
     */
    record Folder(Path path) implements ModelReference {}

    /**
     * Model of the hub, which may be in the cache or not.
     *
     * @param id its id
     * @param revision a branch, tag, commit or pull request
     */
    record OnHub(HubId id, String revision) implements ModelReference {}

    /**
     * Parses a name. An existing folder is a folder; otherwise {@code org/name}, {@code name} and both with
     * {@code @revision} are models of the hub. A name that starts with {@code .}, {@code /} or {@code ~}, or has a
     * backslash or more than one slash before the revision, can only be a folder.
     *
     * @throws UserException if it is neither
     */
    static ModelReference parse(String value) {
        return parse(value, Path.of(System.getProperty("user.home")));
    }

    /** Parses a name as {@link #parse(String)} does, with the given home folder for {@code ~}. */
    static ModelReference parse(String value, Path home) {
        String text = value.strip();
        Path path = path(text, home);
        if (!text.isEmpty() && Files.isDirectory(path)) {
            return new Folder(path);
        }
        int at = text.indexOf('@');
        String name = at < 0 ? text : text.substring(0, at);
        String revision = at < 0 ? Revisions.DEFAULT : text.substring(at + 1);
        if (Files.exists(path) && !text.isEmpty()) {
            throw new UserException(
                    "%s is a file; give the folder of a HuggingFace model, or a model of the hub such as %s."
                            .formatted(text, "org/name"));
        }
        if (text.matches("[./~].*") || name.contains("\\") || name.indexOf('/') != name.lastIndexOf('/')) {
            throw new UserException(
                    "There is no folder %s; give the folder of a HuggingFace model, or a model of the hub such as org/name or org/name@revision."
                            .formatted(text));
        }
        if (!HubId.isValid(name) || !Revisions.isValid(revision)) {
            throw new UserException(
                    "'%s' is neither a folder that is there nor the name of a model of the hub, such as org/name or org/name@revision."
                            .formatted(text));
        }
        return new OnHub(new HubId(name), revision);
    }

    /**
     * Returns the folder of a name; empty if the name can only be that of a model of the hub, or there is no such
     * folder.
     */
    static Optional<Path> folder(String value) {
        try {
            return parse(value) instanceof Folder folder ? Optional.of(folder.path()) : Optional.empty();
        } catch (UserException e) {
            return Optional.empty(); // reported when the model is opened
        }
    }

    /**
     * Returns true if a name certainly refers to another model than an opened one: another existing folder, another
     * model of the hub, or a revision of the model that was not requested.
     *
     * @param opened name with which the open model was requested
     */
    static boolean isOther(String wanted, String opened) {
        ModelReference one;
        ModelReference other;
        try {
            one = parse(wanted);
            other = parse(opened);
        } catch (UserException e) {
            return false; // one of the models does not exist, so they cannot be compared
        }
        if (one instanceof Folder folder && other instanceof Folder open) {
            return !isSame(folder.path(), open.path());
        }
        return one instanceof OnHub hub
                && other instanceof OnHub open
                && !(hub.id().equals(open.id())
                        && (hub.revision().equals(Revisions.DEFAULT)
                                || hub.revision().equals(open.revision())));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return one.toAbsolutePath()
                    .normalize()
                    .equals(other.toAbsolutePath().normalize());
        }
    }

    private static Path path(String text, Path home) {
        try {
            return text.equals("~") || text.startsWith("~/")
                    ? home.resolve(text.substring(Math.min(2, text.length())))
                    : Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserException(
                    "'%s' is neither a folder that is there nor the name of a model of the hub, such as org/name or org/name@revision."
                            .formatted(text),
                    e);
        }
    }
}
