package org.layerwise.study.analysis;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.remote.WorkerCount;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.study.model.Versions;

/** Command that repeats a finished analysis. */
public final class AnalysisCommand {

    private AnalysisCommand() {}

    /**
     * Returns the {@code analyze} command of a finished analysis, with the device and the data type of its computation.
     *
     * @return the command; empty if the analysis was made from a file of representations
     */
    public static Optional<EquivalentCommand> of(Analysis analysis, Path out) {
        String model = analysis.provenance().modelReference();
        DataSettings rows = analysis.rows();
        if (model == null || rows == null && !analysis.settings().needsNoData()) {
            return Optional.empty();
        }
        Map<String, String> versions = analysis.versions();
        ComputeType type =
                ComputeType.named(versions.getOrDefault(Versions.DTYPE, "")).orElse(ComputeType.AUTO);
        Loading loading = versions.getOrDefault("loaded", "").equals("layer by layer") ? Loading.LAYERS : Loading.AUTO;
        ModelSettings settings = new ModelSettings(model, versions.getOrDefault("device", "auto"), type, loading)
                .withQuantization(Versions.quantization(versions), false);
        EquivalentCommand command = EquivalentCommand.analyze(settings, rows, analysis.settings(), out);
        Map<String, Object> flags = command.flags();
        if (analysis.provenance().adapter() != null) {
            flags.put("adapter", analysis.provenance().adapter());
        }
        return Optional.of(new EquivalentCommand(command.command(), flags).on(cluster(versions)));
    }

    private static @Nullable RemoteDestination cluster(Map<String, String> versions) {
        String name = versions.get("remote");
        if (name == null) {
            return null;
        }
        WorkerCount workers = new WorkerCount(
                Integer.parseInt(versions.getOrDefault("workers", "1")),
                Boolean.parseBoolean(versions.get("gpu-workers")));
        return new RemoteDestination(
                name,
                new RemoteOptions(workers, versions.get("model-there"), Boolean.parseBoolean(versions.get("fsdp"))));
    }
}
