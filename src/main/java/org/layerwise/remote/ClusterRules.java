package org.layerwise.remote;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.layerwise.base.UserException;

/** Rules for the values of a cluster. Many of them become part of command lines, so only few characters are allowed. */
public final class ClusterRules {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_./+@%:,=~-]*");
    private static final Pattern PYTHON = Pattern.compile("(?:/[A-Za-z0-9_./+@-]+|[A-Za-z0-9][A-Za-z0-9_.-]*)");

    private ClusterRules() {}

    /**
     * Parses the address of a Ray dashboard.
     *
     * @throws UserException if the text is not such an address
     */
    public static URI dashboard(String text) {
        String whole = text.contains("://") ? text.strip() : "http://" + text.strip();
        try {
            URI address = new URI(whole);
            dashboard(address);
            return address;
        } catch (URISyntaxException e) {
            throw notADashboard(text);
        }
    }

    static void dashboard(URI address) {
        boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!web || address.getHost() == null || address.getQuery() != null || address.getFragment() != null) {
            throw notADashboard(address.toString());
        }
        if (address.getUserInfo() != null) {
            throw new UserException(
                    "The dashboard's address must hold no name and password; use an SSH tunnel (--ssh) instead.");
        }
    }

    private static UserException notADashboard(String text) {
        return new UserException(
                "\"%s\" is no address of a Ray dashboard; write it like http://HOST:8265.".formatted(text));
    }

    static void name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new UserException(
                    "\"%s\" is no name for a target; use up to 40 letters, digits, dots, hyphens and underscores."
                            .formatted(name));
        }
    }

    static void folder(String path) {
        if (!PATH.matcher(path).matches() || ("/" + path + "/").contains("/../")) {
            throw new UserException(
                    "The folder \"%s\" must be a whole path like /scratch/me/layerwise, of the letters a to z, digits and _ . / + @ %% : , = ~ -; it becomes part of commands there."
                            .formatted(path));
        }
    }

    static void python(String python) {
        if (!PYTHON.matcher(python).matches()) {
            throw new UserException(
                    "\"%s\" is no Python program; write a name like python3, or a whole path without blanks."
                            .formatted(python));
        }
    }
}
