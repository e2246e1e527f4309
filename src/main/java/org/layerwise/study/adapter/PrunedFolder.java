package org.layerwise.study.adapter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.base.Progress;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.run.RunFileNames;
import org.layerwise.selection.LayerList;
import org.layerwise.study.TaskRows;
import org.layerwise.study.model.Versions;
import org.layerwise.study.report.AdapterCard;
import org.layerwise.study.report.MethodsParagraph;
import org.layerwise.training.Evaluation;

/**
 * Folder of a pruning: {@code pruning.csv} and, if something is kept, {@code methods.txt} and the adapter.
 *
 * @param whole model with the whole adapter
 * @param classNames names of the classes of its head; empty if there are none
 */
record PrunedFolder(
        PruningJob job,
        PeftAdapter stored,
        AdaptedModel whole,
        TaskRows rows,
        List<String> classNames,
        PruningResult result) {

    /** Name of the table of all steps. */
    static final String TABLE = "pruning.csv";

    /** Writes the folder, which appears only when it is complete. */
    void write(Progress progress) {
        PruningStep kept = result.kept();
        String sha256 = kept == null
                ? null
                : job.model().identity(progress.part(0, 0.9)).sha256();
        AtomicFiles.writeNewFolder(job.out(), beside -> {
            progress.check();
            Files.writeString(beside.resolve(TABLE), PruningCsv.text(result));
            if (kept != null) {
                String methods = methods(kept);
                Files.writeString(beside.resolve(RunFileNames.METHODS), methods);
                Path adapter = Files.createDirectory(beside.resolve(RunFileNames.ADAPTER));
                new PrunedAdapter(job.model(), job.adapter(), stored, whole).write(kept.layers(), adapter);
                new AdapterCard(
                                job.model().origin(),
                                sha256,
                                use(),
                                kept.layers(),
                                job.model().card().layers(),
                                "by removing other layers from a trained adapter, "
                                        + job.order().words(),
                                results(kept),
                                Versions.of(job.workbench().engine(), job.model()),
                                methods)
                        .write(adapter);
                progress.check(); // the folder does not appear
            }
        });
    }

    private AdapterCard.Use use() {
        return new AdapterCard.Use(
                rows.task(),
                whole.labels().orElse(0),
                classNames,
                job.model().seesImages(),
                job.model().card().hasTokenizer(),
                whole.config().variant(),
                stored.adaptsExperts());
    }

    private Map<String, Evaluation> results(PruningStep kept) {
        Map<String, Evaluation> results = new LinkedHashMap<>();
        results.put("the rows that chose the layers", kept.evaluation());
        results.put("the same, whole adapter", result.steps().get(0).evaluation());
        return results;
    }

    private String methods(PruningStep kept) {
        PruningStep first = result.steps().get(0);
        MethodsParagraph prose = new MethodsParagraph();
        prose.say(
                "An adapter on %d of %d layers of %s was pruned: adapters of layers were removed one by one, %s%s, and"
                        + " the model was measured after each removal on %s of %s.",
                first.layers().size(),
                job.model().card().layers(),
                job.model().card().name(),
                job.order().words(),
                job.order() == PruningOrder.ENERGY ? " " + prose.cite(AdapterEnergy.MEASURE.citations()) : "",
                MethodsParagraph.count(result.samples(), "row"),
                MethodsParagraph.fileName(rows.labelled().name()));
        prose.say(
                "Kept was %s: the adapters of layers %s, %,d of %,d parameters.",
                job.target().words(), LayerList.format(kept.layers()), kept.parameters(), first.parameters());
        prose.say(
                "The %s was %s with the whole adapter and %s with what was kept; these rows chose the layers.",
                result.metric().name(),
                MethodsParagraph.result(result.metric().of(first.evaluation())),
                MethodsParagraph.result(result.metric().of(kept.evaluation())));
        prose.software(Versions.of(job.workbench().engine(), job.model()));
        return prose.text();
    }
}
