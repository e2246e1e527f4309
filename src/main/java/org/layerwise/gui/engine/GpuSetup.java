package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.layerwise.base.Finding;
import org.layerwise.base.Progress;
import org.layerwise.study.compute.CheckedLibraries;
import org.layerwise.study.compute.ComputeSettings;
import org.layerwise.study.compute.ComputeSetup;
import org.layerwise.study.compute.DownloadPlan;

/**
 * Chooses what the engine computes on, from the next start on. Every method blocks and throws {@link
 * org.layerwise.base.UserException} for what a user can mend, as those of {@link Engine}.
 */
public interface GpuSetup {

    /** What is chosen now. */
    ComputeSettings settings();

    /** What there is of NVIDIA on this machine, and what to do about what is missing. */
    List<Finding> driver();

    /** Tries the libtorch in a folder in a process of its own and, if it works, chooses it. */
    CheckedLibraries use(Path folder, Progress progress);

    /** Asks what a download of libtorch with CUDA would fetch. */
    DownloadPlan planDownload(Progress progress);

    /**
     * Fetches it.
     *
     * @return the folder to use
     */
    Path download(DownloadPlan plan, Progress progress);

    /** Chooses the libraries that come with the program. */
    void useProcessor();

    /** Chooses a number of threads; empty for libtorch's own choice. */
    void useThreads(OptionalInt threads);

    /** The one that works. */
    static GpuSetup of(ComputeSetup setup) {
        return new GpuSetup() {
            @Override
            public ComputeSettings settings() {
                return setup.settings();
            }

            @Override
            public List<Finding> driver() {
                return setup.driver();
            }

            @Override
            public CheckedLibraries use(Path folder, Progress progress) {
                return setup.use(folder, progress);
            }

            @Override
            public DownloadPlan planDownload(Progress progress) {
                return setup.planDownload(progress);
            }

            @Override
            public Path download(DownloadPlan plan, Progress progress) {
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
