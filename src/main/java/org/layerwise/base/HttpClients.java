package org.layerwise.base;

import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;

/** Creates the clients for the hub, the servers of libraries and the dashboards of clusters. */
public final class HttpClients {

    private HttpClients() {}

    /**
     * Creates a client that speaks HTTP 1.1: several connections are faster than several streams in one.
     *
     * @param connect maximum time for connecting
     * @param redirects redirects that are followed
     * @param proxies choice of a proxy; empty for Java's own settings
     */
    public static HttpClient create(Duration connect, HttpClient.Redirect redirects, Optional<ProxySelector> proxies) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .followRedirects(redirects);
        proxies.ifPresent(builder::proxy);
        return builder.build();
    }
}
