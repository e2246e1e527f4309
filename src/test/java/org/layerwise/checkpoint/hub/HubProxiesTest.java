package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.testing.FakeHub;

class HubProxiesTest {

    @Test
    void theVariableOfTheScheme() {
        Map<String, String> environment = Map.of(
                "http_proxy",
                "plain:81",
                "HTTPS_PROXY",
                "http://secure.example.org:82/",
                "NO_PROXY",
                ".near.org, other");
        assertThat(proxy(environment, "http://hub.org")).isEqualTo("plain:81");
        assertThat(proxy(environment, "https://hub.org")).isEqualTo("secure.example.org:82");
        assertThat(proxy(environment, "https://cdn.near.org")).isEqualTo("DIRECT");
        assertThat(proxy(environment, "https://near.org")).isEqualTo("DIRECT");
        assertThat(proxy(environment, "https://other")).isEqualTo("DIRECT");
        assertThat(proxy(environment, "https://another")).isEqualTo("secure.example.org:82");
        assertThat(proxy(environment, "http://127.0.0.1:9")).isEqualTo("DIRECT");
        assertThat(proxy(Map.of("ALL_PROXY", "all"), "https://hub.org")).isEqualTo("all:3128");
        assertThat(proxy(Map.of("ALL_PROXY", "all", "no_proxy", "*"), "https://hub.org"))
                .isEqualTo("DIRECT");
    }

    @Test
    void passwordsAreNotKeptAndSocksIsNotSpoken() {
        HubProxies proxies =
                HubProxies.of(Map.of("HTTP_PROXY", "http://me:secret@proxy:81", "ALL_PROXY", "socks5://s:1"));
        assertThat(proxies.http()).contains(URI.create("http://proxy:81"));
        assertThat(proxies.https()).isEmpty();
    }

    @Test
    void whatIsNoAddressIsToldWithoutItsPassword() {
        for (String wrong : new String[] {"http://me:secret@", "ftp://me:secret@proxy:1", "http://secret secret"}) {
            assertThatThrownBy(() -> HubProxies.of(Map.of("HTTPS_PROXY", wrong)))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("HTTPS_PROXY is no address of an HTTP proxy")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void theHubIsAskedThroughTheProxy(@TempDir Path cache) {
        try (FakeHub fake = FakeHub.start()) {
            HubProxies proxies =
                    HubProxies.of(Map.of("http_proxy", fake.endpoint().toString()));
            Hub hub = Hubs.hub(new HubSettings(
                    cache, URI.create("http://hub.invalid"), Optional.empty(), Optional.empty(), false, proxies));
            assertThatThrownBy(() -> Hubs.download(hub)).isInstanceOf(UserException.class);
            assertThat(fake.requests())
                    .extracting(FakeHub.Request::path)
                    .contains("/api/models/org/tiny-model/revision/main");
        }
    }

    private static String proxy(Map<String, String> environment, String target) {
        Proxy proxy =
                HubProxies.of(environment).selector().select(URI.create(target)).get(0);
        if (proxy.equals(Proxy.NO_PROXY)) {
            return "DIRECT";
        }
        InetSocketAddress address = (InetSocketAddress) proxy.address();
        return address.getHostString() + ":" + address.getPort();
    }
}
