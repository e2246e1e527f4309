package org.layerwise.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.layerwise.cli.console.Cancellation;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.cli.console.Console;
import org.layerwise.install.AppFolders;
import org.layerwise.install.torch.EngineFolders;
import org.layerwise.install.torch.EngineStart;
import org.layerwise.install.torch.GivenTorch;
import org.layerwise.install.torch.StrictTorch;
import org.layerwise.install.torch.TorchEngine;
import org.layerwise.tensor.StrictEngine;

/** Runs the command line in this process and keeps what it says. */
final class CommandLineFixture {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CommandContext context;

    /** Without network: models of the hub are only those of an empty cache. */
    CommandLineFixture(Path folder) {
        this(
                folder,
                Map.of(
                        "HF_HUB_OFFLINE",
                        "1",
                        "HF_HUB_CACHE",
                        folder.resolve("hub").toString()));
    }

    /** With the hub and its cache as these variables say. */
    CommandLineFixture(Path folder, Map<String, String> environment) {
        this(folder, environment, TorchEngine::new);
    }

    /** Without network, on the GPU of {@link StrictEngine} unless a command asks for the processor. */
    static CommandLineFixture onStrictEngine(Path folder) {
        return new CommandLineFixture(
                folder, Map.of("HF_HUB_OFFLINE", "1"), (folders, environment) -> StrictTorch.engine(folders));
    }

    /** Without network, with a libtorch that starts as the function says. */
    static CommandLineFixture onTorch(Path folder, Supplier<EngineStart.Started> start) {
        return new CommandLineFixture(
                folder, Map.of("HF_HUB_OFFLINE", "1"), (folders, environment) -> GivenTorch.engine(folders, start));
    }

    private CommandLineFixture(
            Path folder,
            Map<String, String> environment,
            BiFunction<EngineFolders, Map<String, String>, TorchEngine> torch) {
        AppFolders folders = new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache"));
        context = new CommandContext(
                new Console(stream(out), stream(err), false, false),
                folders,
                new Cancellation(),
                environment,
                torch.apply(folders.engine(), environment));
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
