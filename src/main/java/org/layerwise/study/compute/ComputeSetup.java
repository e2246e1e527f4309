package org.layerwise.study.compute;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.layerwise.base.ChildProcess;
import org.layerwise.base.Finding;
import org.layerwise.base.OwnProgram;
import org.layerwise.base.Progress;
import org.layerwise.base.SettingsFile;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.slf4j.LoggerFactory;

/** Sets up what the engine computes on. What is chosen here holds from the next start of the program on. */
public final class ComputeSetup {

    private final ComputePlaces places;
    private final LibraryCheck check;
    private final LibraryDownload download;

    /** @param environment of the process: proxies, and whether the network may be used */
    public ComputeSetup(ComputePlaces places, Map<String, String> environment) {
        this(
                places,
                new LibraryCheck(new ChildProcess(OwnProgram.command(), LibraryCheck.LIMIT)),
                LibraryDownload.ofServer(places.downloads(), environment));
    }

    ComputeSetup(ComputePlaces places, LibraryCheck check, LibraryDownload download) {
        this.places = places;
        this.check = check;
        this.download = download;
    }

    /**
     * What is chosen now.
     *
     * @throws UserException if the file of the settings is broken
     */
    public ComputeSettings settings() {
        return ComputeSettings.read(places.config());
    }

    /**
     * Tries the libtorch in a folder, without choosing it. Takes some seconds, the first time up to a minute.
     *
     * @throws UserException if it cannot be used
     */
    public CheckedLibraries check(Path folder, Progress progress) {
        Path links = places.triedLinks();
        try {
            return check.run(folder, links, progress);
        } finally {
            try {
                WholeFiles.deleteFolder(links);
            } catch (UncheckedIOException e) {
                LoggerFactory.getLogger(ComputeSetup.class).warn("{} stays", links, e);
            }
        }
    }

    /**
     * Tries the libtorch in a folder and, if it works, uses it from the next start on.
     *
     * @throws UserException if it cannot be used; the settings are then as they were
     */
    public CheckedLibraries use(Path folder, Progress progress) {
        CheckedLibraries checked = check(folder.toAbsolutePath().normalize(), progress);
        change(settings -> settings.with(Optional.of(checked.setting())));
        EngineStart.forgetLoading(places);
        return checked;
    }

    /** Uses the libraries that come with the program from the next start on. */
    public void useProcessor() {
        change(settings -> settings.with(Optional.empty()));
        EngineStart.forgetLoading(places);
        try {
            WholeFiles.deleteFolder(places.links());
        } catch (UncheckedIOException e) {
            throw new UserException(
                    "Cannot delete the folder %s: %s.".formatted(places.links(), WholeFiles.reason(e.getCause())), e);
        }
    }

    /** Sets the threads of one operation on the processor from the next start on; empty for libtorch's own choice. */
    public void useThreads(OptionalInt threads) {
        change(settings -> settings.withThreads(threads));
    }

    /**
     * Asks DJL's server for libraries with CUDA.
     *
     * @throws UserException if it cannot be reached or has none
     */
    public DownloadPlan planDownload(Progress progress) {
        return download.plan(progress);
    }

    /**
     * Fetches libraries; what was fetched before a stop is kept.
     *
     * @return the folder to use
     * @throws UserException if they cannot be had
     */
    public Path download(DownloadPlan plan, Progress progress) {
        return download.fetch(plan, progress);
    }

    /** A broken file is written anew: whoever chooses wants what they choose. */
    private ComputeSettings settingsOrUsual() {
        try {
            return settings();
        } catch (UserException e) {
            LoggerFactory.getLogger(ComputeSetup.class).warn("Settings are written anew: {}", e.getMessage());
            return ComputeSettings.usual();
        }
    }

    private void change(UnaryOperator<ComputeSettings> change) {
        Path config = places.config();
        SettingsFile.change(config.resolve(ComputeSettings.FILE), () -> change.apply(settingsOrUsual())
                .write(config));
    }

    /** For lists of what is there. */
    public List<Finding> driver() {
        return NvidiaDriver.detect().findings();
    }
}
