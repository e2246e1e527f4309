package org.layerwise.study.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.data.Excerpt;
import org.layerwise.run.DerivedRun;
import org.layerwise.run.Run;
import org.layerwise.run.RunFileNames;
import org.layerwise.run.RunState;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.report.AdapterCard;
import org.layerwise.study.report.MethodsParagraph;

/**
 * Final runs of arms that choose the same layers and ranks. With the same seed and learning rate their trainings are the
 * same to the bit, so one is trained, and the others get its adapter and results under names of their own.
 *
 * @param cells settings of the runs
 * @param runs runs of the experiment
 */
record EqualRuns(CellSettings cells, ExperimentRuns runs) {

    /**
     * Returns the runs that need not be trained, each with the run whose results it gets. Runs that have begun are not
     * among the first; one that has come to its end is preferred among the second.
     *
     * @param trained final runs of arms that are trained
     */
    Map<Cell, Cell> copies(List<Cell> trained) {
        Map<Cell, Cell> copies = new LinkedHashMap<>();
        for (List<Cell> equal : groups(trained)) {
            Cell source = equal.stream()
                    .filter(cell -> Run.isRun(runs.folder(cell)))
                    .filter(cell -> runs.run(cell).summary().isPresent())
                    .findFirst()
                    .orElse(equal.get(0));
            equal.stream()
                    .filter(cell -> !cell.equals(source) && !begun(cell))
                    .forEach(cell -> copies.put(cell, source));
        }
        return copies;
    }

    private boolean begun(Cell cell) {
        return Run.isRun(runs.folder(cell)) && runs.run(cell).state() != RunState.QUEUED;
    }

    /** Returns sentences on arms whose final runs are the same, one for each set of arms. */
    List<String> remarks(List<Cell> trained) {
        Set<Set<Arm>> sets = new LinkedHashSet<>();
        for (List<Cell> equal : groups(trained)) {
            Set<Arm> arms = new LinkedHashSet<>();
            runs.settings().arms().stream()
                    .filter(arm -> equal.stream().anyMatch(cell -> cell.arm().equals(arm)))
                    .forEach(arms::add);
            if (arms.size() > 1) {
                sets.add(arms);
            }
        }
        return sets.stream()
                .map(arms ->
                        "%s train the same adapters, so one training of a seed counts for all of them, and all are one comparison."
                                .formatted(Excerpt.sentence(MethodsParagraph.list(
                                        arms.stream().map(Arm::words).toList()))))
                .toList();
    }

    private List<List<Cell>> groups(List<Cell> trained) {
        Map<TrainingSettings, List<Cell>> groups = new LinkedHashMap<>();
        for (Cell cell : trained) {
            TrainingSettings training = cells.training(cell);
            // the reason for the layers has no effect on the training
            groups.computeIfAbsent(training.withLayers(training.layers()), key -> new ArrayList<>())
                    .add(cell);
        }
        return List.copyOf(groups.values());
    }

    /**
     * Writes a finished run with the adapter and the results of another one.
     *
     * @param trained summary of the other run
     * @throws org.layerwise.base.UserException if a file of the other run is missing or broken
     */
    TrainingSummary copy(Cell cell, Cell source, TrainingSummary trained) {
        Run run = runs.run(source);
        Path folder = runs.folder(cell);
        String reason = cells.training(cell).layersReason();
        AtomicFiles.writeFolder(folder, beside -> {
            copyAdapter(run, Files.createDirectory(beside.resolve(RunFileNames.ADAPTER)), reason);
            DerivedRun.write(
                    run, String.valueOf(folder.getFileName()), trained.in(beside), reason, run.evaluatedRows());
        });
        return runs.run(cell).summary().orElseThrow();
    }

    /** Copies the files of an adapter; its card gets the other reason for the layers. */
    private static void copyAdapter(Run from, Path to, @Nullable String reason) throws IOException {
        try (Stream<Path> files = Files.list(from.adapter())) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(file.getFileName());
                if (file.endsWith(AdapterCard.FILE)) {
                    String card = AdapterCard.withReason(Files.readString(file), from.layersReason(), reason);
                    Files.writeString(copy, card);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }
}
