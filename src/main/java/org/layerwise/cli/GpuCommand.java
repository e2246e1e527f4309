package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.CheckResult;
import org.layerwise.base.UserException;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.console.WritableFolders;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.install.torch.ComputeSettings;
import org.layerwise.install.torch.ComputeSetup;
import org.layerwise.install.torch.LibtorchDownloadPlan;
import org.layerwise.install.torch.TorchFolder;
import org.layerwise.install.torch.VerifiedLibraries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code gpu}: chooses the libraries and the number of threads for all later commands and the window. */
@Command(
        name = "gpu",
        customSynopsis = "layerwise gpu [OPTIONS]",
        description =
                "Set up the GPU. Without a flag: what there is and what is missing. What is chosen here holds for every later"
                        + " start, of the window too.")
final class GpuCommand extends LayerwiseCommand {

    @Option(
            names = "--use",
            paramLabel = "DIR",
            description =
                    "Try the libtorch with CUDA in this folder and, if it works, use it from now on. Any of: a Python environment"
                            + " with torch 2.7.1, a folder of pip install --target, an unpacked libtorch 2.7.1. Default: none.")
    private @Nullable Path use;

    @Option(names = "--check", paramLabel = "DIR", description = "Only try it. Default: none.")
    private @Nullable Path check;

    @Option(
            names = "--download",
            description = "Fetch libtorch with CUDA from DJL's server, some gigabytes, and use it. Default: off.")
    private boolean download;

    @Option(names = "--reset", description = "Use the CPU again. Default: off.")
    private boolean reset;

    @Option(
            names = "--threads",
            paramLabel = "N|auto",
            description = "Threads of one operation on the CPU. Default: as they are.")
    private @Nullable String threads;

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(ExclusiveOptions.of("--use", "--check", "--download", "--reset"));
    }

    @Override
    void run() {
        OptionalInt number = threads();
        if (threads != null || use != null || download || reset) {
            WritableFolders.requireSettings(context().folders());
        }
        context().run("Setting up", (workbench, progress) -> {
            ComputeSetup setup = workbench.torch().setup();
            if (use != null) {
                accepted(setup.use(use, progress), progress);
            } else if (check != null) {
                VerifiedLibraries found = setup.check(check.toAbsolutePath().normalize(), progress);
                progress.close(); // the bar would overwrite the result
                context().say(words(found) + ".");
            } else if (download) {
                LibtorchDownloadPlan plan = setup.planDownload(progress);
                progress.note("libtorch %s: %s files, %s packed."
                        .formatted(plan.flavour(), plan.files().size(), ByteSize.of(plan.bytes())));
                accepted(setup.use(setup.download(plan, progress), progress), progress);
            } else if (reset) {
                setup.useProcessor();
                context().say("The CPU is used from now on.");
            } else if (threads == null) {
                progress.close();
                overview(setup);
            }
            // last, so that refused libraries leave all settings unchanged
            if (threads != null) {
                setup.useThreads(number);
                context().say(threads(number) + ".");
            }
        });
    }

    private void accepted(VerifiedLibraries libraries, ConsoleProgress progress) {
        progress.close();
        context().say(words(libraries) + "; it is used from now on.");
        if (libraries.gpus() == 0) {
            context()
                    .say("No GPU was found, so all is still computed on the CPU; layerwise gpu tells what is missing.");
        }
    }

    /** Returns a description such as "libtorch 2.7.1+cu126 in DIR starts, with CUDA 12.6: 0 GPUs". */
    static String words(VerifiedLibraries libraries) {
        return "libtorch %s in %s starts, %s: %s"
                .formatted(
                        libraries.version(),
                        libraries.folder(),
                        libraries.cuda().map("with CUDA %s"::formatted).orElse("without CUDA's runtime library"),
                        libraries.gpus() == 1 ? "1 GPU" : libraries.gpus() + " GPUs");
    }

    private void overview(ComputeSetup setup) {
        for (CheckResult finding : setup.driver()) {
            context().say("%s: %s".formatted(finding.name(), finding.text()));
            finding.advice().ifPresent(hint -> context().say("  " + hint));
        }
        ComputeSettings settings = setup.settings();
        context()
                .say(settings.gpu()
                        .map(gpu -> "Libraries: libtorch %s in %s".formatted(gpu.version(), gpu.folder()))
                        .orElse("Libraries: those for the CPU. For a GPU: %s, then layerwise gpu --use DIR"
                                .formatted(TorchFolder.INSTALL)));
        context().say(threads(settings.threads()));
    }

    private static String threads(OptionalInt number) {
        return "Threads: " + (number.isEmpty() ? "libtorch's own choice" : number.getAsInt());
    }

    private OptionalInt threads() {
        if (threads == null || threads.toLowerCase(Locale.ROOT).equals("auto")) {
            return OptionalInt.empty();
        }
        if (!threads.matches("[1-9]\\d{0,3}") || Integer.parseInt(threads) > ComputeSettings.MOST_THREADS) {
            throw new UserException("--threads must be auto or a number from 1 to %s, but is \"%s\"."
                    .formatted(ComputeSettings.MOST_THREADS, threads));
        }
        return OptionalInt.of(Integer.parseInt(threads));
    }
}
