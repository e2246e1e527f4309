package org.layerwise.install.torch;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.layerwise.base.CheckResult;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.SettingsFile;
import org.layerwise.base.process.ChildProcess;
import org.layerwise.base.process.OwnCommand;
import org.slf4j.LoggerFactory;

/** Setup of the engine's libraries and threads. Changes take effect at the next start of the program. */
public final class ComputeSetup {

    private final EngineFolders places;
    private final LibraryCheck check;
    private final LibraryDownload download;

    /**
     * Creates a setup.
     *
     * @param environment environment variables of the process: proxies, and permission to use the network
     */
    public ComputeSetup(EngineFolders places, Map<String, String> environment) {
        this(
                places,
                new LibraryCheck(new ChildProcess(OwnCommand.briefCommand(), LibraryCheck.LIMIT)),
                LibraryDownload.ofServer(places.downloads(), environment));
    }

    ComputeSetup(EngineFolders places, LibraryCheck check, LibraryDownload download) {
        this.places = places;
        this.check = check;
        this.download = download;
    }

    /**
     * Reads the current settings.
     *
     * @throws UserException if the file of the settings is broken
     */
    public ComputeSettings settings() {
        return ComputeSettings.read(places.config());
    }

    /**
     * Checks the libtorch in a folder without selecting it. This takes some seconds, the first time up to a minute.
     *
     * @throws UserException if the libtorch cannot be used
     */
    public VerifiedLibraries check(Path folder, Progress progress) {
        Path links = places.triedLinks();
        try {
            return check.run(folder, links, progress);
        } finally {
            try {
                Folders.delete(links);
            } catch (UncheckedIOException e) {
                LoggerFactory.getLogger(ComputeSetup.class).warn("{} stays", links, e);
            }
        }
    }

    /**
     * Checks the libtorch in a folder and, if it works, uses it from the next start on.
     *
     * @throws UserException if the libtorch cannot be used; the settings are then unchanged
     */
    public VerifiedLibraries use(Path folder, Progress progress) {
        VerifiedLibraries checked = check(folder.toAbsolutePath().normalize(), progress);
        change(settings -> settings.with(Optional.of(checked.setting())));
        EngineStart.clearLoadingMark(places);
        return checked;
    }

    /** Uses the program's own libraries, which support the CPU only, from the next start on. */
    public void useProcessor() {
        change(settings -> settings.with(Optional.empty()));
        EngineStart.clearLoadingMark(places);
        try {
            Folders.delete(places.links());
        } catch (UncheckedIOException e) {
            throw new UserException(
                    "Cannot delete the folder %s: %s.".formatted(places.links(), FileErrors.reason(e)), e);
        }
    }

    /** Sets the number of threads per operation on the CPU from the next start on; empty for libtorch's default. */
    public void useThreads(OptionalInt threads) {
        change(settings -> settings.withThreads(threads));
    }

    /**
     * Requests a list of libraries with CUDA from DJL's server.
     *
     * @throws UserException if the server cannot be reached or has no such libraries
     */
    public LibtorchDownloadPlan planDownload(Progress progress) {
        return download.plan(progress);
    }

    /**
     * Downloads libraries. After an interruption, complete files are kept.
     *
     * @return the folder to use
     * @throws UserException if the libraries cannot be downloaded
     */
    public Path download(LibtorchDownloadPlan plan, Progress progress) {
        return download.fetch(plan, progress);
    }

    /**
     * Reads the settings; returns the defaults if the file is broken, since the user's new choice overwrites the file.
     */
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

    /** Returns the results of the checks of NVIDIA's driver, for display. */
    public List<CheckResult> driver() {
        return NvidiaDriver.detect().findings();
    }
}
