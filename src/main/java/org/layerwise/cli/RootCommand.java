package org.layerwise.cli;

import java.util.List;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.cli.option.SettingFlags;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** Command {@code layerwise}, the root of all commands. */
@Command(
        name = "layerwise",
        description =
                "Layer-wise LoRA fine-tuning: see which layers of a transformer matter for your data, and train only"
                        + " those. Without a command the window opens.",
        versionProvider = RootCommand.Version.class,
        footer = {"", "layerwise COMMAND --help tells all flags of a command."})
final class RootCommand {

    private static final List<Class<?>> COMMANDS = List.of(
            ModelsCommand.class,
            DownloadCommand.class,
            InspectCommand.class,
            ExtractCommand.class,
            AnalyzeCommand.class,
            TrajectoryCommand.class,
            SelectCommand.class,
            CompareCommand.class,
            ComparePredictionsCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            GenerateCommand.class,
            MergeCommand.class,
            ConvertAdapterCommand.class,
            PruneAdapterCommand.class,
            RunsCommand.class,
            ExperimentCommand.class,
            ExportJobCommand.class,
            PlanCommand.class,
            RemoteCommand.class,
            DemoCommand.class,
            GpuCommand.class,
            DoctorCommand.class);

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean version;

    /** Version that was written into the jar when it was built. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"layerwise " + number()};
        }

        static String number() {
            String built = RootCommand.class.getPackage().getImplementationVersion();
            return built == null ? "(development build)" : built;
        }
    }

    /** Returns the whole command line. */
    static CommandLine commandLine(CommandContext context) {
        return commandLine(context, COMMANDS);
    }

    /**
     * Returns the command line for arguments, with the named command alone where the others have no part, since making all
     * takes longer than the rest of parsing.
     */
    static CommandLine commandLine(CommandContext context, List<String> args) {
        boolean others =
                args.stream().anyMatch(arg -> arg.startsWith(ConfigFile.FLAG)); // the file may have their sections
        return COMMANDS.stream()
                .filter(type -> !others && !args.isEmpty())
                .filter(type -> type.getAnnotation(Command.class).name().equals(args.get(0)))
                .findFirst()
                .map(type -> commandLine(context, List.<Class<?>>of(type)))
                .orElseGet(() -> commandLine(context));
    }

    private static CommandLine commandLine(CommandContext context, Iterable<Class<?>> commands) {
        CommandLine root = new CommandLine(new RootCommand());
        commands.forEach(root::addSubcommand);
        EnumConverters.register(root);
        root.setExpandAtFiles(false);
        root.setUsageHelpLongOptionsMaxWidth(40);
        root.setAbbreviatedOptionsAllowed(false);
        root.getSubcommands().values().forEach(command -> prepare(command, context));
        return root;
    }

    private static void prepare(CommandLine command, CommandContext context) {
        // flags in the order of the source: input, options, output
        command.getCommandSpec().usageMessage().sortOptions(false);
        if (command.getCommand() instanceof LayerwiseCommand own) {
            own.bind(context);
            SettingFlags.add(command.getCommandSpec(), own.offered());
        }
        command.getSubcommands().values().forEach(subcommand -> prepare(subcommand, context));
    }
}
