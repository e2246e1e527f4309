package org.layerwise.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS) // the paths below are absolute on Unixes only
class AppFoldersTest {

    private static final Path HOME = Path.of("/home/ada");

    @Test
    void linuxDefaultsAreTheXdgOnes() {
        AppFolders folders = AppFolders.of("linux", Map.of(), HOME);

        assertThat(folders.data()).isEqualTo(HOME.resolve(".local/share/layerwise"));
        assertThat(folders.config()).isEqualTo(HOME.resolve(".config/layerwise"));
        assertThat(folders.state()).isEqualTo(HOME.resolve(".local/state/layerwise"));
        assertThat(folders.cache()).isEqualTo(HOME.resolve(".cache/layerwise"));
        assertThat(folders.logs()).isEqualTo(HOME.resolve(".local/state/layerwise/logs"));
        assertThat(folders.models()).isEqualTo(HOME.resolve(".local/share/layerwise/models"));
        assertThat(folders.runs()).isEqualTo(HOME.resolve(".local/share/layerwise/runs"));
    }

    @Test
    void xdgVariablesWin() {
        AppFolders folders = AppFolders.of(
                "linux",
                Map.of(
                        "XDG_DATA_HOME", "/d",
                        "XDG_CONFIG_HOME", "/c",
                        "XDG_STATE_HOME", "/s",
                        "XDG_CACHE_HOME", "/k"),
                HOME);

        assertThat(folders)
                .isEqualTo(new AppFolders(
                        Path.of("/d/layerwise"),
                        Path.of("/c/layerwise"),
                        Path.of("/s/layerwise"),
                        Path.of("/k/layerwise")));
    }

    @Test
    void relativeAndEmptyXdgVariablesAreIgnored() {
        AppFolders folders = AppFolders.of("linux", Map.of("XDG_DATA_HOME", "some/where", "XDG_CACHE_HOME", ""), HOME);

        assertThat(folders.data()).isEqualTo(HOME.resolve(".local/share/layerwise"));
        assertThat(folders.cache()).isEqualTo(HOME.resolve(".cache/layerwise"));
    }

    @Test
    void homeOfTheShellWinsOverTheAccounts() {
        AppFolders folders = AppFolders.of("linux", Map.of("HOME", "/tmp/other"), HOME);

        assertThat(folders.config()).isEqualTo(Path.of("/tmp/other/.config/layerwise"));
    }

    @Test
    void macKeepsToTheLibrary() {
        AppFolders folders = AppFolders.of("mac os x", Map.of(), HOME);

        assertThat(folders.data()).isEqualTo(HOME.resolve("Library/Application Support/Layerwise/data"));
        assertThat(folders.config()).isEqualTo(HOME.resolve("Library/Application Support/Layerwise/settings"));
        assertThat(folders.cache()).isEqualTo(HOME.resolve("Library/Caches/Layerwise"));
    }

    @Test
    void windowsKeepsSettingsRoamingAndTheRestLocal() {
        AppFolders folders = AppFolders.of("windows 11", Map.of("APPDATA", "/roaming", "LOCALAPPDATA", "/local"), HOME);

        assertThat(folders.config()).isEqualTo(Path.of("/roaming/Layerwise"));
        assertThat(folders.data()).isEqualTo(Path.of("/local/Layerwise/data"));
        assertThat(folders.state()).isEqualTo(Path.of("/local/Layerwise/state"));
        assertThat(folders.cache()).isEqualTo(Path.of("/local/Layerwise/cache"));
    }
}
