package org.layerwise.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.layerwise.study.AppFolders;

/** Runs the command line in this process and keeps what it says. */
final class CommandLineFixture {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CommandContext context;

    CommandLineFixture(Path folder) {
        context = new CommandContext(
                new Console(stream(out), stream(err), false),
                new AppFolders(
                        folder.resolve("data"),
                        folder.resolve("config"),
                        folder.resolve("state"),
                        folder.resolve("cache")),
                new Cancellation());
    }

    CommandContext context() {
        return context;
    }

    int run(String... args) {
        out.reset();
        err.reset();
        return Main.run(context, args);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    List<String> errLines() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
