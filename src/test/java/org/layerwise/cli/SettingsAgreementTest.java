package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.UserException;
import org.layerwise.gui.training.Field;
import org.layerwise.gui.training.TrainingForm;
import org.layerwise.settings.Setting;
import org.layerwise.settings.SettingType;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.Configuration;
import org.layerwise.study.DataSettings;
import org.layerwise.study.ModelSettings;
import org.layerwise.study.Replay;
import org.layerwise.study.TrainingSettings;

/** Command line, YAML, form and the copied command accept and refuse the same values of each setting, with the same sentence. */
class SettingsAgreementTest {

    private static final List<String> TEXTS = List.of(
            "-1",
            "0",
            "1e-8",
            "0.06",
            "0.5",
            "1",
            "1.0",
            "2",
            "2.5",
            "+4",
            "7",
            " 3 ",
            "1000000",
            "1e6",
            "2e6",
            "1e308",
            "1e400",
            "-1e400",
            "NaN",
            "Infinity",
            "2147483647",
            "2147483648",
            "99999999999999999999",
            "1f",
            "0x10",
            "many",
            "loss",
            "foo",
            "config",
            "true",
            "linear",
            "Linear",
            "tensorboard",
            "1,2");

    @TempDir
    private Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void commandLine() {
        cli = new CommandLineFixture(folder);
    }

    static Stream<Setting<?>> settings() {
        return TrainingSettings.VALUES.stream();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void allSurfacesAgree(Setting<?> setting) throws IOException {
        List<String> accepted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (String text : TEXTS) {
            String flag = answer(setting, () -> commandLine(setting, text));
            String key = answer(setting, () -> file(setting, text));
            if (setting.type().kind() != SettingType.Kind.FLAG) { // a switch has no value on the command line
                assertThat(key).as("%s in a file, %s", setting, text).isEqualTo(flag);
            }
            if (isTyped(setting)) {
                assertThat(answer(setting, () -> form(setting, text)))
                        .as("%s in a form, %s", setting, text)
                        .isEqualTo(flag);
            }
            (key.startsWith("NAME must be") || key.startsWith("NAME is too large") ? refused : accepted).add(text);
        }
        assertThat(accepted).as("values of %s", setting).isNotEmpty();
        if (setting.type().kind() != SettingType.Kind.FILE && setting.type().kind() != SettingType.Kind.FOLDER) {
            assertThat(refused).as("no values of %s", setting).isNotEmpty();
        }
    }

    private interface Reading {
        SettingValues read() throws IOException;
    }

    /** The value that was read, or the sentence of the refusal with NAME for the name of the setting. */
    private String answer(Setting<?> setting, Reading reading) throws IOException {
        try {
            SettingValues values = reading.read();
            TrainingSettings training = TrainingSettings.defaults().with(values);
            String copied = Replay.train(ModelSettings.of("m"), DataSettings.of("d"), training, Path.of("out"))
                    .commandLine();
            return values.effective(List.of(setting)) + " " + copied;
        } catch (UserException e) {
            return String.valueOf(e.getMessage())
                    .replace(setting.flag() + " ", "NAME ")
                    .replace(settingsFile() + ": \"" + setting.name() + "\" ", "NAME ")
                    .replace(setting.title() + " ", "NAME ");
        }
    }

    private SettingValues commandLine(Setting<?> setting, String text) {
        if (setting.type().kind() == SettingType.Kind.FLAG) {
            return SettingValues.none();
        }
        var root = RootCommand.commandLine(cli.context());
        root.parseArgs("train", setting.flag() + "=" + text);
        return root.getSubcommands().get("train").<TrainCommand>getCommand().given(TrainingSettings.VALUES);
    }

    private Path settingsFile() {
        return folder.resolve("settings.yaml");
    }

    private SettingValues file(Setting<?> setting, String text) throws IOException {
        String quoted = setting.type().kind() == SettingType.Kind.FLAG ? text.strip() : "\"" + text + "\"";
        Files.writeString(settingsFile(), "train:\n  %s: %s\n".formatted(setting.name(), quoted));
        return Configuration.read(settingsFile()).training().values();
    }

    private static boolean isTyped(Setting<?> setting) {
        return switch (setting.type().kind()) {
            case WHOLE, NUMBER, TEXT, LIST -> true;
            case FLAG, CHOICE, FILE, FOLDER -> false;
        };
    }

    private static SettingValues form(Setting<?> setting, String text) {
        TrainingForm form = new TrainingForm();
        Field<?> field = form.fields()
                .filter(one -> one.key().equals(setting.name()))
                .findFirst()
                .orElseThrow();
        field.type(text);
        if (!field.mistakeProperty().get().isEmpty()) {
            throw new UserException(field.mistakeProperty().get());
        }
        return form.settings(null).values();
    }
}
