package org.layerwise.base;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How this program is started, to start it once more: from its class path, or by the launcher of its package. */
public final class OwnProgram {

    /** By name, as the command line stands above this package. */
    static final String MAIN = "org.layerwise.cli.Main";

    private OwnProgram() {}

    /** The command without arguments. */
    public static List<String> command() {
        return command(
                System.getProperty("jpackage.app-path"),
                Path.of(System.getProperty("java.home"), "bin", windows() ? "java.exe" : "java")
                        .toString(),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                System.getProperty("java.class.path", ""));
    }

    /** Starts this program for work of a second or two, with little compilation, which would take longer than the work. */
    public static List<String> briefCommand() {
        List<String> command = new ArrayList<>(command());
        if (command.size() > 1) { // no launcher of a package, which takes no options
            command.add(1, "-XX:TieredStopAtLevel=1");
        }
        return command;
    }

    /** @param launcher null where the program does not run from a package; its runtime has no {@code java} to call */
    static List<String> command(@Nullable String launcher, String java, List<String> options, String classPath) {
        if (launcher != null) {
            return List.of(launcher);
        }
        List<String> command = new ArrayList<>();
        command.add(java);
        // archives of classes, debuggers and agents belong to one process
        options.stream()
                .filter(option -> !option.startsWith("-XX:ArchiveClassesAtExit")
                        && !option.startsWith("-agentlib")
                        && !option.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(List.of("-cp", classPath, MAIN));
        return command;
    }

    /**
     * A process of this program with these arguments, without what the launcher of a package leaves to its own children, and
     * without variables that would turn DJL to other libraries.
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
