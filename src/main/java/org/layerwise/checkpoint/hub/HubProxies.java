package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerwise.base.UserException;

/**
 * Proxies for access to the network, as on compute clusters, from the variables that curl and Python's requests use.
 * SOCKS proxies, which Java's client does not support, and passwords are not used.
 *
 * @param http proxy for {@code http} addresses
 * @param https proxy for {@code https} addresses
 * @param direct hosts and suffixes of hosts that are accessed without a proxy; {@code *} for all
 */
public record HubProxies(Optional<URI> http, Optional<URI> https, List<String> direct) {

    private static final int USUAL_PORT = 3128;

    public HubProxies {
        direct = List.copyOf(direct);
    }

    /**
     * Reads {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}; their names in lower case
     * take precedence.
     *
     * @throws UserException if a value is not an address
     */
    public static HubProxies of(Map<String, String> environment) {
        Optional<URI> all = proxy(environment, "all_proxy");
        List<String> direct = text(environment, "no_proxy").stream()
                .flatMap(hosts -> Stream.of(hosts.split(",")))
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .toList();
        return new HubProxies(
                proxy(environment, "http_proxy").or(() -> all),
                proxy(environment, "https_proxy").or(() -> all),
                direct);
    }

    /** Returns the selector of proxies for Java's HTTP client. */
    public ProxySelector selector() {
        if (http.isEmpty() && https.isEmpty()) {
            return Objects.requireNonNullElse(ProxySelector.getDefault(), new Selector());
        }
        return new Selector();
    }

    private Proxy proxy(URI target) {
        String host = String.valueOf(target.getHost()).toLowerCase(Locale.ROOT);
        Optional<URI> proxy = "https".equalsIgnoreCase(target.getScheme()) ? https : http;
        return proxy.filter(found -> !isDirect(host)).map(HubProxies::proxyAt).orElse(Proxy.NO_PROXY);
    }

    private boolean isDirect(String host) {
        return host.equals("localhost")
                || host.startsWith("127.")
                || direct.stream().anyMatch(end -> {
                    String name = end.replaceFirst("^\\*?\\.", "");
                    return end.equals("*") || host.equals(name) || host.endsWith("." + name);
                });
    }

    private static Proxy proxyAt(URI proxy) {
        int port = proxy.getPort() < 0 ? USUAL_PORT : proxy.getPort();
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port));
    }

    private static Optional<URI> proxy(Map<String, String> environment, String name) {
        return text(environment, name)
                .filter(text -> !text.toLowerCase(Locale.ROOT).startsWith("socks"))
                .map(text -> {
                    try {
                        URI uri = URI.create(text.contains("://") ? text : "http://" + text);
                        if (uri.getHost() != null && uri.getScheme().matches("https?")) {
                            // without a password, which must not get into a log
                            return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), null, null, null);
                        }
                    } catch (IllegalArgumentException | URISyntaxException e) {
                        throw new UserException(wrong(name)); // the cause would repeat the password
                    }
                    throw new UserException(wrong(name));
                });
    }

    private static String wrong(String name) {
        return "%s is no address of an HTTP proxy; set one such as http://proxy.example.org:3128."
                .formatted(name.toUpperCase(Locale.ROOT));
    }

    private static Optional<String> text(Map<String, String> environment, String name) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .map(environment::get)
                .filter(Objects::nonNull)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    private final class Selector extends ProxySelector {

        @Override
        public List<Proxy> select(URI target) {
            return List.of(proxy(target));
        }

        @Override
        public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
            // the request itself reports the failure
        }
    }
}
