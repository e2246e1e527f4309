package org.layerwise.checkpoint.hub;

import java.util.regex.Pattern;
import org.layerwise.base.UserException;

/** Revisions of a model: branches, tags, pull requests ({@code refs/pr/1}) and commits. */
final class Revisions {

    /** What is meant where none is named. */
    static final String DEFAULT = "main";

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    // stricter than git check-ref-format: it also becomes a path below refs
    private static final Pattern NAME = Pattern.compile("[\\w.+-]+(/[\\w.+-]+)*");

    private Revisions() {}

    /** Whether a text is the whole hash of a commit. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Whether there can be a revision of this name. */
    static boolean isValid(String text) {
        return NAME.matcher(text).matches() && !text.contains("..") && !text.startsWith(".") && !text.contains("/.");
    }

    /** @throws UserException if there can be no revision of this name */
    static String require(String text) {
        if (!isValid(text)) {
            throw new UserException(
                    "'%s' cannot be a revision; give a branch, a tag, a commit or a pull request such as refs/pr/1."
                            .formatted(text));
        }
        return text;
    }
}
