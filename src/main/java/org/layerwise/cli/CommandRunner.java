package org.layerwise.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.layerwise.base.CancelledException;
import org.layerwise.base.UserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line and turns whatever happens into an exit code and, at most, one line on the error stream. */
final class CommandRunner {

    private final CommandContext context;
    private final Logger log = LoggerFactory.getLogger(CommandRunner.class);

    CommandRunner(CommandContext context) {
        this.context = context;
    }

    /** Runs the command that the arguments name; see {@link ExitCode}. */
    int run(List<String> args) {
        log.info("layerwise {}: {}", RootCommand.Version.number(), args);
        try {
            int code = execute(args);
            return code == ExitCode.OK && context.cancellation().requested() ? ExitCode.CANCELLED : code;
        } catch (UserException e) {
            log.info("bad input: {}", e.getMessage(), e);
            fail("layerwise: " + e.getMessage());
            return ExitCode.BAD_INPUT;
        } catch (CancelledException e) {
            fail("layerwise: stopped.");
            return ExitCode.CANCELLED;
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            log.error("{} failed", args, e);
            fail("layerwise: an error that should not happen (%s); the details are in %s."
                    .formatted(brief(e), context.folders().logs().resolve("layerwise.log")));
            return ExitCode.INTERNAL;
        }
    }

    private int execute(List<String> args) throws Exception {
        CommandLine root = RootCommand.commandLine(context);
        List<String> expanded = new ConfigFile().expand(root, args);
        try {
            ParseResult parsed = root.parseArgs(expanded.toArray(String[]::new));
            return run(root, parsed);
        } catch (ParameterException e) {
            log.info("bad command line: {}", e.getMessage());
            fail("%s: %s See '%s --help'.".formatted(name(e.getCommandLine()), sentence(e), name(e.getCommandLine())));
            return ExitCode.BAD_INPUT;
        }
    }

    private int run(CommandLine root, ParseResult parsed) throws Exception {
        PrintWriter out = new PrintWriter(context.console().out(), true, StandardCharsets.UTF_8);
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandLine command = last.commandSpec().commandLine();
        if (last.isUsageHelpRequested()) {
            command.usage(out);
            return ExitCode.OK;
        }
        if (last.isVersionHelpRequested()) {
            command.printVersionHelp(out);
            return ExitCode.OK;
        }
        if (!(command.getCommand() instanceof LayerwiseCommand chosen)) {
            throw new ParameterException(root, "No command is named.");
        }
        ParseResult flags = last;
        chosen.rivals().forEach(rivals -> rivals.check(flags::hasMatchedOption));
        return chosen.call();
    }

    private static String sentence(ParameterException e) {
        String text = e.getMessage().lines().map(String::strip).collect(Collectors.joining(" "));
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                return "%s; did you mean %s?".formatted(text, near.get(0));
            }
        }
        return text.endsWith(".") ? text : text + ".";
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    private static String brief(Throwable e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }

    private void fail(String line) {
        context.console().err().println(line);
    }
}
