package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.layerwise.settings.Setting;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.ModelSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands have: {@code --config} and {@code --help}, and flags that exclude each other. */
abstract sealed class LayerwiseCommand implements Callable<Integer>
        permits ModelsCommand,
                DownloadCommand,
                InspectCommand,
                PlanCommand,
                ExtractCommand,
                AnalyzeCommand,
                SelectCommand,
                CompareCommand,
                TrainCommand,
                EvaluateCommand,
                GenerateCommand,
                MergeCommand,
                ConvertAdapterCommand,
                RunsCommand,
                ExperimentCommand,
                ExportJobCommand,
                RemoteCommand,
                RemoteAddCommand,
                RemoteListCommand,
                RemoteCheckCommand,
                RemoteRemoveCommand,
                RemoteLogCommand,
                RemoteStopCommand,
                RemoteDeleteCommand,
                DemoCommand,
                GpuCommand,
                DoctorCommand {

    /** The farewell of commands that train. */
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

    /** Returns the settings that are flags of the command. */
    List<Setting<?>> offered() {
        return List.of();
    }

    /**
     * Returns the values that were given for some of the settings that are {@link #offered}.
     *
     * @throws org.layerwise.base.UserException if one is of another type or not allowed
     */
    final SettingValues given(List<Setting<?>> settings) {
        return SettingFlags.read(Objects.requireNonNull(spec).commandLine().getParseResult(), settings);
    }

    /** Returns the values of {@link ModelSettings#VALUES} that were given, for commands that offer them. */
    final SettingValues compute() {
        return given(ModelSettings.VALUES);
    }

    /** Flags of which at most one side may be used. */
    List<Rivals> rivals() {
        return List.of();
    }

    /** What is said on Ctrl+C. */
    String farewell() {
        return "Stopping.";
    }

    /** The work itself; bad input is a UserException. */
    abstract void run();

    @Override
    public final Integer call() {
        given(offered()); // a value that is not allowed is refused before anything else is looked at
        run();
        return ExitCode.OK;
    }
}
