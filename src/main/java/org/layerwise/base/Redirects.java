package org.layerwise.base;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Rules for following redirects of HTTP by hand. {@link java.net.http.HttpClient} follows them, too, but what it throws at an
 * address that it cannot follow differs between updates of Java, and it sends headers along.
 */
public final class Redirects {

    /** Maximum number of redirects of a request that are followed. */
    public static final int MOST = 10;

    /** Schemes to which requests may be sent. */
    public static final List<String> SCHEMES = List.of("http", "https");

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final int LAST_PORT = 65_535;

    private Redirects() {}

    /** Returns true if a status code is that of a redirect to another address. */
    public static boolean isRedirect(int status) {
        return STATUSES.contains(status);
    }

    /** Returns true for an address with a host, a possible port and one of {@link #SCHEMES}. */
    public static boolean isWeb(URI address) {
        return address.getScheme() != null
                && SCHEMES.contains(address.getScheme().toLowerCase(Locale.ROOT))
                && address.getHost() != null
                && address.getPort() <= LAST_PORT;
    }

    /** Returns true if a redirect gives up HTTPS. */
    public static boolean isDowngrade(URI from, URI to) {
        return "https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme());
    }
}
