package org.layerwise.cli;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.cli.option.SettingFlags;
import org.layerwise.data.file.DataSource;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Base class of all commands: the flags {@code --config} and {@code --help}, and the check of flags that exclude each
 * other.
 */
abstract class LayerwiseCommand {

    /** Message of commands that train when they are asked to stop. */
    static final String AFTER_STEP = "Stopping after the step in hand; press Ctrl+C again to stop at once.";

    @Option(
            names = ConfigFile.FLAG,
            paramLabel = "FILE",
            order = 1000,
            description = "YAML file whose keys are these flags without dashes in front; flags win.")
    private @Nullable Path config;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 1001,
            description = "Show this help.")
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private @Nullable CommandContext context;

    private SettingValues given = SettingValues.none();

    /** Sets the environment in which the command runs. */
    final void bind(CommandContext environment) {
        context = environment;
    }

    /** Returns the environment of the command, which is set before it runs. */
    final CommandContext context() {
        return Objects.requireNonNull(context);
    }

    /** Returns the settings that are flags of the command. */
    List<Setting<?>> offered() {
        return List.of();
    }

    /**
     * Reads the {@link #offered} settings.
     *
     * @param ofFile values of the file of {@code --config}; those of the command line override them
     * @throws org.layerwise.base.UserException if a value is of another type or not allowed
     */
    final void read(SettingValues ofFile) {
        given = ofFile.and(SettingFlags.read(parsed(), offered()));
    }

    private ParseResult parsed() {
        return Objects.requireNonNull(spec).commandLine().getParseResult();
    }

    /** Returns the values that were given for some of the {@link #offered} settings. */
    final SettingValues given(List<Setting<?>> settings) {
        return given.only(settings);
    }

    /** Returns the flags that were given on the command line or as keys of the file. */
    final Set<String> flags() {
        Set<String> flags = new LinkedHashSet<>();
        parsed().matchedOptions().forEach(option -> flags.add(option.longestName()));
        given.written(offered()).keySet().forEach(name -> flags.add("--" + name));
        return flags;
    }

    /** Returns the values of {@link ModelSettings#VALUES} that were given, for commands that offer them. */
    final SettingValues compute() {
        return given(ModelSettings.VALUES);
    }

    /** Returns the groups of flags that exclude each other. */
    List<ExclusiveOptions> rivals() {
        return List.of();
    }

    /**
     * Returns true if the command opens a model or computes from representations, so that libtorch is started beside its
     * first work.
     */
    boolean computes() {
        return false;
    }

    /** Returns what the flag {@code --data} names; empty without the flag. */
    final Optional<DataSource> namedData() {
        return Objects.requireNonNull(spec).mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(DataOptions.class::isInstance)
                .map(DataOptions.class::cast)
                .findFirst()
                .flatMap(data -> data.source(given(DataSettings.VALUES)));
    }

    /** Returns the message that is printed on Ctrl+C. */
    String farewell() {
        return "Stopping.";
    }

    /**
     * Runs the command.
     *
     * @throws org.layerwise.base.UserException if the input is invalid
     */
    abstract void run();
}
