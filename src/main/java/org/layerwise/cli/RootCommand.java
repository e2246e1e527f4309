package org.layerwise.cli;

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
        CommandLine root = new CommandLine(new RootCommand())
                .addSubcommand(new ModelsCommand())
                .addSubcommand(new DownloadCommand())
                .addSubcommand(new InspectCommand())
                .addSubcommand(new ExtractCommand())
                .addSubcommand(new AnalyzeCommand())
                .addSubcommand(new SelectCommand())
                .addSubcommand(new CompareCommand())
                .addSubcommand(new TrainCommand())
                .addSubcommand(new EvaluateCommand())
                .addSubcommand(new GenerateCommand())
                .addSubcommand(new MergeCommand())
                .addSubcommand(new ConvertAdapterCommand())
                .addSubcommand(new RunsCommand())
                .addSubcommand(new ExperimentCommand())
                .addSubcommand(new ExportJobCommand())
                .addSubcommand(new PlanCommand())
                .addSubcommand(RemoteCommand.line())
                .addSubcommand(new DemoCommand())
                .addSubcommand(new GpuCommand())
                .addSubcommand(new DoctorCommand());
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
