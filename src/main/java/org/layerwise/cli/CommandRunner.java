package org.layerwise.cli;

import java.lang.reflect.Field;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PlainText;
import org.layerwise.base.Secrets;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.base.file.DiskFullErrors;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.cli.option.FreeText;
import org.layerwise.data.file.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line. Every failure becomes an exit code and at most one line on the error stream. */
final class CommandRunner {

    private static final String HELP = "help";
    private static final String OUT = "--out";

    private final CommandContext context;
    private final Logger log = LoggerFactory.getLogger(CommandRunner.class);
    private Optional<Thread> starting = Optional.empty();

    CommandRunner(CommandContext context) {
        this.context = context;
    }

    /**
     * Runs the command of the arguments. A start of libtorch that it began has ended when this method returns, since a
     * process that ends meanwhile looks to the next one as if the libraries had killed it.
     *
     * @return exit code, see {@link ExitCode}
     */
    int run(List<String> args) {
        try {
            return reported(args);
        } finally {
            starting.ifPresent(CommandRunner::await);
        }
    }

    private static void await(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int reported(List<String> args) {
        log.info("layerwise {}: {}", RootCommand.Version.number(), args);
        try {
            int code = execute(withHelp(args));
            return code == ExitCode.OK && context.cancellation().requested() ? ExitCode.CANCELLED : code;
        } catch (UserException e) {
            log.info("bad input: {}", e.getMessage(), e);
            fail(e.getMessage());
            return ExitCode.BAD_INPUT;
        } catch (InvalidPathException e) {
            log.info("bad input", e);
            fail(InvalidFileName.sentence(e));
            return ExitCode.BAD_INPUT;
        } catch (CancelledException e) {
            fail(context.cancellation().cancelMessage());
            return ExitCode.CANCELLED;
        } catch (OutOfMemoryError e) {
            log.error("{} ran out of memory", args, e);
            fail("The memory of Java is used up; give it more (JAVA_OPTS=-Xmx8g) or use fewer rows.");
            return ExitCode.BAD_INPUT;
        } catch (Exception | Error e) {
            if (DiskFullErrors.isCause(e)) {
                log.info("{}: full disk", args, e);
                fail("A disk is full (%s); free some space where results, the cache (%s) and temporary files go."
                        .formatted(brief(e), context.folders().cache()));
                return ExitCode.BAD_INPUT;
            }
            log.error("{} failed", args, e);
            fail("an error that should not happen (%s); the details are in %s."
                    .formatted(brief(e), context.folders().logs().resolve("layerwise.log")));
            return ExitCode.INTERNAL;
        }
    }

    private int execute(List<String> args) {
        CommandLine root = RootCommand.commandLine(context, args);
        ConfigFile config = ConfigFile.read(root, args);
        List<String> expanded = config.args();
        try {
            ParseResult parsed = root.parseArgs(
                    noSuch(root, expanded) ? new String[] {expanded.get(0)} : expanded.toArray(String[]::new));
            return run(root, parsed, config.settings());
        } catch (ParameterException e) {
            log.info("bad command line: {}", e.getMessage());
            fail("%s See '%s --help'.".formatted(sentence(e), name(e.getCommandLine())));
            return ExitCode.BAD_INPUT;
        }
    }

    /**
     * Returns true if the first argument is meant as a command but there is none with this name. With {@code --help},
     * picocli would show the help of the whole program.
     */
    private static boolean noSuch(CommandLine root, List<String> args) {
        return !args.isEmpty()
                && !args.get(0).startsWith("-")
                && !root.getSubcommands().containsKey(args.get(0));
    }

    /** @param ofFile settings of the file of {@code --config} */
    private int run(CommandLine root, ParseResult parsed, SettingValues ofFile) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandLine command = last.commandSpec().commandLine();
        if (last.isUsageHelpRequested()) {
            context.console().out().print(HelpText.of(command, HelpText.width(System.getenv("COLUMNS"))));
            return printed(ExitCode.OK, false);
        }
        if (last.isVersionHelpRequested()) {
            command.printVersionHelp(context.console().out());
            return printed(ExitCode.OK, false);
        }
        if (!(command.getCommand() instanceof LayerwiseCommand chosen)) {
            throw new ParameterException(root, "No command is named.");
        }
        return run(chosen, last, ofFile);
    }

    private int run(LayerwiseCommand command, ParseResult flags, SettingValues ofFile) {
        flags.matchedOptions().forEach(option -> requireValue(option, option.originalStringValues()));
        Map<String, Object> keys = ofFile.written(command.offered());
        keys.forEach(
                (key, value) -> requireValue(flags.commandSpec().findOption("--" + key), List.of(value.toString())));
        context.cancellation().stopMessage(command.farewell());
        command.rivals()
                .forEach(rivals ->
                        rivals.check(flag -> flags.hasMatchedOption(flag) || keys.containsKey(flag.substring(2))));
        command.read(ofFile);
        if (command.computes() && command.namedData().map(DataSource::exists).orElse(true)) {
            starting = Optional.of(context.torch().begin());
        }
        command.run();
        return printed(ExitCode.OK, flags.hasMatchedOption(OUT));
    }

    /**
     * Returns the exit code, after a check that the output was written.
     *
     * @param files true if the command has written files as well
     */
    private int printed(int code, boolean files) {
        if (code != ExitCode.OK || !context.console().out().checkError()) {
            return code;
        }
        if (context.console().piped()) {
            return ExitCode.UNREAD;
        }
        fail(
                files
                        ? "Standard output cannot be written, so what was to be printed is lost; the files are written."
                        : "The result is lost: standard output cannot be written; send it to a file with room for it.");
        return ExitCode.INTERNAL;
    }

    private static String sentence(ParameterException e) {
        String text = Objects.requireNonNullElse(e.getMessage(), "")
                .lines()
                .map(String::strip)
                .collect(Collectors.joining(" "));
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            if (e.getCommandLine().getParent() == null && !word.startsWith("-")) {
                text = "There is no command %s".formatted(word);
            }
            Optional<String> near = Spelling.nearest(word.split("=", 2)[0], known(e.getCommandLine()));
            if (near.isPresent()) {
                return "%s; did you mean %s?".formatted(text, near.get());
            }
        }
        return text.endsWith(".") ? text : text + ".";
    }

    /** Replaces {@code layerwise help} and {@code layerwise help COMMAND} by the {@code --help} flag. */
    private static List<String> withHelp(List<String> args) {
        if (args.isEmpty() || !args.get(0).equals(HELP)) {
            return args;
        }
        return args.size() == 1 ? List.of("--help") : List.of(args.get(1), "--help");
    }

    private static Set<String> known(CommandLine command) {
        Set<String> known = new TreeSet<>(command.getSubcommands().keySet());
        if (command.getParent() == null) {
            known.add(HELP);
        }
        command.getCommandSpec().options().forEach(option -> known.add(option.longestName()));
        return known;
    }

    private static void requireValue(OptionSpec option, List<String> texts) {
        boolean free = option.userObject() instanceof Field field && field.isAnnotationPresent(FreeText.class);
        if (texts.stream().anyMatch(free ? String::isEmpty : String::isBlank)) {
            throw new UserException("%s is empty; write %s %s%s."
                    .formatted(
                            option.longestName(),
                            option.longestName(),
                            option.paramLabel(),
                            option.required() ? "" : ", or leave it out"));
        }
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    private static String brief(Throwable e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }

    /** Prints the error message of a command that failed. */
    private void fail(String line) {
        context.console().err().println("layerwise: " + PlainText.message(Secrets.hidden(line)));
    }
}
