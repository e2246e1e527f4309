package org.layerwise.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingGroup;
import org.layerwise.base.setting.SettingType;

/** The reference page lists all settings as their constants have them; {@code -Dlayerwise.write=true} writes it anew. */
class SettingsPageTest {

    private static final Path PAGE = Path.of("src", "site", "markdown", "settings.md");

    private static final String HEAD =
            """
            # Settings

            All settings of data, analyses, trainings and generations. The name is the flag of a command, the key of a `--config` file and the
            key in the `config.yaml` of a run; the title is what the window's form shows. `layerwise COMMAND --help` tells which
            settings a command has. A run may be resumed with another value of a setting that is marked with *, as it changes no
            result.
            """;

    @Test
    void pageListsAllSettings() throws IOException {
        String page = page();
        if (Boolean.getBoolean("layerwise.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        for (SettingGroup group : SettingGroups.ALL) {
            page.append("\n## ").append(group.title()).append("\n\n");
            page.append("| name | title | values | default | |\n| --- | --- | --- | --- | --- |\n");
            group.settings().forEach(setting -> page.append(row(setting)));
        }
        return page.toString();
    }

    private static String row(Setting<?> setting) {
        boolean flag = setting.type().kind() == SettingType.Kind.FLAG;
        return "| `%s`%s | %s | %s | %s | %s |\n"
                .formatted(
                        setting.name(),
                        setting.changesNumbers() ? "" : "\\*",
                        setting.title(),
                        cell(flag ? "true or false" : values(setting)),
                        cell(flag ? "false" : setting.defaultText()),
                        cell(setting.help()));
    }

    private static String values(Setting<?> setting) {
        return setting.range()
                .filter(range -> range != Range.FINITE)
                .map(Range::words)
                .orElse(setting.type().expected().replaceFirst("^one of ", ""));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*").replace("<", "\\<");
    }
}
