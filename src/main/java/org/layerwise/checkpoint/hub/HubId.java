package org.layerwise.checkpoint.hub;

import java.util.Optional;
import java.util.regex.Pattern;
import org.layerwise.base.UserException;

/**
 * Id of a model on the hub, such as {@code google/gemma-2-2b} or {@code gpt2}.
 *
 * @param text organisation and name, or the name alone
 */
public record HubId(String text) {

    // huggingface_hub.utils.validate_repo_id; the ends of each part are letters, digits or underscores
    private static final Pattern VALID = Pattern.compile("(\\w|\\w[\\w.-]*\\w)(/(\\w|\\w[\\w.-]*\\w))?");
    private static final int LONGEST = 96;

    private static final String FOLDER_PREFIX = "models--";

    /**
     * Creates an id.
     *
     * @throws UserException if there can be no model of this name
     */
    public HubId {
        if (!isValid(text)) {
            throw new UserException(
                    "'%s' cannot be a model of the hub; such a name looks like org/name or name, of letters, digits, '-', '_' and '.'."
                            .formatted(text));
        }
    }

    /** Returns true if there can be a model of this name. */
    public static boolean isValid(String text) {
        String name = text.substring(text.indexOf('/') + 1);
        return VALID.matcher(text).matches()
                && name.length() <= LONGEST
                && !text.contains("--")
                && !text.contains("..")
                && !text.endsWith(".git");
    }

    /** Returns the name of its folder in the cache: {@code models--org--name}. */
    public String folderName() {
        return FOLDER_PREFIX + text.replace("/", "--");
    }

    /** Returns true if a folder of the cache is named as that of a model, and not of a data set or something else. */
    static boolean isModelFolder(String folderName) {
        return folderName.startsWith(FOLDER_PREFIX);
    }

    /** Returns the model of a folder; empty if the folder's name is not that of a model. */
    static Optional<HubId> ofFolder(String folderName) {
        if (!isModelFolder(folderName)) {
            return Optional.empty();
        }
        String text = folderName.substring(FOLDER_PREFIX.length()).replace("--", "/");
        return isValid(text) ? Optional.of(new HubId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
