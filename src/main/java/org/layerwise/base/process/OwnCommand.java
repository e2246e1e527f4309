package org.layerwise.base.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Commands that start this program a second time: from its class path, or by the launcher of its package. */
public final class OwnCommand {

    /** Name of the main class, as text since the package of the command line depends on this package. */
    static final String MAIN = "org.layerwise.cli.Main";

    private OwnCommand() {}

    /** Returns the command that starts this program, without arguments. */
    public static List<String> command() {
        return command(
                System.getProperty("jpackage.app-path"),
                Path.of(System.getProperty("java.home"), "bin", windows() ? "java.exe" : "java")
                        .toString(),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                System.getProperty("java.class.path", ""));
    }

    /**
     * Returns the command that starts this program for work of one or two seconds that may crash. It limits JIT
     * compilation, which would take longer than the work, and a crash leaves no hs_err file in the working folder.
     */
    public static List<String> briefCommand() {
        return briefCommand(command());
    }

    static List<String> briefCommand(List<String> command) {
        if (command.size() == 1) {
            return command; // the launcher of a package takes no options
        }
        List<String> brief = new ArrayList<>(command);
        brief.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+SuppressFatalErrorMessage"));
        return brief;
    }

    /**
     * Returns the command that starts this program.
     *
     * @param launcher launcher of the package, null if the program does not run from a package; the runtime of a
     *     package has no {@code java} executable
     * @param java path of the {@code java} executable
     * @param options options of the Java virtual machine
     * @param classPath class path of this process
     */
    static List<String> command(@Nullable String launcher, String java, List<String> options, String classPath) {
        if (launcher != null) {
            return List.of(launcher);
        }
        List<String> command = new ArrayList<>();
        command.add(java);
        // class archives, debuggers and agents belong to one process; logs would go between the answers of the other
        options.stream()
                .filter(option -> !option.startsWith("-XX:ArchiveClassesAtExit")
                        && !option.startsWith("-agentlib")
                        && !option.startsWith("-javaagent")
                        && (!option.startsWith("-Xlog") || option.equals("-Xlog:disable"))
                        && !option.startsWith("-verbose"))
                .forEach(command::add);
        command.addAll(List.of("-cp", classPath, MAIN));
        return command;
    }

    /**
     * Creates a builder for a process of this program with arguments. The environment lacks the variable that the
     * launcher of a package sets for its own child processes.
     *
     * @param program command that starts this program, without arguments
     */
    public static ProcessBuilder process(List<String> program, List<String> arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("_JPACKAGE_LAUNCHER");
        return builder;
    }

    private static boolean windows() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    }
}
