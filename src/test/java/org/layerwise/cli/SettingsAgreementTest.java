package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingType;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.gui.training.Field;
import org.layerwise.gui.training.TrainingForm;
import org.layerwise.lora.LoraSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;

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
            "1,2",
            "a,b,c",
            "query,,value",
            "query=4",
            "query=0",
            "(a=1",
            "dora",
            "all",
            "cka,rsa",
            "cka,cka",
            "first",
            "random",
            "include",
            "sst2",
            "eos-is-padding",
            "classification");

    /** Settings that are text in files, and chosen in the form. */
    private static final Set<Setting<?>> EDITED = Set.of(LoraSettings.VARIANT, LoraSettings.TARGET_MODULES);

    @TempDir
    private Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void commandLine() {
        cli = new CommandLineFixture(folder);
    }

    /** Tables of settings, with the command that has their flags and the part of a configuration that has their values. */
    private enum Table {
        DATA("train", DataSettings.VALUES) {
            @Override
            SettingValues in(Configuration configuration) {
                return configuration.rows().values();
            }

            @Override
            EquivalentCommand replay(SettingValues values) {
                return EquivalentCommand.train(MODEL, new DataSettings("d", values), TrainingSettings.defaults(), OUT);
            }
        },
        ANALYSIS("analyze", AnalysisSettings.VALUES) {
            @Override
            SettingValues in(Configuration configuration) {
                return configuration.analysis().values();
            }

            @Override
            EquivalentCommand replay(SettingValues values) {
                return EquivalentCommand.analyze(MODEL, DataSettings.of("d"), new AnalysisSettings(values), OUT);
            }
        },
        TRAINING("train", TrainingSettings.VALUES) {
            @Override
            SettingValues in(Configuration configuration) {
                return configuration.training().values();
            }

            @Override
            EquivalentCommand replay(SettingValues values) {
                return EquivalentCommand.train(
                        MODEL, DataSettings.of("d"), TrainingSettings.defaults().with(values), OUT);
            }
        };

        private static final ModelSettings MODEL = ModelSettings.of("m");
        private static final Path OUT = Path.of("out");

        private final String command;
        private final List<Setting<?>> settings;

        Table(String command, List<Setting<?>> settings) {
            this.command = command;
            this.settings = settings;
        }

        abstract SettingValues in(Configuration configuration);

        abstract EquivalentCommand replay(SettingValues values);
    }

    static Stream<Arguments> settings() {
        return Stream.of(Table.values())
                .flatMap(table -> table.settings.stream().map(setting -> Arguments.of(table, setting)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void allSurfacesAgree(Table table, Setting<?> setting) throws IOException {
        List<String> accepted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        Set<String> texts = new LinkedHashSet<>(TEXTS);
        written(setting).ifPresent(texts::add);
        for (String text : texts) {
            String flag = answer(table, setting, () -> commandLine(table, setting, text));
            String key = answer(table, setting, () -> file(table, setting, text));
            if (setting.type().kind() != SettingType.Kind.FLAG) { // a switch has no value on the command line
                assertThat(key).as("%s in a file, %s", setting, text).isEqualTo(flag);
            }
            if (table == Table.TRAINING && isTyped(setting)) {
                assertThat(answer(table, setting, () -> form(setting, text)))
                        .as("%s in a form, %s", setting, text)
                        .isEqualTo(flag);
            }
            boolean taken = !key.startsWith("NAME");
            (taken ? accepted : refused).add(text);
            if (taken && table == Table.TRAINING) {
                SettingValues values = file(table, setting, text);
                assertThat(throughForm(values))
                        .as("%s filled into a form, %s", setting, text)
                        .isEqualTo(values.effective(table.settings));
            }
        }
        assertThat(accepted).as("values of %s", setting).isNotEmpty();
        boolean anyText =
                setting.type().equals(SettingType.TEXT.labelled(setting.type().label()))
                        && setting != RunSettings.BEST_METRIC;
        if (!anyText
                && setting.type().kind() != SettingType.Kind.FILE
                && setting.type().kind() != SettingType.Kind.FOLDER) {
            assertThat(refused).as("no values of %s", setting).isNotEmpty();
        }
    }

    private interface Reading {
        SettingValues read() throws IOException;
    }

    /** The value that was read, or the sentence of the refusal with NAME for the name of the setting. */
    private String answer(Table table, Setting<?> setting, Reading reading) throws IOException {
        try {
            SettingValues values = reading.read();
            return values.effective(List.of(setting)) + " "
                    + table.replay(values).commandLine();
        } catch (UserException e) {
            return String.valueOf(e.getMessage())
                    .replaceFirst("^" + Pattern.quote(setting.flag()) + "(?=[ :])", "NAME")
                    .replaceFirst(
                            "^" + Pattern.quote(settingsFile() + ": \"" + setting.name() + "\"") + "(?=[ :])", "NAME")
                    .replaceFirst("^" + Pattern.quote(setting.title()) + "(?=[ :])", "NAME");
        }
    }

    private SettingValues commandLine(Table table, Setting<?> setting, String text) {
        if (setting.type().kind() == SettingType.Kind.FLAG) {
            return SettingValues.none();
        }
        var root = RootCommand.commandLine(cli.context());
        root.parseArgs(table.command, setting.flag() + "=" + text, "--out=out");
        LayerwiseCommand command = root.getSubcommands().get(table.command).getCommand();
        command.read(SettingValues.none());
        return command.given(table.settings);
    }

    private Path settingsFile() {
        return folder.resolve("settings.yaml");
    }

    private SettingValues file(Table table, Setting<?> setting, String text) throws IOException {
        String quoted = setting.type().kind() == SettingType.Kind.FLAG ? text.strip() : "\"" + text + "\"";
        Files.writeString(settingsFile(), "%s:\n  %s: %s\n".formatted(table.command, setting.name(), quoted));
        return table.in(Configuration.read(settingsFile()));
    }

    private static <T> Optional<String> written(Setting<T> setting) {
        return setting.defaultValue().map(setting::write).filter(text -> !text.isEmpty());
    }

    private static boolean isTyped(Setting<?> setting) {
        return switch (setting.type().kind()) {
            case WHOLE, NUMBER, TEXT, LIST -> !EDITED.contains(setting);
            case FLAG, CHOICE, FILE, FOLDER -> false;
        };
    }

    /** Returns the values that count once they are in the form. */
    private static Map<String, Object> throughForm(SettingValues values) {
        TrainingForm form = new TrainingForm();
        form.fill(TrainingSettings.defaults().with(values), DataSettings.DEFAULT_BATCH);
        return form.settings(null).values().effective(TrainingSettings.VALUES);
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
