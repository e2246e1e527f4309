package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.layerwise.base.CheckResult;
import org.layerwise.base.Progress;
import org.layerwise.install.torch.ComputeSettings;
import org.layerwise.install.torch.ComputeSetup;
import org.layerwise.install.torch.LibtorchDownloadPlan;
import org.layerwise.install.torch.VerifiedLibraries;

/**
 * Changes the libraries and threads of the engine from the next start on. As in {@link Engine}, every method blocks and
 * throws {@link org.layerwise.base.UserException} for errors that a user can fix.
 */
public interface GpuSetup {

    /** Returns the current settings. */
    ComputeSettings settings();

    /**
     * Returns the results of the checks for an NVIDIA driver and GPU on this computer, with fixes for what is missing.
     */
    List<CheckResult> driver();

    /** Checks the libtorch in a folder in a separate process and, if it works, chooses it. */
    VerifiedLibraries use(Path folder, Progress progress);

    /** Returns the files that a download of libtorch with CUDA would fetch. */
    LibtorchDownloadPlan planDownload(Progress progress);

    /**
     * Downloads the files of a plan.
     *
     * @return folder for {@link #use}
     */
    Path download(LibtorchDownloadPlan plan, Progress progress);

    /** Chooses the libraries that are part of the program. */
    void useProcessor();

    /** Chooses a number of threads; empty for libtorch's default. */
    void useThreads(OptionalInt threads);

    /** Returns the implementation for a set-up. */
    static GpuSetup of(ComputeSetup setup) {
        return new GpuSetup() {
            @Override
            public ComputeSettings settings() {
                return setup.settings();
            }

            @Override
            public List<CheckResult> driver() {
                return setup.driver();
            }

            @Override
            public VerifiedLibraries use(Path folder, Progress progress) {
                return setup.use(folder, progress);
            }

            @Override
            public LibtorchDownloadPlan planDownload(Progress progress) {
                return setup.planDownload(progress);
            }

            @Override
            public Path download(LibtorchDownloadPlan plan, Progress progress) {
                return setup.download(plan, progress);
            }

            @Override
            public void useProcessor() {
                setup.useProcessor();
            }

            @Override
            public void useThreads(OptionalInt threads) {
                setup.useThreads(threads);
            }
        };
    }
}
