package org.layerwise.install.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.layerwise.base.CheckResult;
import org.layerwise.checkpoint.hub.Hub;
import org.layerwise.checkpoint.hub.HubSettings;
import org.layerwise.install.AppFolders;
import org.layerwise.install.torch.ComputeSettings;
import org.layerwise.install.torch.EngineFacts;
import org.layerwise.install.torch.Offline;
import org.layerwise.install.torch.TorchEngine;
import org.layerwise.install.torch.TorchFolder;
import org.layerwise.tensor.TensorEngine;

/**
 * Checks an installation. Problems in one part do not prevent the checks of the others. The engine, which starts native
 * code, is checked last.
 */
public final class Doctor {

    private final AppFolders folders;
    private final Map<String, String> environment;
    private final String version;
    private final Path root;

    /**
     * Creates a check of an installation.
     *
     * @param version version of the program
     */
    public Doctor(AppFolders folders, Map<String, String> environment, String version) {
        this(folders, environment, version, Path.of("/"));
    }

    Doctor(AppFolders folders, Map<String, String> environment, String version, Path root) {
        this.folders = folders;
        this.environment = environment;
        this.version = version;
        this.root = root;
    }

    /**
     * Runs all checks.
     *
     * @param seen receives each section as soon as its checks are done
     */
    public List<Section> examine(Consumer<Section> seen) {
        SystemChecks surroundings = new SystemChecks(environment, root);
        FolderChecks storage = new FolderChecks(folders);
        TorchEngine torch = new TorchEngine(folders.engine(), environment);
        return List.of(
                told(seen, program(surroundings)),
                told(seen, files(storage)),
                told(seen, models()),
                told(seen, window(surroundings)),
                told(seen, gpu(torch)),
                told(seen, engine(torch, surroundings)));
    }

    private static Section told(Consumer<Section> seen, Section section) {
        seen.accept(section);
        return section;
    }

    private Section program(SystemChecks surroundings) {
        return new Section(
                "Program",
                true,
                new DoctorReport()
                        .at("Layerwise", () -> CheckResult.ok("Layerwise", version))
                        .at("Java", surroundings::java)
                        .at("JavaFX", surroundings::javaFx)
                        .at("DJL", () -> CheckResult.ok("DJL", TensorEngine.djlVersion()))
                        .at("System", surroundings::system)
                        .findings());
    }

    private Section files(FolderChecks storage) {
        return new Section(
                "Files",
                true,
                new DoctorReport()
                        .at("Settings", () -> storage.folder("Settings", folders.config(), "XDG_CONFIG_HOME"))
                        .at("Data", () -> storage.folder("Data", folders.data(), "XDG_DATA_HOME"))
                        .at("Cache", () -> storage.folder("Cache", folders.cache(), "XDG_CACHE_HOME"))
                        .at("Logs", () -> storage.folder("Logs", folders.logs(), "XDG_STATE_HOME"))
                        .at("Temporary files", storage::temporary)
                        .at("Disk space", storage::space)
                        .findings());
    }

    private Section models() {
        return new Section(
                "Models",
                false,
                new DoctorReport()
                        .at("HuggingFace cache", () -> {
                            Hub hub = Hub.of(HubSettings.of(environment, AppFolders.home()));
                            // a model without a complete revision counts as one
                            int models = hub.models().stream()
                                    .mapToInt(model ->
                                            Math.max(1, model.snapshots().size()))
                                    .sum();
                            return CheckResult.ok(
                                    "HuggingFace cache",
                                    "%s, %s".formatted(hub.cache(), models == 1 ? "1 model" : models + " models"));
                        })
                        .at("Network", this::network)
                        .findings());
    }

    private CheckResult network() {
        return Offline.isRequested(environment)
                ? CheckResult.note(
                        "Network",
                        "is not used (HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is set)",
                        "Models that are in the cache can be opened; unset the variable to fetch others.")
                : CheckResult.ok("Network", "is used only to fetch what is asked for; it was not tried");
    }

    private Section window(SystemChecks surroundings) {
        return new Section(
                "Window",
                false,
                new DoctorReport()
                        .at("Display", surroundings::display)
                        .at("GTK", surroundings::gtk)
                        .at("Fonts", surroundings::fonts)
                        .findings());
    }

    private static Section gpu(TorchEngine torch) {
        return new Section(
                "GPU",
                false,
                new DoctorReport()
                        .atSeveral("NVIDIA", () -> torch.setup().driver())
                        .at("GPU libraries", () -> chosen(torch.setup().settings()))
                        .findings());
    }

    private static CheckResult chosen(ComputeSettings settings) {
        return settings.gpu()
                .map(gpu -> CheckResult.ok("GPU libraries", "libtorch %s in %s".formatted(gpu.version(), gpu.folder())))
                .orElseGet(() -> CheckResult.note(
                        "GPU libraries",
                        "none are set up",
                        "With a card: %s, then layerwise gpu --use DIR.".formatted(TorchFolder.INSTALL)));
    }

    private static Section engine(TorchEngine torch, SystemChecks surroundings) {
        DoctorReport look = new DoctorReport();
        look.atSeveral("libtorch", () -> engine(torch.facts(), surroundings));
        look.at("Memory", surroundings::memory);
        return new Section("Engine", true, look.findings());
    }

    private static List<CheckResult> engine(EngineFacts facts, SystemChecks surroundings) {
        DoctorReport look = new DoctorReport();
        // with CUDA there are two versions: that of the libraries that were found, and that of the build that DJL's
        // native bridge was made for
        String build = facts.cuda()
                .map(cuda -> "%s with CUDA %s (DJL's bridge: %s)".formatted(facts.libtorch(), cuda, facts.flavour()))
                .orElseGet(() -> "%s (%s)".formatted(facts.libtorch(), facts.flavour()));
        look.at("libtorch", () -> facts.note()
                .map(note -> CheckResult.note("libtorch", build + ". " + note, "layerwise gpu tells how to set it up."))
                .orElseGet(() -> CheckResult.ok("libtorch", build)));
        look.at("Libraries", () -> CheckResult.ok("Libraries", facts.libraries().toString()));
        facts.devices().forEach(device -> look.at("Device " + device.id(), () -> DeviceChecks.finding(device)));
        look.at("Threads", () -> surroundings.threads(facts.threads()));
        return look.findings();
    }
}
