package org.layerwise.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.layerwise.base.ByteSize;
import org.layerwise.cli.console.TextTable;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.CachedModelCard;
import picocli.CommandLine.Command;

/** Command {@code models}: lists the models in HuggingFace's cache. */
@Command(
        name = "models",
        customSynopsis = "layerwise models",
        description = "List the models of the HuggingFace hub that are on this machine, in HuggingFace's own cache, and"
                + " whether they can be opened.")
final class ModelsCommand extends LayerwiseCommand {

    private static final int COMMIT_SHOWN = 12;

    @Override
    void run() {
        try (Workbench workbench = context().workbench()) {
            List<CachedModelCard> models = workbench.cachedModels();
            lines(models, workbench.modelCache(), ZoneId.systemDefault()).forEach(context()::say);
        }
    }

    static List<String> lines(List<CachedModelCard> models, Path cache, ZoneId zone) {
        if (models.isEmpty()) {
            return List.of("No model of the HuggingFace hub is in %s; layerwise download org/name fetches one."
                    .formatted(cache));
        }
        TextTable table = TextTable.of("model", "revision", ">size", "last used", "state");
        for (CachedModelCard model : models) {
            table.row(
                    model.id(),
                    revision(model),
                    ByteSize.of(model.bytes()),
                    day(model.lastUsed(), zone),
                    model.problem().orElse("usable"));
        }
        return table.lines();
    }

    private static String revision(CachedModelCard model) {
        if (!model.revisions().isEmpty()) {
            return String.join(", ", model.revisions());
        }
        return model.commit().substring(0, Math.min(COMMIT_SHOWN, model.commit().length()));
    }

    private static String day(Instant instant, ZoneId zone) {
        return LocalDate.ofInstant(instant, zone).toString();
    }
}
