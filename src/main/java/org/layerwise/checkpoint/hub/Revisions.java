package org.layerwise.checkpoint.hub;

import java.util.regex.Pattern;
import org.layerwise.base.UserException;

/** Revisions of a model: branches, tags, pull requests ({@code refs/pr/1}) and commits. */
public final class Revisions {

    /** Default revision. */
    static final String DEFAULT = "main";

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    // stricter than git check-ref-format, since a name also becomes a path below refs
    private static final Pattern NAME = Pattern.compile("[\\w.+-]+(/[\\w.+-]+)*");

    private Revisions() {}

    /** Returns true if a text is the complete hash of a commit. */
    public static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Returns true if there can be a revision of this name. */
    static boolean isValid(String text) {
        return NAME.matcher(text).matches() && !text.contains("..") && !text.startsWith(".") && !text.contains("/.");
    }

    /**
     * Returns the name of a revision unchanged.
     *
     * @throws UserException if there can be no revision of this name
     */
    static String require(String text) {
        if (!isValid(text)) {
            throw new UserException(
                    "'%s' cannot be a revision; give a branch, a tag, a commit or a pull request such as refs/pr/1."
                            .formatted(text));
        }
        return text;
    }
}
