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
                .addSubcommand(new ModelsCommand(context))
                .addSubcommand(new DownloadCommand(context))
                .addSubcommand(new InspectCommand(context))
                .addSubcommand(new ExtractCommand(context))
                .addSubcommand(new AnalyzeCommand(context))
                .addSubcommand(new SelectCommand(context))
                .addSubcommand(new CompareCommand(context))
                .addSubcommand(new TrainCommand(context))
                .addSubcommand(new EvaluateCommand(context))
                .addSubcommand(new GenerateCommand(context))
                .addSubcommand(new MergeCommand(context))
                .addSubcommand(new ConvertAdapterCommand(context))
                .addSubcommand(new RunsCommand(context))
                .addSubcommand(new ExperimentCommand(context))
                .addSubcommand(new ExportJobCommand(context))
                .addSubcommand(new PlanCommand(context))
                .addSubcommand(RemoteCommand.line(context))
                .addSubcommand(new DemoCommand(context))
                .addSubcommand(new GpuCommand(context))
                .addSubcommand(new DoctorCommand(context));
        EnumConverters.register(root);
        root.setExpandAtFiles(false);
        root.setUsageHelpLongOptionsMaxWidth(40);
        root.setAbbreviatedOptionsAllowed(false);
        // flags in the order of the source: input, options, output
        root.getSubcommands().values().forEach(RootCommand::inOrder);
        return root;
    }

    private static void inOrder(CommandLine command) {
        command.getCommandSpec().usageMessage().sortOptions(false);
        if (command.getCommand() instanceof LayerwiseCommand own) {
            SettingFlags.add(command.getCommandSpec(), own.offered());
        }
        command.getSubcommands().values().forEach(RootCommand::inOrder);
    }
}
