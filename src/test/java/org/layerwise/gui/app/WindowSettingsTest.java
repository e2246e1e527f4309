package org.layerwise.gui.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.testing.EarlierFiles;
import org.layerwise.testing.Processes;

class WindowSettingsTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadBack() {
        Path file = folder.resolve("config").resolve("window.json");
        WindowSettings settings = WindowSettings.read(file);
        assertThat(settings.theme()).isEqualTo(ThemeChoice.SYSTEM);
        settings.setTheme(ThemeChoice.DARK);
        settings.setNumber("width", 1400);
        settings.setFlag("maximized", true);
        settings.setDividers("across", new double[] {0.2, 0.8});
        settings.put(FileDialogs.Purpose.MODEL, folder);
        settings.write();

        WindowSettings again = WindowSettings.read(file);
        assertThat(again.theme()).isEqualTo(ThemeChoice.DARK);
        assertThat(again.number("width")).hasValue(1400);
        assertThat(again.flag("maximized")).isTrue();
        assertThat(again.dividers("across")).containsExactly(0.2, 0.8);
        assertThat(again.get(FileDialogs.Purpose.MODEL)).contains(folder);
        assertThat(again.get(FileDialogs.Purpose.DATA)).isEmpty();
    }

    @Test
    void recentFoldersThatAreStillThereAreListedOnceLastFirst() throws Exception {
        Path file = folder.resolve("recent.json");
        WindowSettings settings = WindowSettings.read(file);
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        settings.add(first);
        settings.add(second);
        settings.add(first);
        settings.add(folder.resolve("gone"));
        settings.write();
        assertThat(WindowSettings.read(file).recent()).containsExactly(first, second);
    }

    @Test
    void howFiguresWereWrittenIsRememberedWithASizeForEachKind() throws Exception {
        Path file = folder.resolve("export.json");
        WindowSettings settings = WindowSettings.read(file);
        ExportOptions plain = ExportOptions.png(120, 100, 300, false);
        assertThat(settings.last("heatmap", plain)).isEqualTo(plain);
        ExportOptions used = new ExportOptions(ExportOptions.Format.SVG, 90, 80, 600, true, true, 7.5, true);
        settings.remember("heatmap", used);
        settings.write();
        WindowSettings again = WindowSettings.read(file);
        assertThat(again.last("heatmap", plain)).isEqualTo(used);
        assertThat(again.last("ranking", plain)).isEqualTo(used.sized(120, 100));
        Files.writeString(file, "{\"export\":{\"format\":\"GIF\",\"dpi\":5}}");
        assertThat(WindowSettings.read(file).last("heatmap", plain)).isEqualTo(plain);
    }

    @Test
    void aBrokenFileIsAsGoodAsNone() throws Exception {
        Path file = folder.resolve("window.json");
        Files.writeString(file, "{\"theme\": ");
        WindowSettings settings = WindowSettings.read(file);
        assertThat(settings.theme()).isEqualTo(ThemeChoice.SYSTEM);
        settings.write();
        assertThat(file).content().startsWith("{");
    }

    /** A window that is closed writes its place, and a dialog the folder that was chosen: neither must fail. */
    @ParameterizedTest
    @ValueSource(strings = {"5", "\"x\"", "[]", "null", "{\"sizes\": true}"})
    void aValueOfAnotherKindIsReplaced(String value) throws Exception {
        Path file = folder.resolve("window.json");
        for (String key : List.of("window", "dividers", "folders", "export", "runs", "studies", "recent")) {
            Files.writeString(file, "{\"%s\": %s}".formatted(key, value));
            WindowSettings settings = WindowSettings.read(file);
            settings.setNumber("width", 1400);
            settings.setFlag("maximized", true);
            settings.setDividers("across", new double[] {0.2});
            settings.put(FileDialogs.Purpose.MODEL, folder);
            settings.remember("heatmap", ExportOptions.png(120, 100, 300, false));
            settings.begun(folder);
            settings.add(folder);
            settings.addStudy(file);
            settings.write();

            WindowSettings again = WindowSettings.read(file);
            assertThat(again.number("width")).as(key).hasValue(1400);
            assertThat(again.flag("maximized")).isTrue();
            assertThat(again.dividers("across")).containsExactly(0.2);
            assertThat(again.get(FileDialogs.Purpose.MODEL)).contains(folder);
            assertThat(again.last("heatmap", ExportOptions.png(50, 50, 96, true))
                            .dpi())
                    .isEqualTo(300);
            assertThat(again.unfinished()).containsExactly(folder);
            assertThat(again.recent()).containsExactly(folder);
            assertThat(again.recentStudies()).containsExactly(file);
        }
    }

    @Test
    void whatSeveralWindowsChangeIsKept() throws Exception {
        Path file = folder.resolve("window.json");
        WindowSettings one = WindowSettings.read(file);
        one.begun(folder.resolve("run"));
        one.setTheme(ThemeChoice.DARK);
        one.write();
        WindowSettings other = WindowSettings.read(file);
        one.ended(folder.resolve("run"));
        one.begun(folder.resolve("second"));
        one.setNumber("width", 900);
        one.write();
        other.begun(folder.resolve("third"));
        other.setTheme(ThemeChoice.LIGHT);
        other.write();
        one.setNumber("height", 600);
        one.write();

        WindowSettings again = WindowSettings.read(file);
        assertThat(again.unfinished()).containsExactlyInAnyOrder(folder.resolve("second"), folder.resolve("third"));
        assertThat(again.theme()).isEqualTo(ThemeChoice.LIGHT);
        assertThat(again.number("width")).hasValue(900);
        assertThat(again.number("height")).hasValue(600);
    }

    @Test
    void runsThatSeveralProcessesBeginAtOnceAreAllRemembered() throws Exception {
        Path file = folder.resolve("window.json");
        Processes.atOnce(Beginner.class, 4, folder, file.toString());

        assertThat(WindowSettings.read(file).unfinished()).hasSize(40).doesNotHaveDuplicates();
    }

    /** Begins ten runs. */
    static final class Beginner {

        public static void main(String[] arguments) throws Exception {
            WindowSettings settings = WindowSettings.read(Path.of(arguments[2]));
            Processes.ready(Path.of(arguments[0]), arguments[1]);
            for (int i = 0; i < 10; i++) {
                settings.begun(Path.of(arguments[0], "run" + arguments[1] + "-" + i));
                settings.write();
            }
        }
    }

    @Test
    void settingsOfVersion010AreReadAndKept() throws Exception {
        Path file = EarlierFiles.copy(folder).resolve("config/window.json");
        String before = Files.readString(file);

        WindowSettings settings = WindowSettings.read(file);

        assertThat(settings.theme()).isEqualTo(ThemeChoice.DARK);
        assertThat(settings.guided()).isTrue();
        assertThat(settings.scale()).isEqualTo(125);
        assertThat(settings.number("width")).hasValue(1300);
        assertThat(settings.number("log")).hasValue(0.75);
        assertThat(settings.flag("log-shown")).isTrue();
        assertThat(settings.dividers("main")).containsExactly(0.2, 0.7);
        for (FileDialogs.Purpose purpose : FileDialogs.Purpose.values()) {
            // there were no experiments in the window
            Optional<Path> known = purpose == FileDialogs.Purpose.EXPERIMENT ? Optional.empty() : Optional.of(folder);
            assertThat(settings.get(purpose)).as(purpose.name()).isEqualTo(known);
        }
        ExportOptions plain = ExportOptions.png(100, 100, 72, false);
        assertThat(settings.last("heatmap", plain))
                .isEqualTo(new ExportOptions(ExportOptions.Format.SVG, 120, 90, 300, true, true, 9, false));
        assertThat(settings.recent()).containsExactly(folder.resolve("decoder"), folder.resolve("model"));
        assertThat(settings.recentStudies()).containsExactly(folder.resolve("study.layerwise"));
        assertThat(settings.unfinished()).containsExactly(folder.resolve("run-interrupted"));
        settings.write();
        assertThat(file).hasContent(before);
    }
}
