package org.layerwise.remote.ssh;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerwise.base.UserException;

/**
 * SSH address of a computer, as users write it: {@code [USER@]HOST[:PORT]}. Missing parts come from
 * {@code ~/.ssh/config}, in which the host may be an alias, or are the defaults of {@code ssh}.
 *
 * @param host a name, an alias of the configuration, or an address; IPv6 without brackets
 */
public record SshAddress(Optional<String> user, String host, OptionalInt port) {

    private static final Pattern FORM = Pattern.compile(
            "(?:([^@:\\s]+)@)?(?:\\[([0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?)]|([^@:\\s\\[\\]/]+))(?::(\\d{1,5}))?");
    private static final int MOST_PORT = 65_535;

    /**
     * Parses an address.
     *
     * @param what name of the value in a refusal, such as {@code --ssh}
     * @throws UserException if the text is not an address
     */
    public static SshAddress of(String what, String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw wrong(what, text);
        }
        int port = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
        String host = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
        // ssh would treat it as a flag
        if (port > MOST_PORT || matcher.group(4) != null && port == 0 || host.startsWith("-")) {
            throw wrong(what, text);
        }
        return new SshAddress(
                Optional.ofNullable(matcher.group(1)), host, port == 0 ? OptionalInt.empty() : OptionalInt.of(port));
    }

    private static UserException wrong(String what, String text) {
        return new UserException(
                "%s \"%s\" is no SSH address; write it as HOST, USER@HOST or USER@HOST:PORT.".formatted(what, text));
    }

    /** Returns the address as users write it. */
    @Override
    public String toString() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return user.map(who -> who + "@").orElse("") + name + (port.isPresent() ? ":" + port.getAsInt() : "");
    }
}
