package org.layerwise.gui.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemThemeTest {

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({
        "Linux, gsettings, 'prefer-dark', DARK",
        "Linux, gsettings, 'default', LIGHT",
        "Mac OS X, defaults, Dark, DARK",
        "Mac OS X, defaults, '', LIGHT",
        "Windows 11, reg, AppsUseLightTheme    REG_DWORD    0x0, DARK",
        "Windows 11, reg, AppsUseLightTheme    REG_DWORD    0x1, LIGHT",
    })
    void theDesktopIsAsked(String os, String program, String says, WindowTheme theme) {
        SystemTheme system = new SystemTheme(
                os, Map.of(), home, command -> command.get(0).equals(program) ? Optional.of(says) : Optional.empty());
        assertThat(system.read()).isEqualTo(theme);
    }

    @Test
    void aDesktopThatSaysNothingIsLight() {
        assertThat(new SystemTheme("Linux", Map.of(), home, command -> Optional.empty()).read())
                .isEqualTo(WindowTheme.LIGHT);
    }

    @Test
    void gtkAndKdeAreReadWithoutAProgram() throws IOException {
        SystemTheme.Asking nobody = command -> Optional.empty();
        assertThat(new SystemTheme("Linux", Map.of("GTK_THEME", "Adwaita:dark"), home, nobody).read())
                .isEqualTo(WindowTheme.DARK);
        Map<String, String> kde = Map.of("XDG_CURRENT_DESKTOP", "KDE");
        assertThat(new SystemTheme("Linux", kde, home, nobody).read()).isEqualTo(WindowTheme.LIGHT);
        Files.createDirectories(home.resolve(".config"));
        Files.write(home.resolve(".config/kdeglobals"), List.of("[General]", "ColorScheme=BreezeDark"));
        assertThat(new SystemTheme("Linux", kde, home, nobody).read()).isEqualTo(WindowTheme.DARK);
    }

    @Test
    void thePlatformItselfAnswersInTime() {
        assertThat(new SystemTheme().read()).isNotNull();
    }

    @Test
    void theSizeOfEverythingIsToldToTheToolkit() {
        assertThat(InterfaceScale.properties(150, "Linux")).isEqualTo(Map.of("glass.gtk.uiScale", "1.5"));
        assertThat(InterfaceScale.properties(200, "Windows 11")).isEqualTo(Map.of("glass.win.uiScale", "2.0"));
        assertThat(InterfaceScale.properties(InterfaceScale.SYSTEM, "Linux")).isEmpty();
        assertThat(InterfaceScale.properties(3000, "Linux"))
                .as("nothing that was not offered")
                .isEmpty();
        assertThat(InterfaceScale.properties(150, "Mac OS X")).isEmpty();
    }
}
