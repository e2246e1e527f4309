package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;

class HubSettingsTest {

    @TempDir
    Path home;

    @Test
    void withoutVariables() {
        HubSettings settings = HubSettings.of(Map.of(), home);
        assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings.token()).isEmpty();
        assertThat(settings.offline()).isFalse();
    }

    @Test
    void theMoreSpecialVariableWins() {
        assertCache(Map.of("XDG_CACHE_HOME", "/xdg"), "/xdg/huggingface/hub");
        assertCache(Map.of("XDG_CACHE_HOME", "/xdg", "HF_HOME", "/hf"), "/hf/hub");
        assertCache(Map.of("HF_HOME", "/hf", "HUGGINGFACE_HUB_CACHE", "/old"), "/old");
        assertCache(Map.of("HF_HOME", "/hf", "HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/new"), "/new");
        assertCache(Map.of("HF_HOME", " "), home + "/.cache/huggingface/hub");
    }

    @Test
    void homeAndVariablesAreFilledIn() {
        assertCache(Map.of("HF_HOME", "~/models"), home + "/models/hub");
        assertCache(Map.of("HF_HUB_CACHE", "$SCRATCH/${USER}/$NONE", "SCRATCH", "/s", "USER", "me"), "/s/me/$NONE");
    }

    @Test
    void theToken() throws IOException {
        Path file = Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token");
        Files.writeString(file, "from-file\n");
        assertThat(HubSettings.of(Map.of(), home).token()).contains("from-file");
        assertThat(HubSettings.of(Map.of("HF_TOKEN", "set\n"), home).token()).contains("set");
        assertThat(HubSettings.of(Map.of("HUGGING_FACE_HUB_TOKEN", "old"), home).token())
                .contains("old");
        assertThat(HubSettings.of(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"), home)
                        .token())
                .isEmpty();
        Path other = Files.writeString(home.resolve("other"), "other");
        assertThat(HubSettings.of(Map.of("HF_TOKEN_PATH", other.toString()), home)
                        .token())
                .contains("other");
        assertThat(HubSettings.of(Map.of("HF_TOKEN", "secret"), home))
                .asString()
                .doesNotContain("secret");
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_TOKEN", "two words"), home))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("HF_TOKEN has characters")
                .hasMessageNotContaining("two words");
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_TOKEN_PATH", home.toString()), home))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot read the hub's token in " + home);
    }

    @Test
    void aFileInThePlaceOfTheFolderHoldsNoToken() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "x");

        assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", file.toString()), home)
                        .token())
                .isEmpty();
    }

    @Test
    void theEndpoint() {
        assertThat(HubSettings.of(Map.of("HF_ENDPOINT", "https://hf-mirror.com/"), home)
                        .endpoint())
                .isEqualTo(URI.create("https://hf-mirror.com"));
        for (String wrong : new String[] {"hf-mirror.com", "file:///etc", "https://", "a b"}) {
            assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", wrong), home))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("HF_ENDPOINT is '" + wrong);
        }
    }

    @Test
    void offline() {
        assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "1"), home).offline())
                .isTrue();
        assertThat(HubSettings.of(Map.of("TRANSFORMERS_OFFLINE", "True"), home).offline())
                .isTrue();
        assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "0"), home).offline())
                .isFalse();
    }

    private void assertCache(Map<String, String> environment, String expected) {
        assertThat(HubSettings.of(environment, home).cache()).isEqualTo(Path.of(expected));
    }
}
