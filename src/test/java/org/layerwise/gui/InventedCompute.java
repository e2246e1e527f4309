package org.layerwise.gui;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.layerwise.base.CheckResult;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.gui.engine.GpuSetup;
import org.layerwise.install.torch.ComputeSettings;
import org.layerwise.install.torch.EngineFacts;
import org.layerwise.install.torch.LibtorchDownloadPlan;
import org.layerwise.install.torch.VerifiedLibraries;

/** A GPU set-up without a GPU: folders are good or bad by their names. */
public final class InventedCompute implements GpuSetup {

    private static final long PACKED = 1_670_000_000L;
    private static final long FREE = 22_000_000_000L;

    private volatile ComputeSettings settings = ComputeSettings.usual();
    private volatile String note = "";
    private volatile boolean slow;
    private volatile boolean card;

    /** Why the engine does not run on what was chosen; empty if it does. */
    public void note(String words) {
        note = words;
    }

    /** Whether checks last until they are stopped. */
    public void slow(boolean lasts) {
        slow = lasts;
    }

    /** Whether there is a card. */
    public void card(boolean there) {
        card = there;
    }

    EngineFacts facts() {
        List<EngineFacts.DeviceFacts> cpu =
                List.of(new EngineFacts.DeviceFacts("cpu", "Invented 9000", OptionalLong.of(FREE)));
        return new EngineFacts(
                "2.7.1",
                "cpu",
                Path.of("/home/reader/.cache/layerwise/djl/pytorch/2.7.1-cpu-linux-x86_64"),
                Optional.empty(),
                2,
                cpu,
                Optional.of(note).filter(words -> !words.isEmpty()));
    }

    @Override
    public ComputeSettings settings() {
        return settings;
    }

    @Override
    public List<CheckResult> driver() {
        return card
                ? List.of(
                        CheckResult.ok("Graphics card", "NVIDIA H100 PCIe"),
                        CheckResult.wrong(
                                "NVIDIA driver",
                                "470.256.02",
                                "CUDA 12 needs 525.60.13 or later: install NVIDIA's driver 525 or later."),
                        CheckResult.note("nvidia-smi", "is not there", "It is not needed."))
                : List.of(
                        CheckResult.note(
                                "Graphics card",
                                "none of NVIDIA's was found",
                                "The CPU does all that a GPU does, slower."),
                        CheckResult.note(
                                "NVIDIA driver", "the kernel has none", "With a card in the machine, install it."));
    }

    @Override
    public VerifiedLibraries use(Path folder, Progress progress) {
        progress.report(Progress.UNKNOWN, "starting libtorch 2.7.1+cu126 in a process of its own");
        while (slow) {
            progress.check();
            LockSupport.parkNanos(20_000_000);
        }
        if (folder.endsWith("bad")) {
            throw new UserException("%s holds torch 2.11.0, but Layerwise needs 2.7.1.".formatted(folder));
        }
        settings = settings.with(Optional.of(new ComputeSettings.Gpu(folder, "2.7.1+cu126", "00")));
        return new VerifiedLibraries(
                folder, "2.7.1+cu126", "00", Optional.of("12.6"), card ? List.of("cpu", "cuda:0") : List.of("cpu"));
    }

    @Override
    public LibtorchDownloadPlan planDownload(Progress progress) {
        if (card) {
            throw new UserException("publish.djl.ai cannot be reached; connect to the network.");
        }
        return new LibtorchDownloadPlan(
                "cu128",
                List.of(new LibtorchDownloadPlan.PackedFile(
                        "libtorch_cuda.so", URI.create("https://example.org/libtorch_cuda.so.gz"), PACKED)));
    }

    @Override
    public Path download(LibtorchDownloadPlan plan, Progress progress) {
        progress.report(0.5, "libtorch_cuda.so, 800 MiB of 1.6 GiB");
        return Path.of("/home/reader/.local/share/layerwise/libtorch/2.7.1-cu128");
    }

    @Override
    public void useProcessor() {
        settings = settings.with(Optional.empty());
    }

    @Override
    public void useThreads(OptionalInt threads) {
        settings = settings.withThreads(threads);
    }
}
